"""What a prediction says about one observable: a probability law, as far as the theorem gives it."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array


class LawUnavailableError(ValueError):
    """Say that this law does not know what was asked of it (a moments-only result has no cdf)."""


class Law(ABC):
    """A law of one real observable.

    ``mean`` and ``variance`` are floats, or None where the theorem does not give them. Subclasses that know the whole
    distribution set ``has_distribution`` and implement ``cdf``, ``log_prob`` and ``quantile``; the others raise
    `LawUnavailableError` from them.
    """

    has_distribution: bool = True
    is_point_mass: bool = False

    @property
    @abstractmethod
    def mean(self) -> float | None:
        """Expectation, or None."""

    @property
    @abstractmethod
    def variance(self) -> float | None:
        """Variance, or None."""

    @property
    def numerical_error(self) -> float:
        """Bound on the error of ``cdf`` made by its numerical evaluation (not by the theorem)."""
        return 0.0

    def cdf(self, y: ArrayLike) -> Float64Array:
        """Return P(Y ≤ y), elementwise."""
        raise self._unavailable("cdf")

    def log_prob(self, y: ArrayLike) -> Float64Array:
        """Return the log-density at ``y``, elementwise."""
        raise self._unavailable("log_prob")

    def quantile(self, probability: ArrayLike) -> Float64Array:
        """Return the smallest y with P(Y ≤ y) ≥ probability, elementwise."""
        raise self._unavailable("quantile")

    def sample(self, size: int, seed: int = 0) -> Float64Array:
        """Draw ``size`` independent values by inversion of the cdf."""
        return self.quantile(np.random.default_rng(seed).uniform(size=size))

    def _unavailable(self, what: str) -> LawUnavailableError:
        return LawUnavailableError(f"this prediction gives moments only, so it has no {what}")
