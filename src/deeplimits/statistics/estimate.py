"""A number with its standard error."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """Hold a simulated number and how far it may be off.

    Args:
        value: the estimate.
        standard_error: its standard error; ``inf`` if it cannot be told from this few networks.
        count: independent networks behind it.
    """

    value: float
    standard_error: float
    count: int

    def __str__(self) -> str:
        """Print as many digits as the error allows, the error of the last two in brackets.

        >>> print(Estimate(2.81077, 0.0041, 100_000))
        2.8108(41)
        >>> print(Estimate(-1234.5, 20.0, 100))
        -1234(20)
        """
        return with_error(self.value, self.standard_error)

    def to_dict(self) -> dict[str, float | None]:
        """Return JSON-ready values; what is not finite is None."""
        return {"value": finite_or_none(self.value), "standard_error": finite_or_none(self.standard_error)}


def with_error(value: float, error: float) -> str:
    """Format ``value`` with the digits that ``error`` allows, as in ``2.8108(41)``.

    >>> with_error(0.5, 0.0)
    '0.5'
    >>> with_error(-0.0302, 0.00012)
    '-0.03020(12)'
    """
    if not math.isfinite(value):
        return str(value)
    if not math.isfinite(error):
        return f"{value:.3g}(?)"
    if error <= 0:
        return f"{value:.6g}"
    decimals = 1 - math.floor(math.log10(error))
    if round(error * 10**decimals) >= 100:
        decimals -= 1
    if decimals <= 0:
        return f"{value:.0f}({error:.0f})"
    return f"{value:.{decimals}f}({round(error * 10**decimals)})"


def finite_or_none(value: float) -> float | None:
    """Return ``value``, or None where JSON has no number for it."""
    return float(value) if math.isfinite(value) else None
