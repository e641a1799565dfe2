"""The table of a sweep on a screen: the fields that vary, then measured against predicted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from deeplimits.statistics import with_error

ROWS_AT_MOST = 60
REASONS_AT_MOST = 10
_FIRST_RESULT = "observable"
_PLACES = ("layer", "other_layer", "input")


def sweep_table(table: pl.DataFrame) -> str:
    """Return the results of the generic experiment as plain text, one line per row, at most 60.

    Below them stands each reason for which a limit says nothing, once.
    """
    if table.is_empty():
        return "no cell is finished"
    fields = [name for name in table.columns[1 : table.columns.index(_FIRST_RESULT)] if table[name].n_unique() > 1]
    fields += ["observable", *(name for name in _PLACES if table[name].n_unique() > 1)]
    header = [*fields, "measured mean", "variance", "limit", "mean", "variance", "distance", "verdict"]
    lines = [[*(_value(row[name]) for name in fields), *_results(row)] for row in table.head(ROWS_AT_MOST).to_dicts()]
    widths = [max(len(line[i]) for line in [header, *lines]) for i in range(len(header))]
    padded = ([word.ljust(width) for word, width in zip(line, widths, strict=True)] for line in [header, *lines])
    text = ["  ".join(line).rstrip() for line in padded]
    if len(table) > ROWS_AT_MOST:
        text.append(f"and {len(table) - ROWS_AT_MOST} more rows in the store")
    return "\n".join([*text, *_reasons(table)])


def _reasons(table: pl.DataFrame) -> list[str]:
    found = table.select("limit", "reason").drop_nulls().unique(maintain_order=True).rows()
    lines = [f"{limit}: {reason}" for limit, reason in found[:REASONS_AT_MOST]]
    if len(found) > REASONS_AT_MOST:
        lines.append(f"and {len(found) - REASONS_AT_MOST} more reasons in the store")
    return lines


def _results(row: Mapping[str, Any]) -> list[str]:
    measured = [_with_error(row[name], row[f"{name}_standard_error"]) for name in ("mean", "variance")]
    if row["limit"] is None:
        return [*measured, "–", "–", "–", "–", "–"]
    predicted = [_value(row[name]) for name in ("predicted_mean", "predicted_variance")]
    if row["verdict"] is None:
        silent = row["predicted_mean"] is None
        return [*measured, row["limit"], *predicted, "–", "says nothing" if silent else "not judged"]
    half_width = max(row["distance_high"] - row["distance"], row["distance"] - row["distance_low"])
    distance = f"{row['distance_of']} {with_error(row['distance'], half_width)}"
    return [*measured, row["limit"], *predicted, distance, row["verdict"]]


def _with_error(value: float | None, error: float | None) -> str:
    if value is None:
        return "–"
    return with_error(value, float("inf") if error is None else error)


def _value(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.5g}" if isinstance(value, float) else str(value)
