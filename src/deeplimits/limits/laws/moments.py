"""A law of which only moments are known."""

from __future__ import annotations

from dataclasses import dataclass

from deeplimits.limits.laws.law import Law


@dataclass(frozen=True)
class MomentsOnly(Law):
    """Give a mean, a variance or both, and no distribution.

    Args:
        expectation: the mean, or None.
        second_central_moment: the variance, or None.

    >>> MomentsOnly(0.5, None).mean
    0.5
    """

    expectation: float | None
    second_central_moment: float | None

    has_distribution = False

    @property
    def mean(self) -> float | None:
        """Expectation, or None."""
        return self.expectation

    @property
    def variance(self) -> float | None:
        """Variance, or None."""
        return self.second_central_moment
