"""One row of the table: a measured number with its standard error, beside what theory says of it."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

from deeplimits._typing import Float64Array
from deeplimits.statistics import Estimate, finite_or_none

Row: TypeAlias = dict[str, Any]


def row_of(measure: str, estimate: Estimate, predicted: float | None = None, limit: float | None = None) -> Row:
    """Return a row.

    Args:
        measure: what was measured.
        estimate: the number.
        predicted: what infinitely many particles give at the cell's depth.
        limit: what they give at infinite depth.
    """
    return {
        "measure": measure,
        "count": estimate.count,
        "measured": finite_or_none(estimate.value),
        "measured_standard_error": finite_or_none(estimate.standard_error),
        "predicted": predicted,
        "limit": limit,
    }


def scaled(estimate: Estimate, factor: float, less: float = 0.0) -> Estimate:
    """Return factor · (estimate − less).

    >>> print(scaled(Estimate(1.5, 0.1, 10), 2.0, 1.0))
    1.00(20)
    """
    return Estimate(factor * (estimate.value - less), abs(factor) * estimate.standard_error, estimate.count)


def root(estimate: Estimate) -> Estimate:
    """Return the root of an estimate.

    >>> print(root(Estimate(4.0, 0.4, 10)))
    2.00(10)
    """
    value = math.sqrt(estimate.value)
    return Estimate(value, estimate.standard_error / (2 * value), estimate.count)


def mean_of(values: Float64Array) -> Estimate:
    """Return the mean of independent values and its standard error."""
    return Estimate(float(values.mean()), float(values.std(ddof=1) / math.sqrt(len(values))), len(values))
