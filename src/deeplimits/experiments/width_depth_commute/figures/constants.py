"""Panel: the constant of the central limit theorem, against the depth."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin, column, note, residual_axes, say, size_axis
from deeplimits.experiments.width_depth_commute.figures.panels import LIMIT, curve, points, residuals
from deeplimits.experiments.width_depth_commute.selection import rows_of
from deeplimits.figures.residuals import scale_residuals
from deeplimits.figures.style import limit_style, shades
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "Width times variance is a constant of depth and activation"
_MOST_CURVES = 5


def constants(table: DataFrame) -> ExperimentFigure:
    """Return the figure of width · Var ‖z‖²/width."""
    return ExperimentFigure(
        "width-constant",
        TITLE,
        "Width times the variance of ‖z‖²/width of the last layer, with branches of size 1/√depth. Left: ReLU, darker "
        "for wider networks; green line: the central limit theorem at each depth; dashed: at infinite depth. The "
        "excess at small widths is of relative order 1/width. Right: one width and depth for each activation. Below: "
        "residuals.",
        rows_of(table, "square", "variance", width=None, depth=None, activation=None),
        _draw,
        ("width-constant", "smooth-activations"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 4.4)
    panels = figure.subplots(2, 2, sharex="col", sharey="row", height_ratios=(3, 1.1), width_ratios=(2.2, 1))
    _by_depth(panels[:, 0].tolist(), rows.filter(activation="relu"))
    _by_activation(panels[:, 1].tolist(), rows)
    panels[0, 0].set_ylabel("width × variance")
    for i in range(2):
        residual_axes(panels[1, i], label=i == 0)
        scale_residuals(panels[1, i])
    return figure


def _by_depth(panels: list[Axes], rows: DataFrame) -> None:
    top, bottom = panels
    widths = rows["width"].unique().sort().to_list()[:_MOST_CURVES]
    for width, color in zip(widths, shades(max(1, len(widths))), strict=False):
        here = rows.filter(width=width).sort("depth")
        points(top, column(here, "depth"), here, color=color, factor=float(width))
        residuals(bottom, column(here, "depth"), here, color=color)
    law = rows.with_columns(law=pl.col("width") * pl.col("predicted")).unique("depth", keep="first").sort("depth")
    if not law.height:
        return
    curve(top, column(law, "depth"), column(law, "law"))
    style, constant = limit_style(LIMIT), float(column(rows, "constant")[0])
    top.axhline(constant, color=style.color, linewidth=0.9, linestyle=(0, (4, 3)))
    note(top, float(law["depth"][0]), constant, f"infinite depth: {constant:.3f}", style.color, (-4, 7))
    if law.height > 1:
        note(top, float(law["depth"][1]), float(law["law"][1]), style.label, style.color, (8, -10))
    say(top, f"ReLU, widths {', '.join(map(str, widths))}")
    size_axis(bottom, sorted(set(rows["depth"].to_list())), "depth")


def _by_activation(panels: list[Axes], rows: DataFrame) -> None:
    """Draw one point for each activation, at the largest width and depth that all of them have."""
    top, bottom = panels
    common = rows.filter(pl.col("activation").n_unique().over("width", "depth") == rows["activation"].n_unique())
    some = common.sort("width", "depth").unique("activation", keep="last", maintain_order=True)
    if not some.height:
        return
    place, width = list(range(some.height)), float(some["width"][0])
    points(top, place, some, factor=width)
    residuals(bottom, place, some)
    style = limit_style(LIMIT)
    top.hlines(width * column(some, "predicted"), [x - 0.3 for x in place], [x + 0.3 for x in place], color=style.color)
    say(top, f"width {some['width'][0]}, depth {some['depth'][0]}")
    bottom.set_xticks(place, some["activation"].to_list())
    bottom.set_xlim(-0.6, some.height - 0.4)
