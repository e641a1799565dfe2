"""The normal law."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.limits.laws.law import Law
from deeplimits.limits.laws.probabilities import checked_probabilities


@dataclass(frozen=True)
class Normal(Law):
    """Describe N(location, scale²) in closed form.

    Args:
        location: the mean.
        scale: the standard deviation, above 0.

    Raises:
        ValueError: ``scale`` is not above 0.

    >>> Normal(1.0, 2.0).cdf(1.0)
    array(0.5)
    """

    location: float
    scale: float

    def __post_init__(self) -> None:
        """Refuse a scale that makes no density."""
        if not self.scale > 0:
            raise ValueError(f"scale must be above 0, got {self.scale!r}")

    @property
    def mean(self) -> float:
        """Expectation."""
        return self.location

    @property
    def variance(self) -> float:
        """Variance."""
        return self.scale**2

    def cdf(self, y: ArrayLike) -> Float64Array:
        """Return P(Y ≤ y), elementwise."""
        from scipy import special

        return np.asarray(special.ndtr(self._standard(y)), dtype=np.float64)

    def log_prob(self, y: ArrayLike) -> Float64Array:
        """Return the log-density at ``y``, elementwise."""
        return np.asarray(-0.5 * self._standard(y) ** 2 - math.log(self.scale) - 0.5 * math.log(2 * math.pi))

    def quantile(self, probability: ArrayLike) -> Float64Array:
        """Return the y with P(Y ≤ y) = probability, elementwise."""
        from scipy import special

        return np.asarray(self.location + self.scale * special.ndtri(checked_probabilities(probability)))

    def _standard(self, y: ArrayLike) -> Float64Array:
        return np.asarray((np.asarray(y, dtype=np.float64) - self.location) / self.scale)
