"""How far what was measured is from what is claimed, place by place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

from deeplimits.sweeps import MomentDistance
from deeplimits.sweeps.table import DataFrame

Cell = Mapping[str, Any]


def rows_of(table: DataFrame, measure: str, cell: Cell) -> DataFrame:
    """Return the rows of a measure in the cells with these fields, and the rows of cells that are missing."""
    import polars as pl

    cells = table.filter(*(pl.col(name) == value for name, value in cell.items()))
    return cells.filter((pl.col("measure") == measure) | pl.col("measure").is_null())


def beside(
    measure: str, cell: Cell, table: DataFrame, *, of: str = "predicted", relative: bool = False
) -> list[MomentDistance]:
    """Return |measured − said| of each row of a measure, over what is said if ``relative``.

    Args:
        measure: which.
        cell: fields of the cells looked at.
        table: the results.
        of: ``predicted`` or ``limit``: what is said at the cell's depth, or at infinite depth.
        relative: whether to divide.
    """
    found = []
    for row in rows_of(table, measure, cell).to_dicts():
        said = math.nan if row[of] is None else float(row[of])
        found.append(_distance(measure, row, said, abs(said) if relative else 1.0))
    return found


def one_sided(
    measure: str, side: Literal["at least", "at most"], bound: float, cell: Cell, table: DataFrame, *, after: int = 0
) -> list[MomentDistance]:
    """Return by how much each row of a measure after step ``after`` is on the wrong side of a bound, 0 if on the right.

    Args:
        measure: which.
        side: on which side it is claimed to be.
        bound: the number.
        cell: fields of the cells looked at.
        table: the results.
        after: the last step not looked at.
    """
    sign = 1.0 if side == "at most" else -1.0
    return [
        _excess(measure, row, sign, bound, 1.0)
        for row in rows_of(table, measure, cell).to_dicts()
        if row["step"] is None or row["step"] > after
    ]


def below_start(cell: Cell, table: DataFrame) -> list[MomentDistance]:
    """Return by which share the smallest eigenvalue is below the one predicted at step 0, at each later step."""
    import polars as pl

    found: list[MomentDistance] = []
    rows = rows_of(table, "smallest_eigenvalue", cell)
    for (_,), some in rows.group_by("cell", maintain_order=True):
        first = some.filter(pl.col("step") == 0)
        start = math.nan if first.is_empty() else float(first["predicted"][0])
        found += [
            _excess("smallest_eigenvalue", row, -1.0, start, start) for row in some.to_dicts() if row["step"] != 0
        ]
    return found


def exponent(measure: str, claimed: float, cell: Cell, table: DataFrame, *, divide: str = "") -> list[MomentDistance]:
    """Return how far the power of LM with which a measure scales is from the one claimed, for each coordinate.

    Args:
        measure: of which scaled values are in the table.
        claimed: the power.
        cell: fields of the cells looked at.
        table: the results.
        divide: ``LM`` if the table's values are multiplied by LM: the power is of what they were before.

    Note: a weighted least-squares line through logarithms with the standard errors that they have.
    """
    import numpy as np

    found: list[MomentDistance] = []
    rows = rows_of(table, measure, cell)
    if rows["cell"].n_unique() < 2:
        return found
    text = f"power of {measure} in LM"
    if rows["measured"].null_count():
        return [MomentDistance(text, math.nan, 0, math.nan)]
    for (coordinate,), some in rows.group_by("coordinate", maintain_order=True):
        size = (some["depth"] * some["particles"]).to_numpy().astype(float)
        value, error = (some[name].to_numpy() for name in ("measured", "measured_standard_error"))
        x, y, weight = np.log(size), np.log(value), (value / error) ** 2
        centred = x - np.average(x, weights=weight)
        square = float(np.sum(weight * centred**2))
        slope = float(np.sum(weight * centred * y)) / square - (1.0 if divide == "LM" else 0.0)
        where = text if coordinate is None else f"{text}, coordinate {coordinate}"
        found.append(MomentDistance(where, abs(slope - claimed), min(some["count"].to_list()), square**-0.5))
    return found


def _excess(measure: str, row: Mapping[str, Any], sign: float, bound: float, unit: float) -> MomentDistance:
    plain = _distance(measure, row, bound, unit)
    beyond = math.nan if plain.missing else sign * (float(row["measured"]) - bound) / unit
    return MomentDistance.beyond(plain.where, beyond, plain.count, plain.standard_error, plain.degrees_of_freedom)


def _distance(measure: str, row: Mapping[str, Any], claimed: float, unit: float) -> MomentDistance:
    names = ("law", "layers", "step", "coordinate", "entry")
    about = "".join(f", {name} {row[name]}" for name in names if row[name] is not None and name in row)
    where = f"{measure.replace('_', ' ')}{about} at depth {row['depth']}, particles {row['particles']}"
    if row["measured"] is None or row["measured_standard_error"] is None:
        return MomentDistance(where, math.nan, 0, math.nan)
    error = float(row["measured_standard_error"]) / unit
    count = int(row["count"])
    return MomentDistance(where, abs(float(row["measured"]) - claimed) / unit, count, error, count - 1.0)
