"""Tables: as files, and as rows of a page with the digits that their errors allow."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from deeplimits.files import write_atomically
from deeplimits.statistics import with_error

_ERROR = "_standard_error"
_FIELDS_FIRST = ("width", "depth")
_RESULTS_FIRST = (
    "observable",
    "layer",
    "other_layer",
    "input",
    "mean",
    "variance",
    "limit",
    "predicted_mean",
    "predicted_variance",
    "distance_of",
    "distance",
    "verdict",
)
_NEVER_CONSTANT = ("cell", "verdict")


@dataclass(frozen=True)
class Entry:
    """Hold one entry of a table.

    Args:
        text: what is shown.
        value: what it is sorted by; empty for text that is sorted as it is shown.
        style: class of its appearance.
    """

    text: str
    value: str = ""
    style: str = ""


def write_tables(table: pl.DataFrame, folder: Path, name: str) -> list[Path]:
    """Write ``table`` as Parquet and as CSV, and return the two paths."""
    parquet, csv = io.BytesIO(), io.BytesIO()
    table.write_parquet(parquet, compression="zstd")
    _flat(table).write_csv(csv)
    written = []
    for ending, content in ((".parquet", parquet), (".csv", csv)):
        written.append(folder / f"{name}{ending}")
        write_atomically(written[-1], content.getvalue())
    return written


def constants(table: pl.DataFrame) -> dict[str, Any]:
    """Return column → value of the columns that hold one value in all rows, if there are several rows."""
    if len(table) < 2:
        return {}
    flat = [name for name, kind in table.schema.items() if not kind.is_nested() and name not in _NEVER_CONSTANT]
    return {name: table[name][0] for name in flat if table[name].n_unique() == 1 and table[name][0] is not None}


def shown_columns(table: pl.DataFrame, fields: Sequence[str]) -> list[str]:
    """Return the columns that get a place on a page: what varies, the fields of the cells first, the cell's id last.

    A standard error is shown with the number that it belongs to.
    """
    order = dict.fromkeys((*_FIELDS_FIRST, *fields, *_RESULTS_FIRST, *table.columns))
    same = constants(table)
    return [
        name
        for name in (*(name for name in order if name != "cell"), "cell")
        if name in table
        and name not in same
        and table[name].null_count() < len(table)
        and not (name.endswith(_ERROR) and name.removesuffix(_ERROR) in table)
    ]


def entries(row: Mapping[str, Any], columns: list[str]) -> list[Entry]:
    """Return one row of a table for a page."""
    return [_entry(row[name], row.get(f"{name}{_ERROR}")) for name in columns]


def number(value: object) -> str:
    """Return a number with five digits, and anything else as it is; nothing for None."""
    if value is None:
        return ""
    return f"{value:.5g}" if isinstance(value, float) else str(value)


def _entry(value: Any, error: Any) -> Entry:
    if value is None or isinstance(value, (str, bool, list)):
        return Entry(number(value))
    text = with_error(value, error) if isinstance(error, float) and error > 0 else number(value)
    return Entry(text, repr(value), "number")


def _flat(table: pl.DataFrame) -> pl.DataFrame:
    """Return ``table`` with lists as text, as CSV has none."""
    nested = [name for name, kind in table.schema.items() if kind.is_nested()]
    return table.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join(" ") for name in nested)
