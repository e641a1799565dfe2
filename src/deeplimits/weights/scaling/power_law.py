"""The power of the depth that a statistic follows, with an interval, and how straight the line is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.statistics import Interval, student_quantile
from deeplimits.weights.scaling.resampling import AtDepth, resample_networks

# A slope, its curvature and the scatter about them need four points.
MINIMUM_DEPTHS = 4
_LEVEL = 0.05
# A bend that is certain but changes the slope by less than this over all depths is not worth a flag.
_SLIGHT_BEND = 0.1


@dataclass(frozen=True)
class PowerLaw(Interval):
    """Hold the exponent e of a statistic ∝ L^e with its 95 % interval; NaN where the statistic is 0 or undefined.

    Args:
        value: slope of the least-squares line of the statistic's logarithm on ln L.
        low: lower end.
        high: upper end.
        deep_value: the slope over the deeper half of ln L.
        bend: change of the slope from the smallest depth to the largest, by a quadratic term.
        curved: whether the bend is significant, and above 0.1.
        depths: used, ascending.
        local_slopes: between each depth and the next one.
        zero_at: depths where the statistic is 0.
    """

    deep_value: float
    bend: float
    curved: bool
    depths: tuple[int, ...]
    local_slopes: tuple[float, ...]
    zero_at: tuple[int, ...] = ()


def power_law(points: Sequence[AtDepth], statistic: str) -> PowerLaw:
    """Return the exponent of a statistic over depths, which ascend.

    The line is the paper's, unweighted. With several networks at each depth the interval is that of their resampling:
    Student's, with as many degrees of freedom as there are networks beyond the first of each depth. With one network
    it is the wider of two, that of resampled entries, and Student's of the points' scatter about the line, which sees
    also what differs between networks that were trained apart.

    References: cohen2021scaling.
    """
    logs = np.array([point.logarithms[statistic] for point in points])
    zero_at = tuple(point.depth for point, log in zip(points, logs, strict=True) if log == -math.inf)
    used = [point for point, log in zip(points, logs, strict=True) if math.isfinite(log)]
    depths = tuple(point.depth for point in used)
    if len(used) < MINIMUM_DEPTHS:
        return PowerLaw(math.nan, math.nan, math.nan, math.nan, math.nan, False, depths, (), zero_at)
    x, y = np.log(np.array(depths, dtype=np.float64)), logs[np.isfinite(logs)]
    replicates = np.array([point.replicates[statistic] for point in used])
    replicates = np.where(np.isfinite(replicates), replicates, y[:, None])
    freedom = sum(point.num_networks - 1 for point in used)
    slope, half_width = _coefficient(x, y, replicates, freedom, degree=1)
    second, second_half_width = _coefficient(x, y, replicates, freedom, degree=2)
    bend = 2 * second * float(np.ptp(x))
    certain = abs(second) > second_half_width
    return PowerLaw(
        slope,
        slope - half_width,
        slope + half_width,
        deep_value=_deep_slope(x, y),
        bend=bend,
        curved=certain and abs(bend) > _SLIGHT_BEND,
        depths=depths,
        local_slopes=tuple((np.diff(y) / np.diff(x)).tolist()),
        zero_at=zero_at,
    )


def power_law_of_logarithms(by_depth: Mapping[int, Sequence[float]], *, seed: int = 0) -> PowerLaw:
    """Return the exponent of a statistic whose logarithms are given for several networks of each depth.

    Args:
        by_depth: depth → one logarithm for each network, at least two.
        seed: of the bootstrap.

    Raises:
        ValueError: a depth has fewer than two networks.
    """
    few = [depth for depth, values in by_depth.items() if len(values) < 2]
    if few:
        raise ValueError(f"an interval needs two networks at each depth, got fewer at {few}")
    name = "statistic"
    each = ((depth, {name: np.asarray(by_depth[depth], dtype=np.float64)}) for depth in sorted(by_depth))
    return power_law([resample_networks(depth, values, seed) for depth, values in each], name)


def _coefficient(
    x: Float64Array, y: Float64Array, replicates: Float64Array, freedom: int, degree: int
) -> tuple[float, float]:
    """Return the leading coefficient of the least-squares polynomial in ln L, and half its interval.

    ``freedom`` counts networks beyond the first of each depth; 0 means one at each.
    """
    design = np.vander((x - x.mean()), degree + 1)
    solve = np.linalg.pinv(design)
    coefficients = solve @ y
    from_replicates = float(np.std(solve[0] @ replicates))
    if freedom:
        return float(coefficients[0]), student_quantile(_LEVEL, freedom) * from_replicates
    left = len(x) - degree - 1
    from_scatter = math.sqrt(np.sum((y - design @ coefficients) ** 2) / left) * float(np.linalg.norm(solve[0]))
    quantiles = student_quantile(_LEVEL, math.inf), student_quantile(_LEVEL, left)
    return float(coefficients[0]), max(quantiles[0] * from_replicates, quantiles[1] * from_scatter)


def _deep_slope(x: Float64Array, y: Float64Array) -> float:
    """Return the slope over the deeper half of the range of ln L, of at least three points."""
    count = max(3, int(np.count_nonzero(x >= (x[0] + x[-1]) / 2)))
    return float(np.polynomial.polynomial.polyfit(x[-count:] - x[-1], y[-count:], 1)[1])
