"""Expectations of smooth activations by Mehler's formula."""

from __future__ import annotations

import functools
import math

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.activations.panels import PiecewiseSmooth, gauss_legendre, power
from deeplimits.activations.quadrature import expectation

_REACH = 12.0
_PANELS, _ORDER = 60, 14
_TERMS = (64, 128, 256, 512, 1024)
_LEFT_OUT = 1e-13
_SEEN = 1e-12
_ROWS = 1 << 10
_ENTRIES = 1 << 13
_REMEMBERED = 6


class HermiteSeries:
    """Evaluate E f(u)f(v) = Σ_n f_n(a) f_n(b) r^n, f_n(q) = E f(√q Z) h_n(Z), h_n the normalised Hermite polynomials.

    The terms are nonnegative at u = v, where their sum E f(u)² is known by quadrature: what is missing there bounds the
    error everywhere, and however few terms there are, the result is positive semi-definite.

    Args:
        function: f, smooth.
    """

    def __init__(self, function: PiecewiseSmooth) -> None:
        self._function = function
        self._resolved = 1.0
        self._known: dict[tuple[tuple[int, ...], bytes], Float64Array | None] = {}

    def square(self, variance: Float64Array) -> Float64Array | None:
        """Return E f(u)², or None if the quadrature does not resolve f at some variance."""
        flat = np.ravel(variance)
        fine, coarse = (_sums(self._function, flat, panels) for panels in (_PANELS, _PANELS * 2 // 3))
        if not np.all(np.abs(fine - coarse) <= _LEFT_OUT * fine) or not self._sees(flat, fine):
            return None
        return fine.reshape(np.shape(variance))

    def _sees(self, variances: Float64Array, squares: Float64Array) -> bool:
        """Whether an adaptive integral agrees at the largest variance: all nodes may miss a narrow feature of f."""
        last = int(np.argmax(variances))
        largest = float(variances[last])
        if largest > self._resolved:
            try:
                exact, error, _ = expectation(power(self._function, 2), largest)
            except ValueError:  # f varies too fast for it everywhere, which two numbers of nodes do show
                return True
            if not abs(squares[last] - exact) <= max(_SEEN * exact, error):
                return False
            self._resolved = largest
        return True

    def pair(self, a: Float64Array, b: Float64Array, correlation: Float64Array) -> Float64Array | None:
        """Return E f(u)f(v) at variances a, b and a correlation, or None if the series converges too slowly."""
        first, second = self._coefficients(np.asarray(a)), self._coefficients(np.asarray(b))
        if first is None or second is None:
            return None
        shape = np.broadcast_shapes(np.shape(a), np.shape(b), np.shape(correlation))
        correlation = np.broadcast_to(correlation, shape)
        first, second = (
            part.reshape(len(part), *(1,) * (1 + len(shape) - part.ndim), *part.shape[1:]) for part in (first, second)
        )
        if not shape or min(first.shape[1], second.shape[1]) > 1:
            return _summed(first, second, correlation)
        chunk = max(1, _ENTRIES * shape[0] // correlation.size)  # what is summed at once stays in cache
        found = np.empty(shape)
        for start in range(0, shape[0], chunk):
            rows = slice(start, start + chunk)
            one, other = (part if part.shape[1] == 1 else part[:, rows] for part in (first, second))
            found[rows] = _summed(one, other, correlation[rows])
        return found

    def _coefficients(self, variance: Float64Array) -> Float64Array | None:
        """Return f_n at each variance, (terms, …), as many as it takes; None if 1024 are not enough."""
        key = variance.shape, variance.tobytes()
        if key in self._known:
            return self._known[key]
        if len(self._known) > _REMEMBERED:
            self._known = {}
        found = self._known[key] = self._computed(variance)
        return found

    def _computed(self, variance: Float64Array) -> Float64Array | None:
        square = self.square(variance)
        if square is None:
            return None
        missing, bound = square.ravel(), _LEFT_OUT * square.ravel() + 1e-300
        z, weights = _nodes(_PANELS)
        values, functions = (_values(self._function, variance.ravel(), z) * weights).T, _hermite_functions()
        found, done = [], 0
        for terms in _TERMS:
            found.append(functions[done:terms] @ values)
            missing, done = missing - np.sum(found[-1] ** 2, axis=0), terms
            if np.all(missing <= bound):
                return np.concatenate(found).reshape(terms, *variance.shape)
        return None


def _summed(first: Float64Array, second: Float64Array, correlation: Float64Array) -> Float64Array:
    total = np.zeros(correlation.shape)
    for one, other in zip(reversed(first[: len(second)]), reversed(second[: len(first)]), strict=True):
        total *= correlation
        total += one * other
    return total


def _sums(function: PiecewiseSmooth, variances: Float64Array, panels: int) -> Float64Array:
    z, weights = _nodes(panels)
    return np.concatenate(
        [
            _values(function, variances[start : start + _ROWS], z) ** 2 @ (weights * _half_density(z))
            for start in range(0, max(1, variances.size), _ROWS)
        ]
    )


def _values(function: PiecewiseSmooth, variances: Float64Array, z: Float64Array) -> Float64Array:
    points = np.sqrt(variances)[:, None] * z
    return function(points.ravel()).reshape(points.shape)


def _half_density(z: Float64Array) -> Float64Array:
    """Return the square root of the standard normal density."""
    return np.exp(-0.25 * z**2) / (2 * math.pi) ** 0.25


@functools.lru_cache(maxsize=4)
def _nodes(panels: int) -> tuple[Float64Array, Float64Array]:
    """Return nodes on ±12 and weights times the square root of the density; the other root is in what they weigh."""
    nodes, weights = gauss_legendre(_ORDER)
    edges = np.linspace(-_REACH, _REACH, panels + 1)
    half = np.diff(edges)[:, None] / 2
    z = (edges[:-1, None] + half * (nodes + 1)).ravel()
    return z, (half * weights).ravel() * _half_density(z)


@functools.lru_cache(maxsize=1)
def _hermite_functions() -> Float64Array:
    """Return h_n times the square root of the density at the nodes, a row for each n."""
    z, _ = _nodes(_PANELS)
    functions = np.zeros((_TERMS[-1], z.size))
    functions[0] = _half_density(z)
    functions[1] = z * functions[0]
    for n in range(1, _TERMS[-1] - 1):
        functions[n + 1] = (z * functions[n] - math.sqrt(n) * functions[n - 1]) / math.sqrt(n + 1)
    return functions


def nodes_and_functions(terms: int) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Return z, w and the first functions F: E f(√q Z) h_n(Z) = Σ_z w f(√q z) F_n(z), and F_0 w weighs E f(√q Z)."""
    z, weights = _nodes(_PANELS)
    return z, weights, _hermite_functions()[:terms]
