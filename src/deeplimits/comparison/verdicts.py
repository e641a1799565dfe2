"""The rules: when a measurement is within a prediction, outside it, or undecided, and what would decide."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from typing import Literal, TypeVar

from deeplimits.statistics import Interval

Verdict = Literal["within", "outside", "undecided"]
Name = TypeVar("Name", bound=Hashable)

CONFIDENCE_LEVEL = 0.05  # probability that any interval of a comparison misses, shared between its rows
DEFAULT_TOLERANCE = 0.02
_SEVERITY: dict[Verdict, int] = {"within": 0, "undecided": 1, "outside": 2}
_MOST_NETWORKS = 1e15
_MOST_SAMPLES = 1.645  # normal quantile: of samples of the number forecast, about 95 % shall decide
_KOLMOGOROV_MEAN = math.sqrt(math.pi / 2) * math.log(2)  # lim sqrt(N) E sup |F_N − F|


def decide(distance: Interval, tolerance: float) -> Verdict:
    """Judge a distance by its interval.

    Returns:
        ``within`` if the upper end is at most ``tolerance``, ``outside`` if the lower end is above it, else
        ``undecided``.

    >>> decide(Interval(0.01, 0.0, 0.03), 0.02)
    'undecided'
    """
    if distance.high <= tolerance:
        return "within"
    return "outside" if distance.low > tolerance else "undecided"


def worst(distances: Mapping[Name, Interval], tolerance: float) -> tuple[Name, Verdict]:
    """Return which of a statement's parts decides on it, and the verdict: the worst, of equals the farthest.

    >>> worst({"mean": Interval(0.01, 0.0, 0.03), "variance": Interval(0.018, 0.017, 0.019)}, 0.02)
    ('mean', 'undecided')
    """
    name = max(distances, key=lambda part: (_SEVERITY[decide(distances[part], tolerance)], distances[part].value))
    return name, decide(distances[name], tolerance)


def normal_distance(difference: float, standard_error: float, scale: float, delta: float) -> Interval:
    """Return |difference| / scale with its normal interval at confidence 1 − δ.

    Args:
        difference: measured minus predicted.
        standard_error: of the difference.
        scale: what the difference is measured in; above 0.
        delta: δ, the probability with which the interval may miss.
    """
    value, half_width = abs(difference) / scale, normal_quantile(delta) * standard_error / scale
    return Interval(value, max(0.0, value - half_width), value + half_width)


def z_p_value(difference: float, standard_error: float, rounding: float) -> float:
    """Return the two-sided p-value of a difference under no difference.

    Args:
        difference: measured minus predicted.
        standard_error: of the difference; where it is 0, only ``rounding`` separates equal from different.
        rounding: a difference that floating-point numbers can make.
    """
    if abs(difference) <= rounding:
        return 1.0
    if standard_error == 0:
        return 0.0
    return math.erfc(abs(difference) / standard_error / math.sqrt(2))


def networks_for_law(distance: Interval, floor: float, tolerance: float, count: int, delta: float) -> float:
    """Estimate how many networks decide a Kolmogorov–Smirnov distance; see `networks_to_decide`.

    Args:
        distance: D and its interval for ``count`` networks.
        floor: what no number of networks takes off the half-width: sketch and numerical error.
        tolerance: largest distance that is within.
        count: networks measured.
        delta: δ of the interval.
    """
    margin = math.sqrt(math.log(2 / delta) / 2) + _MOST_SAMPLES / 2  # D scatters by at most 1 / (2 sqrt(N))
    return networks_to_decide(distance.value, _KOLMOGOROV_MEAN, margin, floor, tolerance, count)[0]


def networks_for_moment(
    value: float, standard_error: float, tolerance: float, count: int, delta: float
) -> tuple[float, Verdict]:
    """Estimate how many networks decide a moment's distance, and how; see `networks_to_decide`.

    Args:
        value: |difference| / scale.
        standard_error: its standard error for ``count`` networks.
        tolerance: largest distance that is within.
        count: networks measured.
        delta: δ of the interval.
    """
    noise = standard_error * math.sqrt(count)
    return networks_to_decide(value, noise, noise * (normal_quantile(delta) + _MOST_SAMPLES), 0.0, tolerance, count)


def networks_to_decide(
    value: float, noise: float, margin: float, floor: float, tolerance: float, count: int
) -> tuple[float, Verdict]:
    """Estimate the number of networks at which an undecided distance is decided, and how it will be.

    A distance measured on N networks is about sqrt(d² + noise² / N), d the true one; its interval's half-width, with
    room for the distance's scatter, is margin / sqrt(N) + floor. So d is what is left of ``value`` without the noise
    at ``count``, and the answer is the first N at which that distance is within or outside.

    Args:
        value: distance measured on ``count`` networks.
        noise: sqrt(N) times what N networks measure where the true distance is 0.
        margin: sqrt(N) times the half-width of the interval and the scatter to allow for.
        floor: part of the half-width that does not fall with N.
        tolerance: largest distance that is within.
        count: networks measured.

    Returns:
        The number, rounded up to two digits, and the verdict to expect; ``(inf, "undecided")`` if the distance is too
        near to the tolerance for any feasible number.
    """
    squared = max(0.0, value**2 - noise**2 / count)

    def verdict(networks: float) -> Verdict:
        expected = math.sqrt(squared + noise**2 / networks)
        half_width = margin / math.sqrt(networks) + floor
        return decide(Interval(expected, expected - half_width, expected + half_width), tolerance)

    number = _first(lambda networks: verdict(networks) != "undecided", float(count))
    return (rounded_up(number), verdict(number)) if math.isfinite(number) else (number, "undecided")


def _first(decided: Callable[[float], bool], low: float) -> float:
    """Return, within 1 %, the smallest number above ``low`` that is decided; being decided is monotone."""
    high = 2 * low
    while not decided(high):
        low, high = high, 2 * high
        if high > _MOST_NETWORKS:
            return math.inf
    while high > 1.01 * low:
        middle = math.sqrt(low * high)
        low, high = (low, middle) if decided(middle) else (middle, high)
    return high


def rounded_up(number: float) -> float:
    """Return ``number`` rounded up to two digits."""
    unit = 10.0 ** (math.floor(math.log10(number)) - 1)
    return math.ceil(number / unit) * unit


def normal_quantile(delta: float) -> float:
    """Return z with P(|Z| > z) = δ."""
    from scipy.special import ndtri

    return float(-ndtri(delta / 2))
