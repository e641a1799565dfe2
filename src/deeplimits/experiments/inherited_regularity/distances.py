"""How far what was measured is from what is claimed, place by place."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from deeplimits.experiments.inherited_regularity.grid import DEFAULTS
from deeplimits.sweeps import MomentDistance
from deeplimits.sweeps.table import DataFrame


def cells_of(table: DataFrame, measures: str, **fields: Any) -> list[DataFrame]:
    """Return the rows of each cell with these fields; a cell that is missing has one row of nulls."""
    import polars as pl

    wanted = {**DEFAULTS, "measures": measures, **fields}
    cells = table.filter(*(pl.col(name) == value for name, value in wanted.items()))
    return cells.partition_by("cell", maintain_order=True)


def row_of(cell: DataFrame, measure: str, stage: str | None = None) -> Mapping[str, Any] | None:
    """Return the row of a measure, or None if there is none or nothing could be measured."""
    import polars as pl

    here = pl.col("measure") == measure
    if stage is not None:
        here &= pl.col("stage") == stage
    rows = cell.filter(here & pl.col("measured").is_not_null()).to_dicts()
    return rows[0] if rows else None


def regularity(measure: str, claimed: float, laws: Sequence[str], table: DataFrame) -> list[MomentDistance]:
    """Return |measured − claimed| of weights after training, in each cell of these laws."""
    return [
        _distance(f"{measure} after training", cell, row_of(cell, measure, "end"), lambda value: abs(value - claimed))
        for law in laws
        for cell in cells_of(table, "paths", law=law)
    ]


def change_of_regularity(measure: str, laws: Sequence[str], table: DataFrame) -> list[MomentDistance]:
    """Return |after − before training|; errors of both are added, though they are not independent."""
    found = []
    for law in laws:
        for cell in cells_of(table, "paths", law=law):
            before, after = (row_of(cell, measure, stage) for stage in ("start", "end"))
            where = f"{measure} before and after training"
            if before is None or after is None:
                found.append(_distance(where, cell, None, abs))
                continue
            error = before["measured_standard_error"] + after["measured_standard_error"]
            both = {**after, "measured": after["measured"] - before["measured"], "measured_standard_error": error}
            found.append(_distance(where, cell, both, abs))
    return found


def movement(claimed: float, table: DataFrame) -> list[MomentDistance]:
    """Return by how much the weights have moved less than claimed, over what is claimed."""
    return [
        _at_least("movement", cell, row_of(cell, "movement"), claimed, claimed) for cell in cells_of(table, "paths")
    ]


def accuracy(
    claimed: float, cells: Sequence[tuple[str, float]], table: DataFrame, **fields: Any
) -> list[MomentDistance]:
    """Return |largest accuracy over learning rates − claimed| for these laws and exponents."""
    return [
        _distance("largest accuracy", cell, row_of(cell, "best_accuracy"), lambda value: abs(value - claimed))
        for law, exponent in cells
        for cell in cells_of(table, "map", law=law, exponent=exponent, **fields)
    ]


def shortfall(
    claimed: float, cells: Sequence[tuple[str, float]], table: DataFrame, *, below: bool = False, **fields: Any
) -> list[MomentDistance]:
    """Return by how much the largest accuracy is below what is claimed; above it if ``below`` is claimed."""
    sign = -1.0 if below else 1.0
    return [
        _at_least("largest accuracy", cell, row_of(cell, "best_accuracy"), claimed, sign)
        for law, exponent in cells
        for cell in cells_of(table, "map", law=law, exponent=exponent, **fields)
    ]


def difference(law: str, exponents: tuple[float, float], table: DataFrame) -> list[MomentDistance]:
    """Return how far apart largest accuracies at two exponents are."""
    cells = [cells_of(table, "map", law=law, exponent=exponent) for exponent in exponents]
    found = []
    for one, other in zip(*cells, strict=False):
        rows = [row_of(cell, "best_accuracy") for cell in (one, other)]
        where = f"accuracy at exponents {exponents[0]:g} and {exponents[1]:g}"
        if rows[0] is None or rows[1] is None:
            found.append(_distance(where, one, None, abs))
            continue
        error = math.hypot(*(row["measured_standard_error"] for row in rows if row is not None))
        both = {**rows[0], "measured": rows[0]["measured"] - rows[1]["measured"], "measured_standard_error": error}
        found.append(_distance(where, one, both, abs))
    return found


def _where(text: str, cell: DataFrame) -> str:
    fields = cell.row(0, named=True)
    return f"{text} at {fields['law']}, exponent {fields['exponent']:g}, depth {fields['depth']}, {fields['data']}"


def _distance(
    text: str, cell: DataFrame, row: Mapping[str, Any] | None, distance: Callable[[float], float]
) -> MomentDistance:
    if row is None:
        return MomentDistance(_where(text, cell), math.nan, 0, math.nan)
    error = float(row["measured_standard_error"])
    return MomentDistance(_where(text, cell), distance(float(row["measured"])), int(row["count"]), error)


def _at_least(text: str, cell: DataFrame, row: Mapping[str, Any] | None, claimed: float, unit: float) -> MomentDistance:
    """Return (claimed − measured) / unit where it is positive; a negative unit claims at most."""
    if row is None:
        return MomentDistance(_where(text, cell), math.nan, 0, math.nan)
    excess, error = (claimed - row["measured"]) / unit, row["measured_standard_error"] / abs(unit)
    return MomentDistance.beyond(_where(text, cell), excess, int(row["count"]), error)
