"""Panel: the map of displacements over exponent and Hurst index."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin, column, say
from deeplimits.experiments.residual_regimes.distances import critical_estimate, rows_of
from deeplimits.experiments.residual_regimes.grid import DEFAULTS, MAP_DEPTHS
from deeplimits.experiments.residual_regimes.rows import SIDES
from deeplimits.figures.style import FAINT_INK, INK, PAPER, limit_style
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "The border between explosion and identity is β = max(½, H)"
_COLORS = "PuOr_r"  # diverging about 0, and told apart by colour-blind readers


def heat_map(table: DataFrame) -> ExperimentFigure:
    """Return the figure of the map."""
    return ExperimentFigure(
        "map",
        TITLE,
        "Mean log10 displacement of outputs and gradients over the exponent β of the branches and the Hurst index H of "
        "their weights, at the largest depth there; orange where it is above 1 (log10 D = 1 or more: full colour), "
        "violet below. Line: max(½, H). Points: where depths 100 and 1000 have one mean, with bars of two standard "
        "errors. For H > ½ gradients gain the growth of fractional sums along one direction only, a part 1/√width of "
        "what outputs gain: they come to the border later, from the left.",
        rows_of(table, "log10", None, None, measures="map", block=DEFAULTS["block"]),
        _draw,
        ("map", "map-of-explosions", "unit-displacement", "critical-line", "critical-line-is-hurst-index"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 3.8)
    panels = figure.subplots(1, 2, sharey=True)
    rows = rows.with_columns(
        hurst=pl.col("law").str.strip_prefix("fbm:").cast(float), fine=pl.col("exponents").list.len()
    )
    deepest = rows.filter(depth=rows["depth"].max())
    shown = deepest.filter(fine=deepest["fine"].max())
    for axes, side in zip(panels, SIDES, strict=True):
        some = shown.filter(side=side).sort("hurst", "exponent")
        hursts, exponents = (some[name].unique().sort().to_numpy() for name in ("hurst", "exponent"))
        values = column(some, "measured").reshape(len(hursts), len(exponents))
        axes.pcolormesh(exponents, hursts, values, shading="nearest", cmap=_COLORS, vmin=-1, vmax=1)
        style = limit_style("exact")
        line = np.linspace(hursts[0], hursts[-1], 101)
        axes.plot(np.maximum(0.5, line), line, color=style.color, linestyle=style.line, linewidth=1.4)
        _critical_points(axes, rows.filter(side=side))
        say(axes, f"{side}s, depth {deepest['depth'][0]}")
        axes.set_xlabel("exponent β")
        if side == "output":
            low = float(hursts[0])
            axes.annotate("max(½, H)", (0.5, low), (34, 8), textcoords="offset points", color=INK, fontsize=8.5,
                          bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.5})  # fmt: skip
    panels[0].set_ylabel("Hurst index H")
    bar = figure.colorbar(panels[0].collections[0], ax=panels.tolist(), extend="both", shrink=0.8)
    bar.set_label("mean log10 D", color=INK)
    bar.ax.tick_params(colors=FAINT_INK)
    return figure


def _critical_points(axes: Axes, rows: DataFrame) -> None:
    """Mark where two depths have one mean, for laws that were drawn at both with the same exponents."""
    for (hurst, _), some in rows.group_by("hurst", "fine", maintain_order=True):
        both = [some.filter(depth=depth) for depth in MAP_DEPTHS]
        found = critical_estimate(both) if all(one.height for one in both) else None
        if found is not None:
            axes.errorbar(found.value, hurst, xerr=2 * found.standard_error, fmt="o", markersize=4.5, color=INK,
                          markerfacecolor=PAPER, zorder=4)  # fmt: skip
