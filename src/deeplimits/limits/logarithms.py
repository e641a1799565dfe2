"""Logarithms of scales and variances that may be 0."""

from __future__ import annotations

import math


def log_of(value: float) -> float:
    """Return ln of a number of at least 0, −∞ for 0.

    >>> log_of(0.0)
    -inf
    """
    return math.log(value) if value > 0 else -math.inf
