"""How much further from the reference network's logits one parametrization is than the nearest other."""

from __future__ import annotations

import math
from typing import Any

from deeplimits.experiments.width_scalings.grid import LIMITS
from deeplimits.sweeps import MomentDistance
from deeplimits.sweeps.table import DataFrame

_LARGE = 4


def divergence_excesses(table: DataFrame) -> list[MomentDistance]:
    """Return by how much the divergence with kept initial logits exceeds the smallest other one, at each large width.

    Large is four times the reference width and more: nearer to it all divergences are near 0.
    """
    import polars as pl

    large = (pl.col("beside_width") > 0) & (pl.col("width") >= _LARGE * pl.col("beside_width"))
    cells = table.filter(large, (pl.col("measure") == "divergence") | pl.col("run").is_null())
    return [_excess(width, cells.filter(width=width)) for width in cells["width"].unique().sort().to_list()]


def _excess(width: int, rows: DataFrame) -> MomentDistance:
    where = f"divergence of the logits at width {width}"
    found: dict[str, dict[str, Any]] = {row["run"]: row for row in rows.drop_nulls("measured").to_dicts()}
    if set(found) != set(LIMITS):
        return MomentDistance.beyond(where, math.nan, 0, math.nan)
    kept = found.pop(next(run for run in LIMITS if run.startswith("init-corrected")))
    nearest = min(found.values(), key=lambda row: row["measured"])
    error = math.hypot(kept["measured_standard_error"], nearest["measured_standard_error"])
    excess = kept["measured"] - nearest["measured"]
    return MomentDistance.beyond(where, excess, kept["count"], error)
