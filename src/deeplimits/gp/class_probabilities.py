"""The probability that one of several independent normal variables of equal variance is the largest."""

from __future__ import annotations

import numpy as np
from scipy.special import log_ndtr

from deeplimits._typing import Float64Array

# The largest of the variables is within 8 deviations of the largest mean but for 1e-15; what is integrated is smooth on
# the scale of a deviation, so the trapezoidal rule converges faster than any power of the step.
_GRID = np.linspace(-8.0, 8.0, 65)
_BLOCK = 512


def probability_of_largest(mean: Float64Array, deviation: Float64Array) -> Float64Array:
    """Return P(Y_c is the largest of Y_1 … Y_C) for independent Y_c ~ N(mean_c, deviation²).

    ∫ φ(v − m_c) Π_{j≠c} Φ(v − m_j) dv with m = mean / deviation.

    Args:
        mean: array (inputs, classes).
        deviation: array (inputs,), at least 0; without deviation the largest mean has probability 1.

    Returns:
        Array (inputs, classes) whose rows sum to 1 and are ordered as the means are.

    Note: absolute error below 1e-10.

    >>> probability_of_largest(np.array([[0.0, 0.0, 0.0, 0.0]]), np.array([1.0])).round(12)
    array([[0.25, 0.25, 0.25, 0.25]])
    """
    blocks = [slice(start, start + _BLOCK) for start in range(0, len(mean), _BLOCK)]
    return np.concatenate([_largest(mean[block], deviation[block]) for block in blocks])


def _largest(mean: Float64Array, deviation: Float64Array) -> Float64Array:
    below = mean - mean.max(axis=1, keepdims=True)
    # A deviation of 0 becomes one that is tiny beside any difference of means that is not rounding.
    floor = np.maximum(1e-12 * np.ptp(mean, axis=1), np.finfo(np.float64).tiny)
    distance = _GRID - (below / np.maximum(deviation, floor)[:, None])[:, :, None]
    inside = log_ndtr(distance)
    logs = inside.sum(axis=1, keepdims=True) - inside - 0.5 * distance**2
    raw = np.exp(logs).sum(axis=2)
    return np.asarray(raw / raw.sum(axis=1, keepdims=True))
