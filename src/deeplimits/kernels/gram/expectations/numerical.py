"""Expectations of any activation, by the fastest quadrature that is accurate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.activations import Activation
from deeplimits.activations.duals import derivative_dual, dual
from deeplimits.activations.evaluators import derivative_evaluator, evaluator
from deeplimits.activations.jumps import jumps
from deeplimits.activations.panels import PiecewiseSmooth, gauss_legendre, power
from deeplimits.activations.quadrature import expectation
from deeplimits.kernels.gram.expectations.expectations import Moments, correlation_of, relative_gap
from deeplimits.kernels.gram.expectations.hermite_series import HermiteSeries
from deeplimits.kernels.gram.expectations.polar import polar_pair

Adaptive: TypeAlias = Callable[..., Any]
"""`dual` or `derivative_dual`."""

_CHECKED = 1e-10
_MOST_INTEGRALS = 4000
_TINY = 1e-290
_NEAR = 1e-4  # gaps, over the variance, below which their digits matter
_GAP_NODES = 5


class NumericalExpectations:
    """Evaluate the expectations of φ without closed forms.

    Smooth φ by a Hermite series, φ with a kink at 0 in polar coordinates, and where neither is accurate, one adaptive
    integral of 10 ms for each entry.

    Args:
        activation: φ.

    Raises:
        ValueError: φ cannot be traced by JAX, or does not keep the shape of an array.
    """

    def __init__(self, activation: Activation) -> None:
        self._activation = activation
        self._value, self._slope = evaluator(activation), derivative_evaluator(activation)
        self._value_series, self._slope_series = HermiteSeries(self._value), HermiteSeries(self._slope)
        self._polar: dict[str, tuple[float, float]] = {}

    def square(self, variance: Float64Array) -> Float64Array:
        """Return E φ(u)²."""
        variance = np.asarray(variance, dtype=np.float64)
        if not self._activation.kinks:
            found = self._value_series.square(variance)
            if found is not None:
                return found
        different, place = np.unique(variance, return_inverse=True)
        squared = power(self._value, 2)
        found = np.array([expectation(squared, float(q)).value for q in different])
        return found[place].reshape(variance.shape)

    def pair(self, a: Float64Array, b: Float64Array, covariance: Float64Array) -> Moments:
        """Return the moments at variances a, b and a covariance.

        Raises:
            ValueError: φ is not finite somewhere, is not smooth between its declared kinks, or would need too many
                adaptive integrals.
        """
        a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
        correlation = correlation_of(a, b, np.asarray(covariance))
        angle = np.arctan2(np.sqrt((1 - correlation) * (1 + correlation)), correlation)
        return self._moments(a, b, correlation, angle)

    def near(self, variance: Float64Array, gap: Float64Array) -> Moments:
        """Return the moments at equal variances."""
        variance = np.asarray(variance, dtype=np.float64)
        relative = relative_gap(variance, np.asarray(gap))
        moments = self._moments(variance, variance, 1 - relative, 2 * np.arcsin(np.sqrt(relative / 2)))
        square = self.square(variance)
        left = np.where(relative > 0, np.maximum(0.0, square - moments.product), 0.0)
        near = relative < _NEAR
        if not np.any(near & (relative > 0)) or jumps(self._activation):
            return moments._replace(gap=left)
        places = np.broadcast_to(variance, relative.shape)[near]
        left[near] = self._small_gap(places, relative[near])
        return moments._replace(product=np.where(near, square - left, moments.product), gap=left)

    def _small_gap(self, variance: Float64Array, relative: Float64Array) -> Float64Array:
        """Return ∫ E φ'φ' over gaps from 0 to variance · relative, which keeps the digits that a difference loses.

        The integrand is smooth in the root of the gap, also where φ has kinks.
        """
        nodes, weights = gauss_legendre(_GAP_NODES)
        total = np.zeros(relative.shape)
        for place, weight in zip((nodes + 1) / 2, weights, strict=True):
            part = relative * place**2
            angle = 2 * np.arcsin(np.sqrt(part / 2))
            slope = self._evaluate(
                self._slope_series, self._slope, derivative_dual, variance, variance, 1 - part, angle
            )
            total += weight * place * slope
        return variance * relative * total

    def _moments(self, a: Float64Array, b: Float64Array, correlation: Float64Array, angle: Float64Array) -> Moments:
        pairs = ((self._value_series, self._value, dual), (self._slope_series, self._slope, derivative_dual))
        return Moments(*(self._evaluate(*each, a, b, correlation, angle) for each in pairs))

    def _evaluate(
        self,
        series: HermiteSeries,
        function: PiecewiseSmooth,
        adaptive: Adaptive,
        a: Float64Array,
        b: Float64Array,
        correlation: Float64Array,
        angle: Float64Array,
    ) -> Float64Array:
        kinks = self._activation.kinks
        if not kinks:
            found = series.pair(a, b, correlation)
            if found is not None:
                return found
        elif kinks == (0.0,) and self._polar_holds(function, adaptive, a, b):
            return polar_pair(function, a, b, angle)
        return self._adaptive(adaptive, a, b, correlation)

    def _polar_holds(self, function: PiecewiseSmooth, adaptive: Adaptive, a: Float64Array, b: Float64Array) -> bool:
        """Whether polar coordinates agree with adaptive integrals at the ends of the variances; remembered."""
        low = max(_TINY, min(float(np.min(a)), float(np.min(b))))
        high = max(low, float(np.max(a)), float(np.max(b)))
        known = self._polar.get(function.name, (np.inf, 0.0))
        if known[0] / 1.1 <= low and high <= known[1] * 1.1:
            return True
        first, second = np.array([low, low, high, high, high]), np.array([low, high, low, high, high])
        angle = np.array([0.5, 1.9, 0.8, 1.4, 0.0])
        exact = self._adaptive(adaptive, first, second, np.cos(angle))
        error = np.abs(polar_pair(function, first, second, angle) - exact)
        if not np.all(error <= _CHECKED * np.abs(exact).max()):
            return False
        self._polar[function.name] = min(low, known[0]), max(high, known[1])
        return True

    def _adaptive(
        self, evaluate: Adaptive, a: Float64Array, b: Float64Array, correlation: Float64Array
    ) -> Float64Array:
        entries = np.broadcast(a, b, correlation).size
        if entries > _MOST_INTEGRALS:
            raise ValueError(
                f"the kernel of {self._activation.name} needs {entries} adaptive integrals a layer, more than "
                f"{_MOST_INTEGRALS}: give inputs of one length, fewer or shorter inputs, or an activation with a "
                "closed form (piecewise linear, erf, gelu)"
            )
        floor = _TINY if evaluate is derivative_dual else 0.0  # a slope at variance 0 meets a tangent kernel that is 0
        return np.asarray(evaluate(self._activation, np.maximum(a, floor), np.maximum(b, floor), correlation))
