"""A row of the table: one measured number with its standard error, and what the limit says of it."""

from __future__ import annotations

from typing import Any, TypeAlias

from deeplimits.statistics import Estimate, finite_or_none

Row: TypeAlias = dict[str, Any]


def row(measure: str, estimate: Estimate, predicted: float | None = None, **more: Any) -> Row:
    """Return a row.

    Args:
        measure: what was measured.
        estimate: the measured number.
        predicted: what the depth flow says of it at this width and depth; None if nothing.
        more: other columns: ``infinite``, what it is at infinite width and depth, and where it was measured.

    >>> row("mean", Estimate(1.6, 0.02, 50), 1.61, layer=3)["predicted"]
    1.61
    """
    return {
        "measure": measure,
        **more,
        "count": estimate.count,
        "measured": finite_or_none(estimate.value),
        "measured_standard_error": finite_or_none(estimate.standard_error),
        "predicted": predicted,
    }
