"""Where a distance crosses a tolerance: bracketed from the good end, then halved."""

from __future__ import annotations

import math
from collections.abc import Callable

from deeplimits.comparison.planning.family import Family

_PRECISION = 1e-3
_STRIDE = 10.0


def crossing(family: Family, within: Callable[[float], bool]) -> float | None:
    """Return the value farthest from the good end up to which every value tried is within the tolerance.

    From the good end it goes outwards by factors of 10 to the first value that is not within, and halves that last
    stride, on a logarithmic scale: to 0.1 %, a whole number below 1000 exactly. A region within beyond one that is not
    is passed over, so that the answer holds for everything between it and the good end (between the values tried).

    Returns:
        The value, or None if not even the good end is within.
    """
    outwards = _STRIDE if family.good_end == "low" else 1 / _STRIDE
    good, last = family.best, family.worst
    if not within(good):
        return None
    while good != last:
        following = _clipped(good * outwards, family)
        if within(following):
            good = following
            continue
        return _halved(good, following, family, within)
    return last


def _halved(good: float, bad: float, family: Family, within: Callable[[float], bool]) -> float:
    while abs(math.log(good / bad)) > _PRECISION:
        if family.whole and abs(good - bad) <= 1:
            break
        middle = math.sqrt(good * bad)
        if family.whole:
            middle = float(round(middle))
            middle += (middle == min(good, bad)) - (middle == max(good, bad))
        good, bad = (middle, bad) if within(middle) else (good, middle)
    return good


def _clipped(value: float, family: Family) -> float:
    value = float(round(value)) if family.whole else value
    return min(max(value, family.low), family.high)
