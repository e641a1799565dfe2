"""A distance with the interval that holds it at a stated confidence."""

from __future__ import annotations

from dataclasses import dataclass

from deeplimits.statistics.estimate import finite_or_none


@dataclass(frozen=True)
class Interval:
    """Hold an estimated number and a confidence interval for the true one.

    Args:
        value: the estimate.
        low: lower end.
        high: upper end.
    """

    value: float
    low: float
    high: float

    def overlaps(self, other: Interval) -> bool:
        """Whether the two intervals have a point in common."""
        return self.low <= other.high and other.low <= self.high

    def to_dict(self) -> dict[str, float | None]:
        """Return JSON-ready values; what is not finite is None."""
        return {name: finite_or_none(getattr(self, name)) for name in ("value", "low", "high")}
