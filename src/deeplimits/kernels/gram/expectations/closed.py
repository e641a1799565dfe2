"""Expectations in closed form: piecewise linear activations, erf and GELU."""

from __future__ import annotations

import math

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.activations.closed_forms import ClosedForm
from deeplimits.kernels.gram.expectations.expectations import Moments, correlation_of, relative_gap

_SMALL_ANGLE = 0.05
_EQUAL = 2e-15  # of 1 − cos θ: what rounding makes of equal inputs, whose slope would lose half of its digits


class PiecewiseLinearExpectations:
    """Evaluate φ(z) = s₊ max(z, 0) + s₋ min(z, 0).

    With m = (s₊² + s₋²)/2, θ the angle of u and v and j(θ) = sin θ − θ cos θ,

        E φ(u)φ(v) = √(ab) (m cos θ + (s₊ − s₋)² j(θ)/2π),   E φ'(u)φ'(v) = m − (s₊ − s₋)² θ/2π.

    References: cho2009kernel, arc-cosine kernels of degree 0 and 1.
    """

    def __init__(self, up: float, down: float) -> None:
        self._mean_square = (up**2 + down**2) / 2
        self._kink = (up - down) ** 2 / (2 * math.pi)

    def square(self, variance: Float64Array) -> Float64Array:
        """Return E φ(u)²."""
        return self._mean_square * np.asarray(variance)

    def pair(self, a: Float64Array, b: Float64Array, covariance: Float64Array) -> Moments:
        """Return the moments at variances a, b and a covariance."""
        cosine = correlation_of(a, b, covariance)
        cosine[1 - cosine < _EQUAL] = 1.0
        sine = np.sqrt((1 - cosine) * (1 + cosine))
        angle = np.arctan2(sine, cosine)
        unit = self._mean_square * cosine + self._kink * (sine - angle * cosine)
        return Moments(np.sqrt(a) * np.sqrt(b) * unit, self._mean_square - self._kink * angle)

    def near(self, variance: Float64Array, gap: Float64Array) -> Moments:
        """Return the moments at equal variances; small angles keep all their digits."""
        relative = relative_gap(variance, gap)
        angle = 2 * np.arcsin(np.sqrt(relative / 2))
        less = self._mean_square * relative - self._kink * _alignment(angle, relative)
        product = variance * (self._mean_square - less)
        return Moments(product, self._mean_square - self._kink * angle, variance * less)


class ClosedExpectations:
    """Evaluate closed forms that are smooth up to correlation 1.

    Args:
        product: the closed form of E φ(u)φ(v).
        slope: that of E φ'(u)φ'(v).
    """

    def __init__(self, product: ClosedForm, slope: ClosedForm) -> None:
        self._product, self._slope = product, slope

    def square(self, variance: Float64Array) -> Float64Array:
        """Return E φ(u)²."""
        array = np.asarray(variance)
        return self._product(array, array, np.ones_like(array))

    def pair(self, a: Float64Array, b: Float64Array, covariance: Float64Array) -> Moments:
        """Return the moments at variances a, b and a covariance."""
        cosine = correlation_of(a, b, covariance)
        return Moments(self._product(a, b, cosine), self._slope(a, b, cosine))

    def near(self, variance: Float64Array, gap: Float64Array) -> Moments:
        """Return the moments at equal variances."""
        cosine = 1 - relative_gap(variance, gap)
        product = self._product(variance, variance, cosine)
        return Moments(product, self._slope(variance, variance, cosine), self.square(variance) - product)


def _alignment(angle: Float64Array, gap: Float64Array) -> Float64Array:
    """Return sin θ − θ cos θ, by its series where the two nearly cancel."""
    square = angle * angle
    series = angle * square / 3 * (1 - square / 10 * (1 - square / 28 * (1 - square / 54)))
    return np.where(angle > _SMALL_ANGLE, np.sin(angle) - angle * (1 - gap), series)
