"""How regular weights are as functions of the layer's index, and how far training has moved them."""

from __future__ import annotations

import math

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.statistics import Estimate
from deeplimits.validation import positive_integer


def lag_autocorrelation(path: ArrayLike, lag: int = 1) -> Estimate:
    """Return the correlation of an entry's weights ``lag`` layers apart, averaged over entries.

    Σ_k (T_k − m)(T_{k+lag} − m) / Σ_k (T_k − m)² of each entry, m its mean over layers: about 0 for independent layers
    and near 1 for a smooth path. What all layers have in common, as an equal move of all of them, is not seen.

    Args:
        path: weights, (depth, …), of at least two entries that are not constant.
        lag: layers between, fewer than the depth.

    Raises:
        ValueError: there are fewer layers or entries.

    Note: the standard error takes entries to be independent processes. The mean's own noise biases it by about
        −1/depth.

    References: marion2025scaling.

    >>> abs(lag_autocorrelation(np.random.default_rng(0).normal(size=(1000, 50))).value) < 0.02
    True
    """
    entries = _entries(path, positive_integer("lag", lag))
    entries = entries - entries.mean(axis=0)
    each = np.sum(entries[:-lag] * entries[lag:], axis=0) / np.sum(entries**2, axis=0)
    return Estimate(float(each.mean()), float(each.std(ddof=1) / math.sqrt(each.size)), each.size)


def holder_exponent(path: ArrayLike, *, lag: int = 4) -> Estimate:
    """Return h with root mean squares |T_{k+m} − T_k| ∝ m^h between m = 1 and m = ``lag``.

    1 for a path with a derivative, H for fractional Brownian motion, 0 for noise.

    Args:
        path: weights, (depth, …), of at least two entries that are not constant.
        lag: the larger distance, at least 2 and less than the depth.

    Raises:
        ValueError: there are fewer layers or entries, or the lag is below 2.

    Note: the standard error takes entries to be independent processes.

    References: marion2025scaling.

    >>> path = np.sin(np.linspace(0, 3, 1000))[:, None] * [1.0, 2.0]
    >>> round(holder_exponent(path).value, 2)
    1.0
    """
    if positive_integer("lag", lag) < 2:
        raise ValueError(f"lag must be at least 2, because it is compared with 1, got {lag}")
    entries = _entries(path, lag)
    near, far = (np.mean((entries[m:] - entries[:-m]) ** 2, axis=0) for m in (1, lag))
    unit = 2 * math.log(lag)
    return Estimate(math.log(far.sum() / near.sum()) / unit, _error_of_log_ratio(far, near) / unit, near.size)


def relative_movement(before: ArrayLike, after: ArrayLike) -> Estimate:
    """Return ‖after − before‖ / ‖before‖ in the Frobenius norm of all layers together.

    Args:
        before: weights, (depth, …), of at least two entries.
        after: of the same shape.

    Raises:
        ValueError: shapes differ, there are fewer entries, or weights are 0.

    Note: the standard error takes entries to be independent processes.

    >>> relative_movement(np.ones((9, 2)), np.full((9, 2), 1.5)).value
    0.5
    """
    start, end = (np.asarray(part, dtype=np.float64) for part in (before, after))
    if start.shape != end.shape or start.ndim < 2 or not np.any(start):
        raise ValueError(
            f"weights before and after must be of one shape (depth, …) and not all 0, got shapes {start.shape} and "
            f"{end.shape}"
        )
    moved, size = (np.sum(part.reshape(len(part), -1) ** 2, axis=0) for part in (end - start, start))
    if size.size < 2:
        raise ValueError(f"at least two entries are needed, got {size.size}")
    value = math.sqrt(moved.sum() / size.sum())
    error = 0.5 * value * _error_of_log_ratio(moved, size) if value else 0.0
    return Estimate(value, error, size.size)


def _error_of_log_ratio(upper: Float64Array, lower: Float64Array) -> float:
    """Return the standard error of ln(Σ upper / Σ lower) over independent entries, to first order."""
    influence = upper / upper.sum() - lower / lower.sum()
    return math.sqrt(influence.size / (influence.size - 1) * float(np.sum(influence**2)))


def _entries(path: ArrayLike, lag: int) -> Float64Array:
    """Return the path of every entry that is not constant, (depth, entries)."""
    array = np.asarray(path, dtype=np.float64)
    if array.ndim == 0 or array.shape[0] <= lag:
        raise ValueError(f"a path over layers needs more than {lag} of them, got shape {array.shape}")
    flat = array.reshape(array.shape[0], -1)
    moving = flat[:, np.ptp(flat, axis=0) > 0]
    if moving.shape[1] < 2:
        raise ValueError(f"at least two entries must change from layer to layer, got {moving.shape[1]}")
    return moving
