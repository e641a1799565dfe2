"""Means over few seeds, with Student's intervals."""

from __future__ import annotations

import math

import numpy as np

from deeplimits._typing import ArrayLike
from deeplimits.statistics.estimate import Estimate
from deeplimits.statistics.interval import Interval


def mean_over_seeds(values: ArrayLike) -> Estimate:
    """Return the mean of independent seeds and its standard error, ``inf`` for one seed, NaN and ``inf`` for none.

    >>> print(mean_over_seeds([1.0, 2.0, 3.0]))
    2.00(58)
    """
    array = np.asarray(values, dtype=np.float64)
    if not array.size:
        return Estimate(math.nan, math.inf, 0)
    error = float(array.std(ddof=1)) / math.sqrt(array.size) if array.size > 1 else math.inf
    return Estimate(float(array.mean()), error, int(array.size))


def student_interval(estimate: Estimate, delta: float = 0.05) -> Interval:
    """Return the interval of a mean over seeds that misses with probability ``delta`` if they are normal.

    >>> interval = student_interval(mean_over_seeds([1.0, 2.0, 3.0]))
    >>> round(interval.high, 4)
    4.4841
    """
    if estimate.count < 2:
        return Interval(estimate.value, -math.inf, math.inf)
    half_width = student_quantile(delta, estimate.count - 1) * estimate.standard_error
    return Interval(estimate.value, estimate.value - half_width, estimate.value + half_width)


def student_quantile(delta: float, degrees_of_freedom: float) -> float:
    """Return t with P(|T| > t) = δ for Student's T; ``inf`` without a degree of freedom."""
    from scipy.special import stdtrit

    return float(-stdtrit(degrees_of_freedom, delta / 2)) if degrees_of_freedom > 0 else math.inf
