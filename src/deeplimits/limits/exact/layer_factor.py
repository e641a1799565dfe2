"""The exact law of what one layer does to the squared norm, where it forgets everything else."""

from __future__ import annotations

import math

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.limits.laws import LogChiSquareMixture
from deeplimits.limits.laws.gamma_excess import log_gamma_excess

_REACH = 9.5
"""Standard deviations of B kept on either side; what is outside weighs less than 1e-19."""

_POISSON_TAIL = 15
"""What a Poisson law reaches further up than a normal one."""

LARGEST_MEAN = 1e12
"""Largest mean of a Poisson number of degrees of freedom whose weights keep nine digits."""


def gated_factor(width: int) -> LogChiSquareMixture:
    """Return ln(χ²_B / (n/2)), B the number of active neurons among n, given that there is one.

    B ~ Bin(n, ½): at one input the activity of a neuron is independent of its magnitude.

    Args:
        width: n.

    References: hanin2019products, the norm of a ReLU network as a product (rederived).
    """
    mean, deviation = width / 2, math.sqrt(width) / 2
    degrees = _support(mean, deviation, 1.0, min(float(width), mean + _REACH * deviation))
    distance = degrees - mean
    return _mixture(degrees, -_log_factorial_ratio(mean, distance) - _log_factorial_ratio(mean, -distance), mean)


def noncentral_factor(width: int, skip_share: float, branch_share: float) -> LogChiSquareMixture:
    """Return the logarithm of what a layer multiplies the squared norm by, over its mean, if φ preserves norms.

    ‖a u + b g/√n‖² = (b²/n) χ²_n(n a²/b²) for a unit vector u and g ~ N(0, I_n), a noncentral χ², that is a χ² with
    n + 2 Poisson(n a²/(2 b²)) degrees of freedom.

    Args:
        width: n.
        skip_share: a².
        branch_share: b² = 1 − a², above 0.
    """
    mean = width / 2 * skip_share / branch_share
    if mean == 0:
        return LogChiSquareMixture(np.array([float(width)]), np.ones(1), float(width))
    counts = _support(mean, math.sqrt(mean), 0.0, mean + _REACH * math.sqrt(mean) + _POISSON_TAIL)
    centre = float(math.floor(mean))
    distance = counts - centre
    log_weights = distance * math.log(mean / (centre + 1)) - _log_factorial_ratio(centre, distance, scaled=True)
    return _mixture(width + 2 * counts, log_weights, width + 2 * mean)


def _support(mean: float, deviation: float, least: float, most: float) -> Float64Array:
    """Return the numbers that matter, thinned to four a standard deviation.

    A sum over every h-th value of a lattice law differs from the whole sum by its characteristic function at 2π/h:
    e^{−2π² 16} for h = deviation/4.
    """
    stride = max(1, math.floor(deviation / 4))
    low = max(least, math.floor(mean - _REACH * deviation))
    return np.arange(low, math.floor(most) + 1, stride, dtype=np.float64)


def _log_factorial_ratio(centre: float, distance: Float64Array, scaled: bool = False) -> Float64Array:
    """Return ln Γ(centre + 1 + distance) − ln Γ(centre + 1), less distance · ln(centre + 1) if ``scaled``."""
    x = np.asarray(centre + 1, dtype=np.float64)
    excess = np.asarray(log_gamma_excess(x, distance + 0j).real, dtype=np.float64)
    return excess if scaled else excess + distance * np.log(x)


def _mixture(degrees: Float64Array, log_weights: Float64Array, reference: float) -> LogChiSquareMixture:
    weights = np.exp(log_weights - log_weights.max())
    return LogChiSquareMixture(degrees, weights / weights.sum(), reference)
