"""The distance between two laws, without a sample: from their characteristic functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.limits.laws import (
    Law,
    LogChiSquare,
    LogChiSquareMixture,
    LogChiSquareSum,
    Normal,
    NumericalLaw,
    log_chi_square,
)

_NEGLIGIBLE = -23.0  # logarithm of the modulus below which a characteristic function is taken for 0
_REACH = 12.0  # standard deviations of both laws that one period of the sum covers on either side
_APART = 60.0  # standard deviations between two means beyond which the distance is 1 (Chebyshev: over 0.999)
_GRID = 2048
_NODES = 16


@dataclass(frozen=True)
class _Spectrum:
    """Hold a law as mean, standard deviation and ln E exp(s (Y − mean))."""

    mean: float
    deviation: float
    log_moment: Callable[[np.ndarray], np.ndarray]


def ks_between(first: Law, second: Law) -> float:
    """Return the Kolmogorov–Smirnov distance sup |F₁(y) − F₂(y)| of two laws.

    F₁(y) − F₂(y) = −(1/π) Σ_k Im[(φ₁ − φ₂)(t_k) e^{−i t_k y}] / (k + ½), t_k = (k + ½) h, over one period 2π/h that
    holds both laws: the formula by which a cdf is inverted, of which only the difference is needed.

    Args:
        first: a law with a distribution; not a point mass.
        second: likewise.

    Note:
        To about 1e-6, in well under a millisecond for closed laws; any law without a known characteristic function is
        compared on a grid of its quantiles, to about 1e-3.

    >>> round(ks_between(Normal(0.0, 1.0), Normal(0.1, 1.0)), 6)  # 2 Φ(0.05) − 1
    0.039878

    References: davies1973numerical, the inversion formula.
    """
    spectra = _spectrum(first), _spectrum(second)
    if spectra[0] is None or spectra[1] is None:
        return _on_quantiles(first, second)
    one, other = spectra[0], spectra[1]
    apart, deviations = abs(one.mean - other.mean), one.deviation + other.deviation
    if apart > _APART * deviations:
        return 1.0
    period = apart + 2 * _REACH * deviations
    low = min(one.mean, other.mean) - _REACH * deviations
    step = 2 * math.pi / period
    ends = _end(one), _end(other)
    count = math.ceil(max(ends) / step)
    frequencies = np.arange(0.5, count, dtype=np.float64) * step
    difference = _values(one, ends[0], frequencies, low) - _values(other, ends[1], frequencies, low)
    cells = max(_GRID, 2 ** math.ceil(math.log2(2 * count)))
    sums = np.fft.fft(difference / (np.arange(count) + 0.5), cells) * np.exp(-1j * np.pi * np.arange(cells) / cells)
    return float(min(1.0, np.max(np.abs(sums.imag)) / math.pi))


def _spectrum(law: Law) -> _Spectrum | None:
    if isinstance(law, NumericalLaw):
        variable = law.inversion.variable
        if isinstance(variable, LogChiSquareSum):
            thinned = tuple((_thinned(term), count) for term, count in variable.terms)
            variable = LogChiSquareSum(thinned, variable.normal_variance)
        return _Spectrum(law.mean, math.sqrt(variable.variance), variable.log_moment)
    if isinstance(law, LogChiSquare):
        return _Spectrum(law.mean, math.sqrt(law.variance), log_chi_square(law.degrees).log_moment)
    if isinstance(law, Normal):
        return _Spectrum(law.mean, law.scale, lambda s: law.variance * s**2 / 2)
    return None


def _thinned(mixture: LogChiSquareMixture) -> LogChiSquareMixture:
    """Return ``mixture`` with at most 16 degrees of freedom, by a Gauss rule of its weights.

    What depends on the degrees is smooth over their spread, so 16 nodes, exact for polynomials of degree 31, lose
    nothing; their weights are the squares of the first entries of the eigenvectors of the Jacobi matrix.
    """
    if mixture.degrees.size <= 2 * _NODES:
        return mixture
    centre, scale = float(mixture.weights @ mixture.degrees), float(np.ptp(mixture.degrees))
    x = (mixture.degrees - centre) / scale
    # Stieltjes' recurrence for the orthonormal polynomials of the weights, orthogonalised twice.
    basis = np.zeros((_NODES, x.size))
    basis[0] = np.sqrt(mixture.weights)
    for k in range(1, _NODES):
        basis[k] = x * basis[k - 1]
        for _ in range(2):
            basis[k] -= basis[:k].T @ (basis[:k] @ basis[k])
        basis[k] /= np.linalg.norm(basis[k])
    nodes, vectors = np.linalg.eigh(basis @ (x[:, None] * basis.T))
    return LogChiSquareMixture(centre + scale * nodes, vectors[0] ** 2, mixture.reference)


def _end(spectrum: _Spectrum) -> float:
    """Return a frequency beyond which the characteristic function is negligible."""
    candidates = np.geomspace(2.0, 2.0e4, 60) / spectrum.deviation
    for start in range(0, candidates.size, 12):
        block = candidates[start : start + 12]
        small = np.flatnonzero(spectrum.log_moment(1j * block).real < _NEGLIGIBLE)
        if small.size:
            return float(block[small[0]])
    raise ValueError("the characteristic function does not become negligible: the law has no smooth density")


def _values(spectrum: _Spectrum, end: float, frequencies: Float64Array, low: float) -> np.ndarray:
    """Return E exp(i t (Y − low)) at ``frequencies``; beyond ``end``, where it is negligible, 0."""
    inside = frequencies[frequencies <= end]
    values = np.zeros(frequencies.size, dtype=np.complex128)
    values[: inside.size] = np.exp(spectrum.log_moment(1j * inside) + 1j * inside * (spectrum.mean - low))
    return values


def _on_quantiles(first: Law, second: Law) -> float:
    probabilities = (np.arange(1000) + 0.5) / 1000
    y = np.concatenate([first.quantile(probabilities), second.quantile(probabilities)])
    return float(np.max(np.abs(first.cdf(y) - second.cdf(y))))
