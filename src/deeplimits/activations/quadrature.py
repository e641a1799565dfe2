"""Gaussian expectations by composite Gauss–Legendre quadrature, each with a verified error."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.activations.panels import REACH, PiecewiseSmooth, gauss_legendre

WORST_RELATIVE_ERROR = 1e-6
"""Expectations known less well than this, relative to E|…|, are refused."""

_ORDERS = (10, 14)
_GAUSSIAN_EDGES = np.linspace(-REACH, REACH, 8)
_ROUNDING = 1e-14
_CHUNK = 2**15


class Expectation(NamedTuple):
    """An expectation.

    Args:
        value: E of the integrand.
        numerical_error: bound on the error: difference of two resolutions, truncated tails and rounding.
        magnitude: E of the integrand's modulus, against which the error is judged.
    """

    value: float
    numerical_error: float
    magnitude: float


def expectation(function: PiecewiseSmooth, variance: float = 1.0) -> Expectation:
    """Return E f(u) for u ~ N(0, variance).

    Args:
        function: f, with its kinks.
        variance: at least 0.

    Raises:
        ValueError: the error cannot be brought below a relative 1e-6: f has undeclared kinks, varies too fast, grows
            too fast or is not finite.

    Note:
        Two rules of 10 and 14 nodes a panel are compared; panels end at kinks and resolve f and the Gaussian.

    >>> square = PiecewiseSmooth(lambda u: u**2)
    >>> round(expectation(square, variance=3.0).value, 12)
    3.0
    """
    scale = math.sqrt(variance)
    if scale == 0:
        return _at_zero(function)
    edges = _merge(function.edges(scale) / scale)
    return _line(lambda z: function(scale * z), edges, function.precision, function.name)


def pair_expectation(
    f: PiecewiseSmooth, g: PiecewiseSmooth, variance_1: float, variance_2: float, correlation: float
) -> Expectation:
    """Return E f(u) g(v) for (u, v) centred Gaussian.

    With u = σ₁ z, v = σ₂ (r z + s y), s² = 1 − r² and z, y independent N(0, 1), the inner integral over y is split
    where g is, the outer one over z where f is and, at the scale s/|r| to which y blurs them, where the inner one
    crosses g's kinks and narrow features. A series in r would converge too slowly for kinks near |r| = 1.

    Args:
        f: the function of u, with its kinks.
        g: the function of v, with its kinks.
        variance_1: variance σ₁² of u, at least 0.
        variance_2: variance σ₂² of v, at least 0.
        correlation: r, in [−1, 1].

    Raises:
        ValueError: as for `expectation`.

    Note:
        10⁴ to 10⁶ evaluations of g.
    """
    sigma_1, sigma_2 = math.sqrt(variance_1), math.sqrt(variance_2)
    precision, name = f.precision + g.precision, f.name if f.name == g.name else f"{f.name} times {g.name}"
    if sigma_1 == 0 or sigma_2 == 0:
        return _product(expectation(f, variance_1), expectation(g, variance_2))
    if abs(correlation) == 1:
        edges = _merge(f.edges(sigma_1) / sigma_1, g.edges(sigma_2) / (sigma_2 * correlation))
        return _line(lambda z: f(sigma_1 * z) * g(sigma_2 * correlation * z), edges, precision, name)
    blurred = _blurred_edges(g, sigma_2, correlation)
    edges = _merge(f.edges(sigma_1) / sigma_1, blurred)
    coarse, fine = (_plane(f, g, sigma_1, sigma_2, correlation, edges, order) for order in _ORDERS)
    return _verified(coarse, fine, precision, name)


def _at_zero(function: PiecewiseSmooth) -> Expectation:
    value = float(function(np.zeros(1))[0])
    return Expectation(value, function.precision * abs(value), abs(value))


def _product(first: Expectation, second: Expectation) -> Expectation:
    error = first.numerical_error * second.magnitude + second.numerical_error * first.magnitude
    return Expectation(first.value * second.value, error, first.magnitude * second.magnitude)


def _merge(*edges: Float64Array) -> Float64Array:
    """Return ``edges``, in standard deviations, with those that resolve the Gaussian, increasing and within reach."""
    return np.unique(np.clip(np.concatenate([_GAUSSIAN_EDGES, *edges]), -REACH, REACH))


def _blurred_edges(g: PiecewiseSmooth, sigma: float, correlation: float) -> Float64Array:
    """Return edges that resolve z ↦ E g(sigma (r z + s y)): those of g, but none finer than the blur s/|r| needs."""
    blur = math.sqrt((1 - correlation) * (1 + correlation)) / max(abs(correlation), 1e-300)
    if blur > 0.9:  # the edges that resolve the Gaussian are as fine
        return np.empty(0)
    edges = g.edges(sigma)
    widths = np.diff(edges) / (sigma * abs(correlation))
    narrow = np.minimum(np.append(widths, np.inf), np.insert(widths, 0, np.inf)) < 18 * blur
    sharp = edges[narrow | np.isin(edges, g.kinks)] / (sigma * correlation)
    around = sharp[:, None] + blur * np.arange(-9.0, 10.0, 2.0)
    points = np.concatenate([edges / (sigma * correlation), around.ravel()])
    return np.unique(np.round(points[np.abs(points) < REACH] / blur)) * blur


def _nodes(left: Float64Array, right: Float64Array, order: int) -> tuple[Float64Array, Float64Array]:
    """Return quadrature nodes and weights times the standard Gaussian density, a row for each panel."""
    nodes, weights = gauss_legendre(order)
    half = (right - left)[:, None] / 2
    z = left[:, None] + half * (nodes + 1)
    return z, half * weights * np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)


def _line(
    integrand: Callable[[Float64Array], Float64Array], edges: Float64Array, precision: float, name: str
) -> Expectation:
    """Return E integrand(z), z ~ N(0, 1), from both resolutions."""
    sums = []
    for order in _ORDERS:
        z, weights = (array.ravel() for array in _nodes(edges[:-1], edges[1:], order))
        terms = weights * integrand(z)
        sums.append((float(terms.sum()), float(np.abs(terms).sum()), float(np.abs(terms[np.abs(z) > REACH - 1]).sum())))
    return _verified(sums[0], sums[1], precision, name)


def _plane(
    f: PiecewiseSmooth,
    g: PiecewiseSmooth,
    sigma_1: float,
    sigma_2: float,
    correlation: float,
    edges: Float64Array,
    order: int,
) -> tuple[float, float, float]:
    """Return E f g, E |f g| and the share of the latter near the border, by one rule in both directions."""
    z, weights = (array.ravel() for array in _nodes(edges[:-1], edges[1:], order))
    outer = weights * f(sigma_1 * z)
    total = np.zeros(3)
    for rows, y, inner in _inner_panels(g.edges(sigma_2) / sigma_2, z, correlation, order):
        v = (correlation * z)[rows, None] + math.sqrt((1 - correlation) * (1 + correlation)) * y
        terms = outer[rows, None] * inner * g(sigma_2 * v.ravel()).reshape(v.shape)
        moduli = np.abs(terms)
        border = (np.abs(v) > REACH - 1) | (np.abs(z)[rows, None] > REACH - 1)
        total += terms.sum(), moduli.sum(), (moduli * border).sum()
    return float(total[0]), float(total[1]), float(total[2])


def _inner_panels(
    edges: Float64Array, z: Float64Array, correlation: float, order: int
) -> Iterator[tuple[np.ndarray, Float64Array, Float64Array]]:
    """Yield, chunk by chunk, panels of y: the index into z of each, its nodes and its weights.

    ``edges`` are those of g in standard deviations of v = r z + s y; v stays within reach, as y does.
    """
    blur = math.sqrt((1 - correlation) * (1 + correlation))
    step = max(1, _CHUNK // (order * (edges.size + _GAUSSIAN_EDGES.size)))
    for start in range(0, z.size, step):
        mean = (correlation * z[start : start + step])[:, None]
        low, high = np.maximum(-REACH, (-REACH - mean) / blur), np.minimum(REACH, (REACH - mean) / blur)
        fixed = np.broadcast_to(_GAUSSIAN_EDGES, (mean.size, _GAUSSIAN_EDGES.size))
        grid = np.sort(np.clip(np.concatenate([(edges - mean) / blur, fixed], axis=1), low, high), axis=1)
        row, column = np.nonzero(grid[:, 1:] > grid[:, :-1])
        yield start + row, *_nodes(grid[row, column], grid[row, column + 1], order)


def _verified(
    coarse: tuple[float, float, float], fine: tuple[float, float, float], precision: float, name: str
) -> Expectation:
    """Return the fine result with its error.

    Raises:
        ValueError: the error is above a relative 1e-6.
    """
    value, magnitude, border = fine
    error = abs(value - coarse[0]) + border + (_ROUNDING + precision) * magnitude
    if not error <= WORST_RELATIVE_ERROR * magnitude:
        raise ValueError(
            f"a Gaussian expectation of {name} is known only to a relative {error / magnitude:.1g}, above 1e-6; "
            "declare every kink and jump with kinks=(…,), or use a smaller variance if it grows like an exponential"
        )
    return Expectation(value, error, magnitude)
