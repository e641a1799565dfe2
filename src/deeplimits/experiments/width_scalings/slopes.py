"""Scaling exponents from the table of results, and how far they are from those claimed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from deeplimits.sweeps import MomentDistance
from deeplimits.sweeps.table import DataFrame

if TYPE_CHECKING:
    from deeplimits.statistics import Estimate, ScalingExponent


def slope_distance(
    where: str, slope: float, claimed: float, count: int, error: float, degrees_of_freedom: float, *, at_most: bool
) -> MomentDistance:
    """Return the distance of an exponent to what is claimed of it; 0 for smaller ones if ``at_most`` is claimed."""
    excess = slope - claimed
    if at_most:
        return MomentDistance.beyond(where, excess, count, error, degrees_of_freedom)
    return MomentDistance(where, abs(excess), count, error, degrees_of_freedom)


def no_slope(where: str) -> MomentDistance:
    """Return the distance of an exponent that could not be measured."""
    return MomentDistance(where, math.nan, 0, math.nan, 0.0)


def runs_of(table: DataFrame, measure: str, **fields: Any) -> DataFrame:
    """Return the rows of a measure at the end of training, in the cells with these fields, by width."""
    import polars as pl

    # What tells panels apart is the cell's own, not the row's: a missing cell has nulls in the row's columns.
    wanted = {"batch": 0, "beside_width": 0, **fields}
    run = wanted.pop("run")
    cells = table.filter(*(pl.col(name) == value for name, value in wanted.items()), pl.col("runs").list.contains(run))
    here = (pl.col("run") == run) & (pl.col("measure") == measure) & pl.col("step").is_null()
    return cells.filter(here | pl.col("run").is_null()).sort("width")


def estimates_of(rows: DataFrame) -> dict[int, Estimate]:
    """Return width → estimate, of the widths at which there is a positive one with a standard error."""
    from deeplimits.statistics import Estimate

    return {
        row["width"]: Estimate(row["measured"], row["measured_standard_error"], row["count"])
        for row in rows.to_dicts()
        if row["measured"] is not None and row["measured"] > 0 and row["measured_standard_error"] is not None
    }


def exponent_of(rows: DataFrame) -> ScalingExponent | None:
    """Return the exponent over all widths there, that of the root for a variance; None with fewer than two widths."""
    from deeplimits.statistics import scaling_exponent

    values = _sizes_of(rows)
    return scaling_exponent(list(values), list(values.values())) if len(values) > 1 else None


def local_slopes(rows: DataFrame) -> dict[float, Estimate]:
    """Return the exponent between each width and the next one, by the geometric mean of the two."""
    from deeplimits.statistics import Estimate

    found = {}
    for (width, one), (wider, other) in pairwise(sorted(_sizes_of(rows).items())):
        distance = math.log(wider / width)
        relative = math.hypot(one.standard_error / one.value, other.standard_error / other.value)
        slope = math.log(other.value / one.value) / distance
        found[math.sqrt(width * wider)] = Estimate(slope, relative / distance, min(one.count, other.count))
    return found


def _sizes_of(rows: DataFrame) -> dict[int, Estimate]:
    """Return width → size of a measure: of a variance its root."""
    from deeplimits.statistics import Estimate

    values = estimates_of(rows)
    if not values or not rows["measure"].drop_nulls()[0].startswith("variance_"):
        return values
    return {
        width: Estimate(math.sqrt(one.value), one.standard_error / (2 * math.sqrt(one.value)), one.count)
        for width, one in values.items()
    }


def slope_distances(
    measure: str, claimed: Mapping[str, float], cell: Mapping[str, Any], table: DataFrame, *, at_most: bool = False
) -> list[MomentDistance]:
    """Return the distance of the exponent of a measure to what is claimed of it, for each run.

    A width that is missing, or at which every seed diverged, makes the distance missing: fewer widths are another
    exponent.

    Args:
        measure: which measure; of a variance the exponent is its root's.
        claimed: run → exponent.
        cell: fields of the cells, but for the width.
        table: the results.
        at_most: whether smaller exponents than claimed have distance 0.
    """
    found = []
    for run, exponent in claimed.items():
        rows = runs_of(table, measure, run=run, **cell)
        if rows.is_empty():
            continue
        where = f"exponent of {measure.removeprefix('variance_').replace('_', ' ')} for {run}"
        slope = exponent_of(rows) if rows["measured"].null_count() == 0 else None
        if slope is None:
            found.append(no_slope(where))
            continue
        widths = rows["width"].to_list()
        count = min(rows["count"].to_list())
        where += f" at widths {widths[0]} to {widths[-1]}"
        error, freedom = slope.standard_error, slope.degrees_of_freedom
        found.append(slope_distance(where, slope.value, exponent, count, error, freedom, at_most=at_most))
    return found
