"""Sums of a pair kernel over all distances between layers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.kernels.geometric_correlation import GeometricCorrelation

PairKernel = Callable[[Float64Array, Float64Array], Float64Array]
"""A function of r and sqrt(1 − r²) that is O(|r|) at r → 0, so that far lags may be left out."""

_BLOCK = 1 << 18


def lag_sum(kernel: PairKernel, correlation: GeometricCorrelation, last: int) -> float:
    """Return Σ_{k=1}^{last} F(a^k).

    Args:
        kernel: F, called with arrays of r_k and sqrt(1 − r_k²).
        correlation: the correlations r_k = a^k.
        last: the largest lag; 0 gives 0.

    Note:
        Exact to rounding; O(min(last, 40 / (1 − |a|))) time, bounded memory.
    """
    return float(sum(np.sum(kernel(*correlation.at(lags))) for lags in _lags(correlation, last)))


def triangular_lag_sum(kernel: PairKernel, correlation: GeometricCorrelation, depth: int) -> float:
    """Return S_F(d) = Σ_{k=1}^{d−1} (d − k) F(a^k), the sum over the pairs among d layers.

    Args:
        kernel: F, called with arrays of r_k and sqrt(1 − r_k²).
        correlation: the correlations r_k = a^k.
        depth: d, the number of layers.

    Note:
        Exact to rounding; O(min(depth, 40 / (1 − |a|))) time, bounded memory.

    >>> triangular_lag_sum(lambda r, sine: r, GeometricCorrelation(np.log(0.5)), 3)  # 2/2 + 1/4
    1.25
    """
    return float(sum(np.sum((depth - lags) * kernel(*correlation.at(lags))) for lags in _lags(correlation, depth - 1)))


def _lags(correlation: GeometricCorrelation, last: int) -> Iterator[Float64Array]:
    """Yield the lags 1 … ``last`` in blocks, without those too far to matter."""
    end = int(min(last, correlation.reach()))
    for start in range(1, end + 1, _BLOCK):
        yield np.arange(start, min(start + _BLOCK, end + 1), dtype=np.float64)
