"""How far what was measured is from what is claimed, place by place."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from deeplimits.experiments.width_depth_commute.selection import place, rows_of
from deeplimits.experiments.width_scalings.slopes import no_slope
from deeplimits.sweeps import LawDistance, MomentDistance
from deeplimits.sweeps.table import DataFrame, number

Scale = Callable[[dict[str, Any]], float]
Where = Callable[[dict[str, Any]], bool]


def predicted(
    measures: str,
    measure: str,
    cell: Mapping[str, Any],
    table: DataFrame,
    *,
    column: str = "predicted",
    scale: Scale | None = None,
    where: Where = lambda row: True,
) -> list[MomentDistance]:
    """Return |measured − claimed| / scale of a measure at each of its rows.

    Args:
        measures: the kind of cell.
        measure: which measure.
        cell: fields of the cells that are not at the published setting; None for any value.
        table: the results.
        column: what is claimed: ``predicted`` at this width and depth, ``infinite``, or another one.
        scale: what the difference is measured in, from the row; the claimed value by default.
        where: which of the cells, by their own fields.
    """
    found = []
    for row in rows_of(table, measures, measure, **cell).to_dicts():
        if not where(row):
            continue
        claimed = number(row.get(column))
        unit = abs(claimed) if scale is None else scale(row)
        value = abs(number(row["measured"]) - claimed) / unit
        error = number(row["measured_standard_error"]) / unit
        found.append(MomentDistance(f"{measure} at {place(row)}", value, int(row["count"] or 0), error))
    return found


def gaussian(cell: Mapping[str, Any], table: DataFrame) -> list[LawDistance]:
    """Return the Kolmogorov–Smirnov distance of single preactivations to the limit's normal law."""
    return [
        LawDistance(
            f"ks at {place(row)}", number(row["measured"]), int(row["count"] or 0), floor=number(row["floor"] or 0.0)
        )
        for row in rows_of(table, "marginal", "ks", **cell).to_dicts()
    ]


def slope(
    measures: str,
    measure: str,
    claimed: float,
    cell: Mapping[str, Any],
    table: DataFrame,
    *,
    size: str = "width",
    where: Where = lambda row: True,
) -> list[MomentDistance]:
    """Return how far the exponent of a measure is from what is claimed; missing while one of its cells is.

    Args:
        measures: the kind of cell.
        measure: which measure, above 0.
        claimed: the exponent.
        cell: fields of the cells that are not at the published setting; None for any value.
        table: the results.
        size: column of the size.
        where: which of the cells, by their own fields.
    """
    from deeplimits.statistics import Estimate, scaling_exponent

    rows = [row for row in rows_of(table, measures, measure, **cell).to_dicts() if where(row)]
    if len(rows) < 2:
        return []
    sizes = sorted({row[size] for row in rows if row[size] is not None})
    text = f"exponent of {measure.replace('_', ' ')}"
    if any(row["measured"] is None for row in rows) or len(sizes) < 2:
        return [no_slope(text)]
    estimates = [Estimate(row["measured"], row["measured_standard_error"], row["count"]) for row in rows]
    found = scaling_exponent([row[size] for row in rows], estimates)
    count = min(estimate.count for estimate in estimates)
    text += f" at {size} {sizes[0]:g} to {sizes[-1]:g}"
    return [MomentDistance(text, abs(found.value - claimed), count, found.standard_error, found.degrees_of_freedom)]


def exact_slope(
    measure: str, claimed: float, cell: Mapping[str, Any], ends: tuple[int, int], table: DataFrame
) -> list[MomentDistance]:
    """Return how far the exponent of a regression's measure between two sizes is from what is claimed, without error.

    Every cell has the same numbers, as nothing random is in them.
    """
    rows = rows_of(table, "regression", measure, **cell).to_dicts()
    if not rows:
        return []
    values = {row["size"]: row["measured"] for row in rows}
    text = f"exponent of {measure.replace('_', ' ')} at depth {ends[0]} to {ends[1]}"
    if not all(values.get(size) for size in ends):
        return [MomentDistance(text, math.nan, 0, math.nan)]
    found = math.log(values[ends[1]] / values[ends[0]]) / math.log(ends[1] / ends[0])
    return [MomentDistance(text, abs(found - claimed), 1, 0.0)]
