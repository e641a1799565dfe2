"""Sums of a pair kernel over all distances between layers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.kernels.geometric_correlation import GeometricCorrelation

PairKernel = Callable[[Float64Array, Float64Array], Float64Array]
"""A function of r and sqrt(1 − r²) that is O(|r|) at r → 0, so that far lags may be left out."""

_BLOCK = 1 << 18


def lag_sums(kernel: PairKernel, correlation: GeometricCorrelation, lasts: Sequence[int]) -> Float64Array:
    """Return Σ_{k=1}^{last} F(a^k) for each of ``lasts``.

    Args:
        kernel: F, called with arrays of r_k and sqrt(1 − r_k²).
        correlation: the correlations r_k = a^k.
        lasts: the largest lags, ascending; 0 gives 0.

    Returns:
        float64 array of the length of ``lasts``.

    Note:
        Exact to rounding; O(min(last, 40 / (1 − |a|))) time for all together, bounded memory.
    """
    return _cumulative(kernel, correlation, lasts)[0]


def triangular_lag_sums(kernel: PairKernel, correlation: GeometricCorrelation, depths: Sequence[int]) -> Float64Array:
    """Return S_F(d) = Σ_{k=1}^{d−1} (d − k) F(a^k), the sum over the pairs among d layers, for each of ``depths``.

    Args:
        kernel: F, called with arrays of r_k and sqrt(1 − r_k²).
        correlation: the correlations r_k = a^k.
        depths: numbers of layers d, ascending; 0 and 1 give 0.

    Returns:
        float64 array of the length of ``depths``.

    Note:
        Exact to rounding; O(min(depth, 40 / (1 − |a|))) time for all together, bounded memory.

    >>> triangular_lag_sums(lambda r, sine: r, GeometricCorrelation(np.log(0.5)), [1, 3])  # 2/2 + 1/4
    array([0.  , 1.25])
    """
    plain, weighted = _cumulative(kernel, correlation, [depth - 1 for depth in depths])
    return np.asarray(depths, dtype=np.float64) * plain - weighted


def lag_sum(kernel: PairKernel, correlation: GeometricCorrelation, last: int) -> float:
    """Return Σ_{k=1}^{last} F(a^k), `lag_sums` at one layer."""
    return float(lag_sums(kernel, correlation, [last])[0])


def triangular_lag_sum(kernel: PairKernel, correlation: GeometricCorrelation, depth: int) -> float:
    """Return Σ_{k=1}^{d−1} (d − k) F(a^k), `triangular_lag_sums` at one depth."""
    return float(triangular_lag_sums(kernel, correlation, [depth])[0])


def _cumulative(
    kernel: PairKernel, correlation: GeometricCorrelation, lasts: Sequence[int]
) -> tuple[Float64Array, Float64Array]:
    """Return Σ_{k ≤ last} F(a^k) and Σ_{k ≤ last} k F(a^k) for each of ``lasts``."""
    plain, weighted, start = 0.0, 0.0, 1
    sums = np.zeros((2, len(lasts)))
    for place, last in enumerate(lasts):
        for lags in _lags(correlation, start, last):
            values = kernel(*correlation.at(lags))
            plain += float(np.sum(values))
            weighted += float(np.sum(lags * values))
        start = max(start, last + 1)
        sums[:, place] = plain, weighted
    return sums[0], sums[1]


def _lags(correlation: GeometricCorrelation, first: int, last: int) -> Iterator[Float64Array]:
    """Yield the lags ``first`` … ``last`` in blocks, without those too far to matter."""
    end = int(min(last, correlation.reach()))
    for start in range(first, end + 1, _BLOCK):
        yield np.arange(start, min(start + _BLOCK, end + 1), dtype=np.float64)
