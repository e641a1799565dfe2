"""Kernels tabulated over both lengths and the angle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import chebyshev

from deeplimits._typing import Float64Array
from deeplimits.kernels.gram.length_scale import LengthScale, interpolation, length_scale
from deeplimits.kernels.gram.pair_functions import Network
from deeplimits.kernels.gram.recursion import Kernels

_ACCEPTED = 1e-9
_AIM = 1e-11
_SIZES = ((12, 32), (20, 48), (28, 64))
_PACE = 30.0


@dataclass(frozen=True, eq=False)
class LengthTable:
    """One polynomial in three variables: Σ c_ijm T_i(x) T_j(x') T_m(2θ/π − 1).

    Args:
        scale: maps a length to its x.
        coefficients: for K and Θ, float64 (angles, lengths, lengths).
    """

    scale: LengthScale
    coefficients: tuple[Float64Array, Float64Array]

    def __call__(self, first: Float64Array, second: Float64Array, angle: Float64Array) -> Kernels:
        """Return K and Θ: for each m a product of small matrices, so that a pair costs no search."""
        angles, lengths, _ = self.coefficients[0].shape
        left = chebyshev.chebvander(self.scale.position(first), lengths - 1)
        right = np.ascontiguousarray(chebyshev.chebvander(self.scale.position(second), lengths - 1).T)
        halves = [np.matmul(left, table) for table in self.coefficients]
        x = angle * (2 / np.pi)
        x -= 1
        before, now = np.ones_like(x), x.copy()
        totals = [half[0] @ right for half in halves]
        x *= 2
        part = np.empty_like(x)
        for m in range(1, angles):
            for total, half in zip(totals, halves, strict=True):
                np.matmul(half[m], right, out=part)
                part *= now
                total += part
            np.multiply(x, now, out=part)
            part -= before
            before, now, part = now, part, before
        return Kernels(*totals)


def tabulate_lengths(network: Network, lengths: Float64Array) -> tuple[LengthTable | None, float]:
    """Return a table for inputs of ``lengths`` and its largest error, relative to √(K(x, x) K(x', x')).

    The error is that found at 448 pairs of lengths, some equal, and angles: random ones, small ones and 0, where the
    narrowest peak shows.

    Near x = x' a kernel of a kinked activation with biases is a cone in lengths and angle, and that of a deep chaotic
    network has a narrow peak: no polynomial follows those.

    Returns:
        None for the table if its error is above 1e-9.
    """
    scale, rng = length_scale(network, lengths), np.random.default_rng(0)
    table = _table(network, scale, *_SIZES[0])  # first of all, as it refuses what would take too many integrals
    chosen = rng.choice(lengths, (2, 8))
    chosen[:, 0] = np.min(lengths), np.max(lengths)
    chosen[1, 4:] = chosen[0, 4:]
    angle = np.concatenate([rng.uniform(0, np.pi, 2), 10.0 ** rng.uniform(-4, 0, 2), [1e-5, 1e-8, 0.0]])[:, None, None]
    exact = np.stack(network.at(chosen[0][:, None], chosen[1], angle))
    own = [np.abs(np.stack(network.of_one(each))) for each in chosen]
    norms = np.sqrt(own[0])[:, None, :, None] * np.sqrt(own[1])[:, None, None, :]
    best, best_error = None, np.inf
    for size in _SIZES:
        table = table if size == _SIZES[0] else _table(network, scale, *size)
        found = np.stack(
            [np.stack(table(chosen[0], chosen[1], np.broadcast_to(each, (8, 8)))) for each in angle], axis=1
        )
        error = float(np.max(np.abs(found - exact) / np.where(norms > 0, norms, np.inf)))
        slow = error * _PACE > min(best_error, 1e-2)  # larger tables would not do it either
        if error < best_error:
            best, best_error = table, error
        if error <= _AIM or slow:
            break
    return (best, best_error) if best_error <= _ACCEPTED else (None, best_error)


def _table(network: Network, scale: LengthScale, lengths: int, angles: int) -> LengthTable:
    nodes = scale.lengths(chebyshev.chebpts1(lengths))
    angle = (chebyshev.chebpts1(angles) + 1) * (np.pi / 2)
    kernels = network.at(nodes[:, None], nodes, angle[:, None, None])
    first, second = (
        interpolation(interpolation(interpolation(np.broadcast_to(values, (angles, lengths, lengths)), 0), 1), 2)
        for values in kernels
    )
    return LengthTable(scale, (first, second))
