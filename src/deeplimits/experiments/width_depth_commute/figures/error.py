"""Panel: the mean-square error along every order of limits."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin, column, logarithmic, note, residual_axes, say, size_axis
from deeplimits.experiments.width_depth_commute.figures.panels import LIMIT, curve, points, residuals
from deeplimits.experiments.width_depth_commute.network import FIXED, STABLE
from deeplimits.experiments.width_depth_commute.selection import rows_of
from deeplimits.figures.residuals import scale_residuals
from deeplimits.figures.style import FAINT_INK, limit_style, shades
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "In every order of the limits the error is C/width + (D/depth)²"
_MOST_CURVES = 5
_ANY = {"width": None, "depth": None}


def error(table: DataFrame) -> ExperimentFigure:
    """Return the figure of the mean-square error of ‖z‖²/width."""
    return ExperimentFigure(
        "error-law",
        TITLE,
        "Mean-square error of ‖z‖²/width of the last layer about its limit q e^½ (q = 1 at the first layer) of ReLU "
        "networks with branches of size 1/√depth. Left: against width at each depth, darker for deeper ones; "
        "middle: against depth at each width, darker for wider ones; right: width = "
        "depth. Green: the variance by the central limit theorem plus the squared error of the depth. Below: "
        "residuals.",
        rows_of(table, "square", "error", **_ANY),
        _draw,
        ("error-law", "error-rates", "depth-bias", "diagonal", "one-limit"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 4.6)
    panels = figure.subplots(2, 3, sharey="row", height_ratios=(3, 1.1))
    grid = rows.filter(pl.len().over("width") > 1, pl.len().over("depth") > 1)
    grid = grid if grid.height else rows
    _family(panels[:, 0].tolist(), rows, "depth", "width")
    _family(panels[:, 1].tolist(), grid, "width", "depth")
    diagonal = rows.filter(pl.col("width") == pl.col("depth")).sort("width")
    _line(panels[:, 2].tolist(), diagonal, "width", shades(1)[0])
    say(panels[0, 2], "width = depth")
    size_axis(panels[1, 2], sorted(set(diagonal["width"].to_list())), "width and depth")
    panels[0, 0].set_ylabel("mean-square error")
    for i in range(3):
        logarithmic(panels[0, i])
        panels[0, i].set_xticklabels([])
        residual_axes(panels[1, i], label=i == 0)
        scale_residuals(panels[1, i])
    _slope(panels[0, 2], diagonal)
    return figure


def _family(panels: list[Axes], rows: DataFrame, fixed: str, along: str) -> None:
    """Draw one line for each value of ``fixed``."""
    top, bottom = panels
    values = [value for value, count in rows.group_by(fixed).len().sort(fixed).rows() if count > 1][-_MOST_CURVES:]
    for value, color in zip(values, shades(max(1, len(values))), strict=False):
        some = rows.filter(pl.col(fixed) == value).sort(along)
        _line(panels, some, along, color)
        if fixed == "width":
            end = some.row(-1, named=True)
            note(top, end[along], end["predicted"], f"width {value}", color, (-38, 7))
    say(top, "every depth" if fixed == "depth" else "every width")
    size_axis(bottom, sorted(set(rows[along].to_list())), along)
    size_axis(top, sorted(set(rows[along].to_list())), "")


def _line(panels: list[Axes], rows: DataFrame, along: str, color: str) -> None:
    top, bottom = panels
    curve(top, column(rows, along), column(rows, "predicted"))
    points(top, column(rows, along), rows, color=color)
    residuals(bottom, column(rows, along), rows, color=color)
    if top.has_data():
        top.set_xscale("log")


def _slope(axes: Axes, rows: DataFrame) -> None:
    """Draw the expected slope −1 beside the points, and name the law."""
    if rows.height < 2:
        return
    x, y = column(rows, "width"), column(rows, "predicted")
    axes.plot(x, 0.4 * y[0] * x[0] / x, color=FAINT_INK, linewidth=0.8)
    note(
        axes,
        float(np.sqrt(x[0] * x[-1])),
        float(0.4 * y[0] * x[0] / np.sqrt(x[0] * x[-1])),
        "slope −1",
        offset=(-44, -9),
    )
    style = limit_style(LIMIT)
    note(axes, x[0], y[0], style.label, style.color, (14, 2))


CONTROL_TITLE = "Without the scaling by 1/√depth the limits of width and depth do not commute"


def control(table: DataFrame) -> ExperimentFigure:
    """Return the figure of the negative control: the variance of the log-norm where width = depth."""
    data = pl.concat([rows_of(table, "square", "log_variance", **_ANY, branch=branch) for branch in (STABLE, FIXED)])
    return ExperimentFigure(
        "control",
        CONTROL_TITLE,
        "Variance of the log-norm ln(‖z‖²/width) of the last layer of ReLU networks with width = depth. Filled: "
        "branches of size 1/√depth, where it falls as 1/width (green); hollow: branches of size 1, where it tends to a "
        "constant (blue, the log-Gaussian limit), though it is 0 if the width goes to infinity first.",
        data,
        _draw_control,
        ("log-norm-on-the-diagonal", "log-norm-without-scaling"),
    )


def _draw_control(rows: DataFrame) -> Figure:
    figure = begin(CONTROL_TITLE, 3.8)
    axes = figure.subplots()
    rows = rows.filter(pl.col("width") == pl.col("depth")).sort("width")
    for branch, limit in ((STABLE, LIMIT), (FIXED, "log-gaussian")):
        some, style = rows.filter(branch=branch), limit_style(limit)
        if not some.height:
            continue
        x, y = column(some, "width"), column(some, "predicted")
        points(axes, x, some, hollow=branch == FIXED)
        axes.plot(x, y, color=style.color, linestyle=style.line, linewidth=style.width)
        label = "branches of size 1/√depth" if branch == STABLE else "branches of size 1"
        note(axes, x[0], y[0], f"{label}: {style.label}", style.color, (8, 14))
    logarithmic(axes)
    axes.set_ylabel("variance of the log-norm")
    size_axis(axes, sorted(set(rows["width"].to_list())), "width and depth")
    return figure
