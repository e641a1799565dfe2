"""The law of the logarithm of a chi-square variable."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.limits.laws.law import Law
from deeplimits.limits.laws.probabilities import checked_probabilities


@dataclass(frozen=True)
class LogChiSquare(Law):
    """Describe shift + ln χ²_k in closed form.

    Mean shift + ψ(k/2) + ln 2, variance ψ′(k/2).

    Args:
        degrees: k, at least 1.
        shift: what is added to ln χ²_k.

    Raises:
        ValueError: ``degrees`` is below 1.

    >>> round(LogChiSquare(1).variance, 6)  # π²/2
    4.934802
    """

    degrees: int
    shift: float = 0.0

    def __post_init__(self) -> None:
        """Refuse fewer degrees of freedom than 1."""
        if self.degrees < 1:
            raise ValueError(f"degrees must be at least 1, got {self.degrees!r}")

    @property
    def mean(self) -> float:
        """Expectation."""
        from scipy import special

        return self.shift + float(special.digamma(self._half)) + math.log(2)

    @property
    def variance(self) -> float:
        """Variance."""
        from scipy import special

        return float(special.polygamma(1, self._half))

    def cdf(self, y: ArrayLike) -> Float64Array:
        """Return P(Y ≤ y), elementwise."""
        from scipy import special

        return np.asarray(special.gammainc(self._half, self._half_chi_square(y)), dtype=np.float64)

    def log_prob(self, y: ArrayLike) -> Float64Array:
        """Return the log-density at ``y``, elementwise."""
        from scipy import special

        x = np.asarray(y, dtype=np.float64) - self.shift - math.log(2)
        return np.asarray(self._half * x - self._half_chi_square(y) - special.gammaln(self._half))

    def quantile(self, probability: ArrayLike) -> Float64Array:
        """Return the y with P(Y ≤ y) = probability, elementwise."""
        from scipy import special

        p = checked_probabilities(probability)
        # Far left, P(Y ≤ y) = x^{k/2} / Γ(k/2 + 1) with x = e^{y − shift}/2, of which x itself may underflow.
        with np.errstate(divide="ignore"):
            left = (np.log(p) + special.gammaln(self._half + 1)) / self._half
            right = np.log(special.gammaincinv(self._half, p))
        return np.asarray(self.shift + math.log(2) + np.where(left < -40, left, right))

    @property
    def _half(self) -> float:
        return self.degrees / 2

    def _half_chi_square(self, y: ArrayLike) -> Float64Array:
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(np.asarray(y, dtype=np.float64) - self.shift - math.log(2)))
