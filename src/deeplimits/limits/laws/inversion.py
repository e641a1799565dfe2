"""Numerical inversion of a moment generating function, with a bound on its error."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.limits.laws.gamma_excess import ComplexArray
from deeplimits.limits.laws.hermite import UniformHermite

_TAIL = 1e-13
"""Probability left out at either end of the grid, and, by periodicity, added back in the wrong place."""

_NEGLIGIBLE = -42.0
"""Logarithm of the modulus below which a characteristic function is taken for 0."""

_CELLS = (4096, 16384, 65536)
_MOST_FREQUENCIES = 16384
_WANTED = 1e-11


@runtime_checkable
class Transform(Protocol):
    """What inversion needs to know of a centred law: its moment generating function on a strip around 0."""

    @property
    def left_abscissa(self) -> float:
        """The s > 0 up to which E exp(−s Y) is finite."""

    def log_moment(self, s: ComplexArray) -> ComplexArray:
        """Return ln E exp(s Y) for complex s with Re s > −left_abscissa; Y has mean 0."""


@dataclass(frozen=True, eq=False)
class Inverted:
    """Hold a cdf and a density on a grid.

    Args:
        cdf: interpolates P(Y ≤ y), increasing from 0 to 1.
        density: the density at the grid points.
        density_slope: its derivative there.
        error: bound on the error of ``cdf``.
    """

    cdf: UniformHermite
    density: Float64Array
    density_slope: Float64Array
    error: float


def invert(transform: Transform, deviation: float) -> Inverted:
    """Return the law of mean about 0 whose moment generating function is given.

    F(y) = ½ − (1/π) Σ_{k≥0} Im[φ(t_k) e^{−i t_k y}] / (k + ½) + error, t_k = (k + ½) h, for φ(t) = E e^{itY}. The
    error of the step h is at most P(Y < y − 2π/h) + P(Y > y + 2π/h), which Chernoff's bound makes negligible before h
    is chosen; the error of leaving out large k is bounded from |φ| there; that of interpolating between grid points is
    measured against the sum itself.

    Args:
        transform: of a law with mean about 0.
        deviation: its standard deviation, or the right order of magnitude.

    Raises:
        ValueError: the law has a tail too long for its finest feature to be resolved.

    References: davies1973numerical, the inversion formula and the bounds on its error.
    """
    low, high = _ends(transform, deviation)
    step = 2 * math.pi / (high - low)
    frequencies = _frequencies(transform, deviation, step)
    if frequencies.size > _MOST_FREQUENCIES:
        raise ValueError(f"the law needs {frequencies.size} frequencies, more than {_MOST_FREQUENCIES}")
    values = np.exp(transform.log_moment(1j * frequencies))
    left_out = _truncation(values, frequencies, step)
    for cells in _CELLS:
        if cells < 2 * frequencies.size:
            continue
        inverted = _on_grid(values, frequencies, low, high, cells)
        if inverted.error < _WANTED:
            break
    return replace(inverted, error=inverted.error + left_out + 4 * _TAIL)


def _ends(transform: Transform, deviation: float) -> tuple[float, float]:
    """Return points beyond which either tail is below `_TAIL`: P(Y > y) ≤ E e^{s(Y − y)} for every s > 0."""
    scales = np.geomspace(0.5, 500, 97)
    right = scales / deviation
    if math.isinf(transform.left_abscissa):
        left = right
    else:
        left = transform.left_abscissa * (1 - np.geomspace(1e-3, 1 - 1e-3, 97))
        left = np.concatenate([left, right[right < 0.9 * transform.left_abscissa]])
    above = (transform.log_moment(right + 0j).real - math.log(_TAIL)) / right
    below = (transform.log_moment(-left + 0j).real - math.log(_TAIL)) / left
    return -float(np.min(below)), float(np.min(above))


def _frequencies(transform: Transform, deviation: float, step: float) -> Float64Array:
    """Return (k + ½) h up to where the characteristic function is negligible."""
    candidates = np.geomspace(1, 1e5, 241) / deviation
    for start in range(0, candidates.size, 24):
        block = candidates[start : start + 24]
        small = np.flatnonzero(transform.log_moment(1j * block).real < _NEGLIGIBLE)
        if small.size:
            return (np.arange(math.ceil(block[small[0]] / step)) + 0.5) * step
    raise ValueError("the characteristic function does not become negligible: the law has no smooth density")


def _truncation(values: ComplexArray, frequencies: Float64Array, step: float) -> float:
    """Bound Σ |φ(t_k)| / (π (k + ½)) over the k left out, as |φ| falls at least as fast as at the end."""
    last = np.abs(values[-2:]) + 1e-300
    ratio = min(float(last[1] / last[0]), 0.999) if last.size == 2 else 0.999
    return float(last[-1]) * step / (math.pi * float(frequencies[-1])) / (1 - ratio)


def _on_grid(values: ComplexArray, frequencies: Float64Array, low: float, high: float, cells: int) -> Inverted:
    """Evaluate cdf, density and its slope at cells + 1 points, and the cdf between them to measure the interpolant."""
    step, spacing = 2 * frequencies[0], (high - low) / cells
    turned = values * np.exp(-1j * frequencies * low)
    weights = step / (np.pi * frequencies)
    cdf = np.maximum.accumulate(np.clip(0.5 - _sums(turned * weights, cells).imag, 0.0, 1.0))
    density = _sums(turned, cells).real * (step / np.pi)
    density_slope = _sums(turned * frequencies, cells).imag * (step / np.pi)
    # Where rounding makes the density too large for its cell, a cubic could fall; Fritsch and Carlson's limit forbids
    # it.
    rises = np.concatenate([[0.0], np.diff(cdf) / spacing, [0.0]])
    slopes = np.minimum(np.maximum(density, 0.0), 3 * np.minimum(rises[:-1], rises[1:]))
    interpolant = UniformHermite(low, spacing, cdf, slopes)
    # Half-way between grid points, where the error of a cubic is largest.
    between = 0.5 - _sums(turned * weights * np.exp(-0.5j * frequencies * spacing), cells).imag[:-1]
    middles = np.asarray(low + (np.arange(cells) + 0.5) * spacing, dtype=np.float64)
    error = float(np.max(np.abs(interpolant(middles) - between)))
    return Inverted(interpolant, density, density_slope, 2 * error)


def _sums(coefficients: ComplexArray, cells: int) -> ComplexArray:
    """Return Σ_k c_k e^{−2πi (k + ½) j / cells} at j = 0 … cells; one period on, everything changes sign."""
    sums = np.fft.fft(coefficients, cells)
    phases = np.exp(-1j * np.pi * np.arange(cells + 1) / cells)
    return np.asarray(np.append(sums, sums[0]) * phases, dtype=np.complex128)
