"""Kernels tabulated over the angle, so that a pair costs the same at every depth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import chebyshev

from deeplimits._typing import Float64Array
from deeplimits.kernels.gram.length_scale import interpolation
from deeplimits.kernels.gram.pair_functions import OneLength, scaled
from deeplimits.kernels.gram.recursion import Kernels

ACCEPTED = 1e-9
"""Largest error of a table, relative to K(x, x)."""

_AIM = 1e-12
_DEGREES = (48, 96, 192, 384, 768)
_CELLS = ((3, 2048), (3, 8192), (5, 4096), (5, 16384))
_CHECKS = 400


@dataclass(frozen=True, eq=False)
class AngleTable:
    """Polynomials in equal cells of [0, π].

    Args:
        function: what is tabulated; it also says whether lengths multiply.
        coefficients: for K and Θ, float64 (degree + 1, cells), of powers of the position in the cell, 0 to 1.
    """

    function: OneLength
    coefficients: tuple[Float64Array, Float64Array]

    def __call__(self, first: Float64Array, second: Float64Array, angle: Float64Array) -> Kernels:
        """Return K and Θ."""
        cells = self.coefficients[0].shape[1]
        position = angle * (cells / np.pi)
        cell = position.astype(np.intp)
        np.minimum(cell, cells - 1, out=cell)
        position -= cell
        values, buffer = [], np.empty_like(position)
        for table in self.coefficients:
            total = np.take(table[-1], cell, mode="clip")
            for row in table[-2::-1]:
                total *= position
                np.take(row, cell, out=buffer, mode="clip")
                total += buffer
            values.append(total)
        return scaled(Kernels(*values), self.function, first, second)


def tabulate(function: OneLength) -> tuple[AngleTable | None, float]:
    """Return the table of ``function`` and its largest error, relative to the value at angle 0.

    K and Θ are analytic in the angle on [0, π] for every activation, as the recursion is. They are interpolated at
    Chebyshev nodes, as many as the coefficients take to fall to nothing, and from there in cells. The error is that
    found at 400 angles, half of them small, where deep networks bend most: a chaotic one within any angle that float64
    tells from 0.

    Returns:
        None for the table if its error is above 1e-9.
    """
    series = _series(function.at_angle)
    checked = _check_angles()
    exact = np.stack(function.at_angle(checked))
    scale = np.abs(np.stack(function.at_angle(np.zeros(1))))
    best, best_error = None, np.inf
    for degree, cells in _CELLS:
        table = AngleTable(function, _cells(series, degree, cells))
        ones = np.ones(1), np.ones(checked.size)
        found = np.stack(table(*ones, checked[None, :]))[:, 0]
        error = float(np.max(np.abs(found - exact) / scale))
        if error < best_error:
            best, best_error = table, error
        if error <= _AIM:
            break
    return (best, best_error) if best_error <= ACCEPTED else (None, best_error)


def _series(function: Callable[[Float64Array], Kernels]) -> Float64Array:
    """Return Chebyshev coefficients over [0, π], (degree + 1, 2), enough of them if 768 are."""
    for degree in _DEGREES:
        nodes = chebyshev.chebpts1(degree + 1)
        values = np.stack(function((nodes + 1) * (np.pi / 2)), axis=1)
        coefficients = interpolation(values)
        tail = np.max(np.abs(coefficients[-4:]), axis=0)
        if np.all(tail <= 1e-14 * np.max(np.abs(coefficients), axis=0)):
            break
    return coefficients


def _cells(series: Float64Array, degree: int, cells: int) -> tuple[Float64Array, Float64Array]:
    """Return the coefficients of local interpolants."""
    places = (chebyshev.chebpts1(degree + 1) + 1) / 2
    points = (np.arange(cells) + places[:, None]) * (2 / cells) - 1
    values = chebyshev.chebval(points, series)
    powers = np.linalg.inv(np.vander(places, increasing=True))
    local = np.einsum("pi,kic->kpc", powers, values)
    return np.ascontiguousarray(local[0]), np.ascontiguousarray(local[1])


def _check_angles() -> Float64Array:
    rng = np.random.default_rng(0)
    even = rng.uniform(0, np.pi, _CHECKS // 2)
    return np.concatenate([even, 10.0 ** np.linspace(-16, 0, _CHECKS // 2)])
