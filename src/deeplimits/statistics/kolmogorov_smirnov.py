"""Kolmogorov–Smirnov distances of a sketch to a law and to another sketch."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.statistics.interval import Interval
from deeplimits.statistics.quantile_sketch import QuantileSketch

Cdf = Callable[[Float64Array], Float64Array]


def ks_distance(sketch: QuantileSketch, cdf: Cdf, *, delta: float, numerical_error: float = 0.0) -> Interval:
    """Return D = sup |F_N − F| and an interval for the distance between the sampled law and F.

    The interval D ± (sqrt(ln(2/δ) / 2N) + sketch error + numerical error) holds the distance of the *true* law of the
    values to F with probability at least 1 − δ, for every N and every law.

    Args:
        sketch: the sampled values.
        cdf: F, elementwise; it may jump.
        delta: δ, the probability with which the interval may miss.
        numerical_error: bound on the error of ``cdf``.

    Returns:
        The distance and its interval, cut to [0, 1].

    Raises:
        ValueError: the sketch is empty.

    Note:
        Exact but for the two stated errors. Both one-sided gaps are taken at every point, so F may be discontinuous.

    >>> sketch = QuantileSketch.from_values(np.array([0.1, 0.6, 0.8]))
    >>> round(ks_distance(sketch, lambda y: np.clip(y, 0.0, 1.0), delta=0.05).value, 12)
    0.266666666667

    References: massart1990tight, corollary 1.
    """
    _require_values(sketch)
    values, weights = sketch.points()
    ranks = np.concatenate([[0], np.cumsum(weights)]) / sketch.count
    above = float(np.max(ranks[1:] - cdf(values)))
    below = float(np.max(cdf(np.nextafter(values, -np.inf)) - ranks[:-1]))
    distance = max(above, below, 0.0)
    half_width = deviation_bound(sketch.count, delta) + sketch.rank_error + numerical_error
    return Interval(distance, max(0.0, distance - half_width), min(1.0, distance + half_width))


def deviation_bound(count: int, delta: float) -> float:
    """Return sqrt(ln(2/δ) / 2N): sup |F_N − F| exceeds it with probability at most δ.

    References: massart1990tight, corollary 1.
    """
    return math.sqrt(math.log(2 / delta) / (2 * count))


def ks_p_value(distance: float, count: int, *, error: float = 0.0) -> float:
    """Return P(sup |F_N − F| ≥ distance − error) for ``count`` draws from a continuous F.

    Args:
        distance: D, as measured.
        count: independent values behind it, N.
        error: bound on how far D may be off (sketch and cdf); it makes the p-value conservative.

    Note:
        Exact for continuous F, conservative where F jumps.
    """
    from scipy.stats import kstwo

    return float(kstwo.sf(max(0.0, distance - error), count))


def ks_two_sample(first: QuantileSketch, second: QuantileSketch) -> tuple[float, float]:
    """Return sup |F_N − G_M| and its p-value if both samples come from one law.

    The p-value is that of one sample of N M / (N + M) values, asymptotically right as both grow; the sketches' errors
    are taken off the distance first.

    Raises:
        ValueError: a sketch is empty.
    """
    _require_values(first)
    _require_values(second)
    values = np.union1d(first.points()[0], second.points()[0])
    distance = float(np.max(np.abs(first.cdf(values) - second.cdf(values))))
    effective = round(first.count / (first.count + second.count) * second.count)
    return distance, ks_p_value(distance, max(effective, 1), error=first.rank_error + second.rank_error)


def _require_values(sketch: QuantileSketch) -> None:
    if sketch.count == 0:
        raise ValueError("an empty sketch has no distance to a law; add values first")
