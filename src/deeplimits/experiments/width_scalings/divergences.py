"""How much further from the reference network's logits one parametrization is than the nearest other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deeplimits.experiments.width_scalings.grid import LIMITS
from deeplimits.sweeps import MomentDistance
from deeplimits.sweeps.table import DataFrame

if TYPE_CHECKING:
    from deeplimits.statistics import Interval

_LARGE = 4


@dataclass(frozen=True)
class ExcessDistance(MomentDistance):
    """Hold max(0, excess), with the interval of the excess: what is far below claims nothing, and is no noise.

    Args:
        where: which excess, in words.
        value: the distance.
        count: networks behind it.
        standard_error: of the excess.
        excess: measured, of either sign.
    """

    excess: float

    def interval(self, delta: float) -> Interval:
        """Return the normal interval of the excess, cut at 0."""
        from deeplimits.comparison.verdicts import normal_quantile
        from deeplimits.statistics import Interval

        half_width = normal_quantile(delta) * self.standard_error
        return Interval(self.value, max(0.0, self.excess - half_width), max(0.0, self.excess + half_width))


def divergence_excesses(table: DataFrame) -> list[ExcessDistance]:
    """Return by how much the divergence with kept initial logits exceeds the smallest other one, at each large width.

    Large is four times the reference width and more: nearer to it all divergences are near 0.
    """
    import polars as pl

    large = (pl.col("beside_width") > 0) & (pl.col("width") >= _LARGE * pl.col("beside_width"))
    cells = table.filter(large, (pl.col("measure") == "divergence") | pl.col("run").is_null())
    return [_excess(width, cells.filter(width=width)) for width in cells["width"].unique().sort().to_list()]


def _excess(width: int, rows: DataFrame) -> ExcessDistance:
    where = f"divergence of the logits at width {width}"
    found: dict[str, dict[str, Any]] = {row["run"]: row for row in rows.drop_nulls("measured").to_dicts()}
    if set(found) != set(LIMITS):
        return ExcessDistance(where, math.nan, 0, math.nan, math.nan)
    kept = found.pop(next(run for run in LIMITS if run.startswith("init-corrected")))
    nearest = min(found.values(), key=lambda row: row["measured"])
    error = math.hypot(kept["measured_standard_error"], nearest["measured_standard_error"])
    excess = kept["measured"] - nearest["measured"]
    return ExcessDistance(where, max(0.0, excess), kept["count"], error, excess)
