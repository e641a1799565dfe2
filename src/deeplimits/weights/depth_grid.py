"""Depths in a geometric grid."""

from __future__ import annotations

import math

from deeplimits.validation import positive_integer, positive_number

_ROUNDING = 1e-12


def depth_grid(deepest: int, *, shallowest: int = 3, base: float = 1.2) -> list[int]:
    """Return the depths floor(base^n), n = 0, 1, …, from ``shallowest`` to ``deepest``, each once.

    Raises:
        ValueError: ``base`` is not above 1, or a depth is below 1.

    References: cohen2021scaling.

    >>> depth_grid(20)
    [3, 4, 5, 6, 7, 8, 10, 12, 15, 18]
    >>> len(depth_grid(10_000)), depth_grid(10_000)[-1]
    (44, 9100)
    """
    positive_integer("deepest", deepest)
    positive_integer("shallowest", shallowest)
    if positive_number("base", base) <= 1:
        raise ValueError(f"base must be above 1, got {base:g}")
    powers = range(math.ceil(math.log(deepest) / math.log(base)) + 1)
    # base^n may be a whole number but for rounding, as 2^(3/3).
    depths = {math.floor(base**n * (1 + _ROUNDING)) for n in powers}
    return sorted(depth for depth in depths if shallowest <= depth <= deepest)
