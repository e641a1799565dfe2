"""The law of a constant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.limits.laws.law import Law, LawUnavailableError
from deeplimits.limits.laws.probabilities import checked_probabilities


@dataclass(frozen=True)
class PointMass(Law):
    """Put all probability on one value.

    Args:
        value: the value that the observable takes almost surely.

    >>> PointMass(0.5).cdf([0.4, 0.5])
    array([0., 1.])
    """

    value: float

    is_point_mass = True

    @property
    def mean(self) -> float:
        """The value itself."""
        return self.value

    @property
    def variance(self) -> float:
        """Zero."""
        return 0.0

    def cdf(self, y: ArrayLike) -> Float64Array:
        """Return 1 where ``y`` is at least the value, else 0."""
        return np.asarray(np.asarray(y, dtype=np.float64) >= self.value, dtype=np.float64)

    def log_prob(self, y: ArrayLike) -> Float64Array:
        """Raise `LawUnavailableError`: there is no density."""
        raise LawUnavailableError("this prediction is a single value, so it has no log_prob")

    def quantile(self, probability: ArrayLike) -> Float64Array:
        """Return the value at every probability."""
        return np.full(checked_probabilities(probability).shape, self.value)
