"""E φ(√q Z)² as a function of ln q, fast enough for a recursion through a hundred thousand layers."""

from __future__ import annotations

import math

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.activations import Activation

EVALUATED_RANGE = 150.0
"""|ln q| up to which q is evaluated in float64."""

_DEGREE = 19
_TOLERANCE = 1e-11


class LogSecondMoment:
    """Evaluate h(u) = ln E φ(e^{u/2} Z)², Z ~ N(0, 1).

    h is analytic in |Im u| < π/2 at least, as a Gaussian smooths every kink. It is interpolated by a Chebyshev
    polynomial on each unit interval that is visited, where that converges to 1e-11, and evaluated directly elsewhere.
    Beyond e^±150 it is continued linearly: so far out φ is taken for a power.

    Args:
        activation: φ, not piecewise linear through 0 (h is then u plus a constant, and needs no table).
    """

    def __init__(self, activation: Activation) -> None:
        self._activation = activation
        self._cells: dict[int, list[float] | None] = {}
        self._ends: dict[bool, tuple[float, float]] = {}

    def __call__(self, log_variance: float) -> float:
        """Return h(u).

        Raises:
            ValueError: E φ² is 0, not finite, or not computed to a relative 1e-6.
        """
        if abs(log_variance) > EVALUATED_RANGE:
            return self._beyond(log_variance)
        cell = math.floor(log_variance)
        if cell not in self._cells:
            self._cells[cell] = self._interpolate(cell)
        coefficients = self._cells[cell]
        if coefficients is None:
            return float(self._direct(np.array([log_variance]))[0])
        return _clenshaw(coefficients, 2 * (log_variance - cell) - 1)

    def _beyond(self, log_variance: float) -> float:
        """Return h(u) on the line through its last two values within range."""
        right = log_variance > 0
        edge = EVALUATED_RANGE if right else -EVALUATED_RANGE
        if right not in self._ends:
            value = self(edge)
            self._ends[right] = value, abs(value - self(edge - 1 if right else edge + 1))
        value, slope = self._ends[right]
        return value + (log_variance - edge) * slope

    def _interpolate(self, cell: int) -> list[float] | None:
        """Return the Chebyshev coefficients of h on [cell, cell + 1], or None if they do not fall to nothing."""
        nodes = np.polynomial.chebyshev.chebpts1(_DEGREE + 1)
        coefficients = np.polynomial.chebyshev.chebfit(nodes, self._direct(cell + (nodes + 1) / 2), _DEGREE)
        if np.max(np.abs(coefficients[-3:])) > _TOLERANCE:
            return None
        return [float(c) for c in coefficients]

    def _direct(self, log_variances: Float64Array) -> Float64Array:
        from deeplimits.activations.duals import second_moment

        moments = np.asarray(second_moment(self._activation, np.exp(log_variances)), dtype=np.float64)
        if not np.all((moments > 0) & np.isfinite(moments)):
            raise ValueError(f"E {self._activation.name}(z)² is 0 or not finite at variance e^{log_variances[0]:.4g}")
        return np.log(moments)


def _clenshaw(coefficients: list[float], x: float) -> float:
    """Sum a Chebyshev series at one point; plain floats, as this is called once a layer."""
    high = low = 0.0
    for c in reversed(coefficients[1:]):
        high, low = c + 2 * x * high - low, high
    return coefficients[0] + x * high - low
