"""Find rows of the table by what a cell is and what a row measures; missing cells stay, as rows of nulls."""

from __future__ import annotations

from typing import Any

from deeplimits.experiments.log_gaussian.network import DEFAULTS
from deeplimits.sweeps.table import DataFrame


def cells_like(table: DataFrame, **fields: Any) -> DataFrame:
    """Return the rows of the cells with these fields; those not given are at the published setting.

    Give None for a field that may have any value.
    """
    import polars as pl

    wanted = {name: value for name, value in {**DEFAULTS, **fields}.items() if value is not None}
    # A store that is older than a field has every cell at its default.
    wanted = {name: value for name, value in wanted.items() if name in table.columns or value != DEFAULTS.get(name)}
    conditions = [
        (pl.col(name) - value).abs() < 1e-9 if isinstance(value, float) else pl.col(name) == value
        for name, value in wanted.items()
    ]
    return table.filter(*conditions)


def rows_of(table: DataFrame, observable: str, statistic: str, **where: Any) -> DataFrame:
    """Return the rows that measure this, and the rows of cells that are missing."""
    import polars as pl

    chosen = (pl.col("observable") == observable) & (pl.col("statistic") == statistic)
    for name, value in where.items():
        chosen &= pl.col(name) == value
    return table.filter(chosen | pl.col("observable").is_null())


def place(row: dict[str, Any]) -> str:
    """Return where a row stands, in words: what of the network is not at the published setting.

    >>> place({**DEFAULTS, "width": 100, "depth": 20, "kind": "balanced-resnet", "layer": 3})
    'width 100, depth 20, Balanced, layer 3'
    """
    words = [f"width {row['width']}", f"depth {row['depth']}"]
    words += ["Balanced"] if row["kind"] == "balanced-resnet" else []
    words += [
        f"{name.replace('_', ' ')} {row[name]:.4g}" if isinstance(row[name], float) else str(row[name])
        for name in ("skip_scale", "activation")
        if row[name] != DEFAULTS[name]
    ]
    words += [f"{row['output_dim']} outputs"] if row["output_dim"] != DEFAULTS["output_dim"] else []
    words += [f"on {row['data']}"] if row.get("data", DEFAULTS["data"]) != DEFAULTS["data"] else []
    if row.get("layer") is not None:
        words += [f"layer {row['layer']}" + (f" to {row['other_layer']}" if row.get("other_layer") is not None else "")]
    return ", ".join(words)
