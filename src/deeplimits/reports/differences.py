"""What differs between two runs of one experiment."""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from deeplimits.reports.content import Run

_ERROR = "_standard_error"


@dataclass(frozen=True)
class Difference:
    """Hold how far one column of two runs is apart.

    Args:
        column: its name.
        rows: rows that both runs have.
        different: rows in which the two numbers are not the same to the last bit.
        largest: the largest |first − second|.
        in_errors: the largest difference in combined standard errors; None for a column without standard error.
    """

    column: str
    rows: int
    different: int
    largest: float
    in_errors: float | None


def differences(left: Run, right: Run) -> list[Difference]:
    """Return the difference of every measured number, over the cells that the two runs share by their fields.

    A cell's effort (how many networks) is no part of what makes two cells the same; a row is told by its place in its
    cell.
    """
    keys = [name for name in left.table.columns if name in right.table.columns and _is_field(name, left, right)]
    joined = _numbered(left.table, keys).join(_numbered(right.table, keys), on=[*keys, "_place"], suffix="_of_second")
    measured = [
        name
        for name, kind in left.table.schema.items()
        if kind.is_numeric() and name not in keys and f"{name}_of_second" in joined.columns
    ]
    found = (_difference(joined, name) for name in measured if not name.endswith(_ERROR))
    return [difference for difference in found if difference.rows]


def _is_field(name: str, left: Run, right: Run) -> bool:
    grids = left.store.grid().columns, right.store.grid().columns
    return name not in ("cell", "num_networks", "seed") and all(name in grid for grid in grids)


def _numbered(table: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return ``table`` with each row's place among those of the same fields."""
    if not keys:
        return table.with_row_index("_place")
    return table.with_columns(pl.int_range(pl.len()).over(keys).alias("_place"))


def _difference(joined: pl.DataFrame, name: str) -> Difference:
    other = f"{name}_of_second"
    both = joined.filter(pl.col(name).is_not_null() & pl.col(other).is_not_null())
    apart = (both[name].cast(pl.Float64) - both[other].cast(pl.Float64)).abs()
    errors = None
    if f"{name}{_ERROR}_of_second" in both.columns and len(both):
        combined = (both[f"{name}{_ERROR}"] ** 2 + both[f"{name}{_ERROR}_of_second"] ** 2).sqrt()
        errors = _largest(apart / combined)
    return Difference(name, len(both), int((apart != 0).sum()), _largest(apart), errors)


def _largest(values: pl.Series) -> float:
    largest = values.fill_nan(None).max()
    return float(largest) if isinstance(largest, (int, float)) else math.nan
