"""The trainings that panels show, in words, in the paper's order."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from deeplimits.experiments.inherited_regularity.grid import DEFAULTS, PATHS
from deeplimits.sweeps.table import DataFrame

_WORDS = {"rbf": "smooth", "iid": "independent"}


def trainings(rows: DataFrame) -> Iterator[tuple[str, DataFrame]]:
    """Yield what each training is of, and its rows."""
    for law, exponent in PATHS:
        some = rows.filter(pl.col("law") == law, pl.col("exponent") == exponent)
        if not some.is_empty():
            yield f"{_WORDS[law]}, β = {exponent:g}", some


def path_rows(table: DataFrame, measures: tuple[str, ...]) -> DataFrame:
    """Return these measures of the trainings with one matrix in a block, and the rows of cells that are missing."""
    cells = table.filter(pl.col("measures") == "paths", pl.col("block") == DEFAULTS["block"])
    return cells.filter(pl.col("measure").is_in(measures) | pl.col("measure").is_null())


def common(rows: DataFrame, name: str) -> str:
    """Return a field that all rows share, in words."""
    return ", ".join(str(value) for value in rows[name].drop_nulls().unique().sort().to_list()) or "?"


def data_words(rows: DataFrame) -> str:
    """Return a sentence on the data, and what they stand for."""
    if "origin" not in rows.columns or rows["origin"].drop_nulls().is_empty():
        return ""
    subset = " They stand for all 70000, which the paper has." if "mnist" in rows["data"].to_list() else ""
    return f" Data: {common(rows, 'origin')}.{subset}"
