"""Statistics of weights as a path over layers: sizes, increments, variations, partial sums.

Each one is a function of squared norms, layer by layer, so that a resampling of entries only reweights these squares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.validation import positive_number

# Up to this depth the paper detrends by a bridge; the window is a tenth of the depth only from DETRENDED_FROM on.
_BRIDGE_BELOW, _LEAST_WINDOW, _WINDOW = 10, 3, 0.1
DETRENDED_FROM = 30


@dataclass(frozen=True)
class Squares:
    """Hold squared norms of a path T_1 … T_L and of what is made of it, layers first.

    Args:
        norms: ‖T_k‖², shape (L, …).
        increments: ‖T_k - T_{k-1}‖², shape (L - 1, …).
        partial_sums: ‖W_k‖², W_k = T_1 + … + T_k, shape (L, …).
        detrended: ‖W_k - moving average‖², shape (L, …).
    """

    norms: Float64Array
    increments: Float64Array
    partial_sums: Float64Array
    detrended: Float64Array

    def weighted(self, weights: Float64Array) -> Squares:
        """Return the squares with groups of entries weighted, one column of ``weights`` (groups, replicates) each."""
        return Squares(*(part @ weights for part in (self.norms, self.increments, self.partial_sums, self.detrended)))


def squares_of(path: Float64Array, groups: int) -> Squares:
    """Return the squares of a path (layers, entries), summed over ``groups`` groups of entries, shape (layers, groups).

    Entries e, e + groups, e + 2 groups … are one group.
    """
    sums = np.cumsum(path, axis=0)
    parts = (path, np.diff(path, axis=0), sums, detrended(sums))
    return Squares(*(_grouped(part**2, groups) for part in parts))


def detrended(partial_sums: Float64Array) -> Float64Array:
    """Return partial sums W_k less their centred moving average, k = 1 … L.

    The half-window is max(3, L/10) and shrinks at both ends so that it stays centred. For L < 10 it is the bridge
    W_k - (k/L) W_L instead.

    References: cohen2021scaling.
    """
    depth = partial_sums.shape[0]
    index = np.arange(depth)
    if depth < _BRIDGE_BELOW:
        share = (index + 1) / depth
        return partial_sums - share.reshape(-1, *(1 for _ in partial_sums.shape[1:])) * partial_sums[-1]
    half = np.minimum(max(_LEAST_WINDOW, int(_WINDOW * depth)), np.minimum(index, depth - 1 - index))
    running = np.concatenate([np.zeros_like(partial_sums[:1]), np.cumsum(partial_sums, axis=0)])
    width = (2 * half + 1).reshape(-1, *(1 for _ in partial_sums.shape[1:]))
    return partial_sums - (running[index + half + 1] - running[index - half]) / width


STATISTICS: Mapping[str, Callable[[Squares], Float64Array]] = {
    "rms_norm": lambda s: np.sqrt(s.norms.mean(axis=0)),
    "max_norm": lambda s: np.sqrt(s.norms.max(axis=0)),
    "median_norm": lambda s: np.sqrt(np.median(s.norms, axis=0)),
    "rms_increment": lambda s: np.sqrt(s.increments.mean(axis=0)),
    "max_increment": lambda s: np.sqrt(s.increments.max(axis=0)),
    "scaled_rms_increment": lambda s: np.sqrt(s.increments.mean(axis=0) / s.norms.mean(axis=0)),
    "scaled_max_increment": lambda s: np.sqrt(s.increments.max(axis=0) / s.norms.max(axis=0)),
    "root_sum_of_squares": lambda s: np.sqrt(s.norms.sum(axis=0)),
    "quadratic_variation": lambda s: s.increments.sum(axis=0),
    "total_variation": lambda s: np.sqrt(s.increments).sum(axis=0),
    "sobolev_norm": lambda s: np.sqrt(s.norms.shape[0] * s.increments.sum(axis=0)),
    "partial_sum": lambda s: np.sqrt(s.partial_sums.mean(axis=0)),
    "detrended_partial_sum": lambda s: np.sqrt(s.detrended.max(axis=0)),
}


def path_statistics(path: ArrayLike) -> dict[str, float]:
    """Return the statistics of one network's weights T_1 … T_L as a path over layers; norms are Frobenius norms.

    - ``rms_norm``, ``max_norm``, ``median_norm``: of ‖T_k‖ over layers
    - ``rms_increment``, ``max_increment``: of ‖T_k - T_{k-1}‖; ``scaled_…``: divided by the same norm of T
    - ``root_sum_of_squares``: sqrt(Σ ‖T_k‖²)
    - ``quadratic_variation``: Σ ‖T_k - T_{k-1}‖²; ``total_variation``: Σ ‖T_k - T_{k-1}‖ (`p_variation` for other p)
    - ``sobolev_norm``: sqrt(L Σ ‖T_k - T_{k-1}‖²)
    - ``partial_sum``: root mean square of ‖W_k‖, W_k = T_1 + … + T_k
    - ``detrended_partial_sum``: max_k ‖W_k - moving average‖, see `detrended`

    Args:
        path: array (depth, …).

    Note: the maximum is biased by extremes: of Gaussian weights of size L^-½ it falls more slowly than L^-½.

    References: cohen2021scaling.

    >>> path_statistics([[3.0], [0.0], [4.0]])["root_sum_of_squares"]
    5.0
    """
    squares = squares_of(_flat(path), groups=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {name: float(statistic(squares)[0]) for name, statistic in STATISTICS.items()}


def p_variation(path: ArrayLike, p: float) -> float:
    """Return Σ ‖T_k - T_{k-1}‖^p over consecutive layers of ``path``, shape (depth, …).

    >>> p_variation([[0.0], [2.0], [-1.0]], p=3)
    35.0
    """
    positive_number("p", p)
    return float(np.sum(np.linalg.norm(np.diff(_flat(path), axis=0), axis=1) ** p))


def scaled_increment(path: ArrayLike, exponent: float) -> float:
    """Return L^exponent max_k ‖T_k - T_{k-1}‖: with weights ~ L^-exponent it falls for a smooth path only.

    References: cohen2021scaling.
    """
    flat = _flat(path)
    return float(len(flat) ** exponent * np.linalg.norm(np.diff(flat, axis=0), axis=1).max())


def _flat(path: ArrayLike) -> Float64Array:
    array = np.asarray(path, dtype=np.float64)
    if array.ndim == 0 or array.shape[0] < 2 or array.size == 0:
        raise ValueError(f"a path over layers has shape (depth, …) with a depth of at least 2, got {array.shape}")
    return array.reshape(array.shape[0], -1)


def _grouped(squared: Float64Array, groups: int) -> Float64Array:
    layers, entries = squared.shape
    if groups == entries:
        return squared
    padded = np.pad(squared, ((0, 0), (0, -entries % groups)))
    sums: Float64Array = padded.reshape(layers, -1, groups).sum(axis=1)
    return sums
