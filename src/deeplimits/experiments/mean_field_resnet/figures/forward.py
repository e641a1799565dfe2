"""Panel: bias and variance of the state at the end, of finite networks."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.mean_field_resnet.distances import rows_of
from deeplimits.experiments.mean_field_resnet.grid import DEPTHS
from deeplimits.experiments.panels import begin, column, logarithmic, note, residual_axes, say, size_axis
from deeplimits.figures.residuals import scale_residuals
from deeplimits.figures.style import FAINT_INK, INK, PAPER, limit_style
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "The state at the end: bias ∝ 1/L; variance ∝ 1/(LM), or 1/M where layers share particles"


def forward(table: DataFrame) -> ExperimentFigure:
    """Return the figure of states."""
    rows = rows_of(table, "bias", {"measures": "forward"})
    return ExperimentFigure(
        "forward",
        TITLE,
        "Left: mean of x_L less x(1) of the differential equation, times L, of each coordinate, with bars of one "
        "standard error. Right: variance of the second coordinate; hollow: all layers have the same particles. Purple: "
        "the mean-field prediction at finite depth, leading order in 1/M; dotted: its limits at infinite depth. Below: "
        "residuals.",
        pl.concat([rows, rows_of(table, "variance", {"measures": "forward"})]).unique(maintain_order=True),
        _draw,
        ("bias", "variance", "variance-by-depth", "layers-do-not-average", "variance-by-particles", "shared-variance"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 4.4)
    panels = figure.subplots(2, 2, sharex="col", height_ratios=(3, 1.1))
    _bias(panels[0, 0], panels[1, 0], rows.filter(measure="bias"))
    _variance(panels[0, 1], panels[1, 1], rows.filter(measure="variance", coordinate=2))
    for i, (top, bottom) in enumerate(panels.T):
        residual_axes(bottom, label=i == 0)
        scale_residuals(bottom)
        top.set_xscale("log")
        size_axis(bottom, DEPTHS, "depth L")
        top.set_xlim(DEPTHS[0] / 1.5, DEPTHS[-1] * 2.6)  # room for labels at the right
    return figure


def _bias(top: Axes, bottom: Axes, rows: DataFrame) -> None:
    say(top, "L (E x_L − x(1)), most particles at each depth")
    for coordinate in (1, 2):
        some = rows.filter(coordinate=coordinate).sort("depth", "particles").unique("depth", keep="last").sort("depth")
        _curve(top, bottom, some, INK, hollow=False)
        limit = column(some, "limit")
        if limit.size:
            top.axhline(limit[0], color=FAINT_INK, linewidth=0.7, linestyle=":")
            note(top, column(some, "depth")[-1], column(some, "measured")[-1], f"coordinate {coordinate}", INK, (9, 0))


def _variance(top: Axes, bottom: Axes, rows: DataFrame) -> None:
    say(top, "variance of coordinate 2")
    shared = pl.col("layers") == "shared"
    factor = pl.col("particles") * pl.when(shared).then(1).otherwise(pl.col("depth"))
    values = ("measured", "measured_standard_error", "predicted", "limit")
    plain = rows.with_columns(*(pl.col(name) / factor for name in values))
    for (layers, particles), some in plain.sort("depth").group_by("layers", "particles", maintain_order=True):
        _curve(top, bottom, some, INK, hollow=layers == "shared")
        text = "shared" if layers == "shared" else f"M = {particles}"
        note(top, column(some, "depth")[-1], column(some, "measured")[-1], text, INK, (9, 0))
    logarithmic(top)


def _curve(top: Axes, bottom: Axes, some: DataFrame, color: str, *, hollow: bool) -> None:
    depth, value, error, said = (
        column(some, name) for name in ("depth", "measured", "measured_standard_error", "predicted")
    )
    style, face = limit_style("mean-field"), PAPER if hollow else color
    top.plot(depth, said, color=style.color, linestyle=style.line, linewidth=style.width, marker="_", markersize=11)
    top.errorbar(depth, value, yerr=error, fmt="o", markersize=4.4, color=color, markerfacecolor=face, zorder=3)
    known = np.isfinite(said)
    bottom.plot(depth[known], ((value - said) / error)[known], "o", markersize=3.4, color=color, markerfacecolor=face,
                zorder=3)  # fmt: skip
