"""Find rows of the table by what a cell is and what a row measures; missing cells stay, as rows of nulls."""

from __future__ import annotations

from typing import Any

from deeplimits.experiments.width_depth_commute.network import DEFAULTS
from deeplimits.sweeps.table import DataFrame


def rows_of(table: DataFrame, measures: str, measure: str, **fields: Any) -> DataFrame:
    """Return the rows of a measure in the cells of one kind, and the rows of cells that are missing.

    Fields that are not given are those of the published setting; give None for one that may have any value.
    """
    import polars as pl

    wanted = {"measures": measures, **DEFAULTS, **fields}
    cells = table.filter(*(pl.col(name) == value for name, value in wanted.items() if value is not None))
    return cells.filter((pl.col("measure") == measure) | pl.col("measure").is_null())


def place(row: dict[str, Any]) -> str:
    """Return where a row stands, in words.

    >>> place({**DEFAULTS, "width": 64, "depth": 16, "branch": "fixed", "input_correlation": 0.5})
    'width 64, depth 16, branches not scaled, input correlation 0.5'
    """
    words = [f"width {row['width']}", f"depth {row['depth']}"]
    words += [str(row["activation"])] if row["activation"] != DEFAULTS["activation"] else []
    words += ["branches not scaled"] if row["branch"] != DEFAULTS["branch"] else []
    words += [str(row["data"])] if row.get("data") is not None else []
    for name in ("layer", "input_correlation", "size"):
        if row.get(name) is not None:
            words.append(f"{name.replace('_', ' ')} {row[name]:g}")
    return ", ".join(words)
