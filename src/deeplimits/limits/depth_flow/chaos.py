"""Hermite expansion of a neuron's squared activity, at any variance of its preactivation."""

from __future__ import annotations

import math

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.activations import Activation
from deeplimits.activations.evaluators import evaluator
from deeplimits.activations.panels import REACH, gauss_legendre

DEGREE = 128
"""Of the expansion; what lies beyond counts in the variance of one layer, but is not remembered by the next."""

_NODES_PER_PANEL = 10
_GRID = np.linspace(-REACH, REACH, 101)
_INTERPOLATION_DEGREE = 19


class SquareChaos:
    """Expand φ(√τ Z)²/τ = Σ_k a_k(τ) h_k(Z), Z ~ N(0, 1), with h_k the normalised Hermite polynomials.

    The a_k are analytic in ln τ: they are interpolated by Chebyshev polynomials on each unit interval that is visited.
    For a piecewise linear φ with its kink at 0 they are constants.

    Args:
        activation: φ.

    >>> from deeplimits.activations import RELU
    >>> coefficients, fourth = SquareChaos(RELU)(np.array([math.log(2.0)]))
    >>> coefficients[0, :2].round(6), fourth.round(6)  # E φ(u)²/τ and E φ(u)⁴/τ² at any variance τ of u
    (array([0.5     , 0.797885]), array([1.5]))
    """

    def __init__(self, activation: Activation) -> None:
        self._function = evaluator(activation)
        self._scales = activation.slopes is not None
        self._cells: dict[int, Float64Array] = {}

    def __call__(self, log_variances: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Return a_0 … a_DEGREE, shape (variances, DEGREE + 1), and E φ⁴/τ² at variances τ = e^log_variances.

        Raises:
            ValueError: φ is not finite, or not smooth between its declared kinks.
        """
        if self._scales:
            values = np.tile(self._direct(0.0), (len(log_variances), 1))
            return values[:, :-1], values[:, -1]
        cells = np.floor(log_variances).astype(int)
        values = np.empty((len(log_variances), DEGREE + 2))
        for cell in np.unique(cells):
            inside = cells == cell
            places = 2 * (log_variances[inside] - cell) - 1
            vander = np.polynomial.chebyshev.chebvander(places, _INTERPOLATION_DEGREE)
            values[inside] = vander @ self._cell(int(cell))
        return values[:, :-1], values[:, -1]

    def _cell(self, cell: int) -> Float64Array:
        """Return the Chebyshev coefficients, one column each, on ln τ in [cell, cell + 1]."""
        if cell not in self._cells:
            nodes = np.polynomial.chebyshev.chebpts1(_INTERPOLATION_DEGREE + 1)
            values = np.stack([self._direct(cell + (node + 1) / 2) for node in nodes])
            coefficients = np.polynomial.chebyshev.chebfit(nodes, values, _INTERPOLATION_DEGREE)
            self._cells[cell] = np.asarray(coefficients, dtype=np.float64)
        return self._cells[cell]

    def _direct(self, log_variance: float) -> Float64Array:
        """Return a_0 … a_DEGREE and E φ⁴/τ² by quadrature on panels that resolve φ and the polynomials."""
        scale = math.exp(log_variance / 2)
        edges = np.unique(np.clip(np.concatenate([_GRID, self._function.edges(scale) / scale]), -REACH, REACH))
        nodes, weights = gauss_legendre(_NODES_PER_PANEL)
        half = np.diff(edges)[:, None] / 2
        z = (edges[:-1, None] + half * (nodes + 1)).ravel()
        density = (half * weights).ravel() * np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi)
        squares = (self._function(scale * z) / scale) ** 2
        return np.append(_hermite(z) @ (density * squares), density @ squares**2)


def _hermite(z: Float64Array) -> Float64Array:
    """Return h_0(z) … h_DEGREE(z), one row each."""
    rows = np.empty((DEGREE + 1, z.size))
    rows[0], rows[1] = 1.0, z
    for k in range(1, DEGREE):
        rows[k + 1] = (z * rows[k] - math.sqrt(k) * rows[k - 1]) / math.sqrt(k + 1)
    return rows
