"""Panel: mean and variance of the log-norm against depth/width."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.log_gaussian.figures.panels import curve, key, legible, name, points, residuals
from deeplimits.experiments.log_gaussian.selection import cells_like, rows_of
from deeplimits.experiments.panels import begin, column, residual_axes, say
from deeplimits.figures.residuals import RESIDUAL_LABEL, scale_residuals
from deeplimits.figures.style import FAINT_INK, limit_style, shades
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "Mean and variance of the log-norm grow in proportion to depth/width, as the log-Gaussian limit says"
_MARKERS = "v^Dso"
_LINEAR_UP_TO = 0.01


def moments(table: DataFrame) -> ExperimentFigure:
    """Return the figure of mean and variance."""
    cells = cells_like(table, width=None, depth=None)
    return ExperimentFigure(
        "moments",
        TITLE,
        "ln(input_dim ‖z_l‖²/(width ‖x‖²)) of each layer l of vanilla ReLU ResNets with α = λ = 1/√2: a layer is the "
        "last one of a network of its depth, so points of one width share networks. Axes are logarithmic, but linear "
        "next to 0, where infinite width is. Below: measured less log-Gaussian, in standard errors.",
        pl.concat([rows_of(cells, "log_norm", statistic) for statistic in ("mean", "variance")]).unique(
            maintain_order=True
        ),
        _draw,
        ("mean", "variance-when-wide", "variance-when-narrow", "published-log-norms"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 5.4)
    panels = figure.subplots(2, 2, sharex=True, height_ratios=(3, 1.3))
    for i, statistic in enumerate(("variance", "mean")):
        _moment(panels[0, i], panels[1, i], rows.filter(statistic=statistic), -1.0 if statistic == "mean" else 1.0)
        say(panels[0, i], ("variance" if statistic == "variance" else "\u2212mean") + " of the log-norm")
        panels[1, i].set_xlabel("depth/width")
        panels[1, i].set_ylabel("")
    panels[1, 0].set_ylabel(RESIDUAL_LABEL)
    return figure


def _moment(top: Axes, bottom: Axes, rows: DataFrame, sign: float) -> None:
    residual_axes(bottom, label=False)
    widths = sorted(rows["width"].unique().to_list())
    for width, color, marker in zip(widths, shades(len(widths)), _MARKERS[-len(widths) :], strict=True):
        some = deepest(rows.filter(width=width)).filter(pl.col("layer") > 0).sort("layer")
        ratio = column(some, "layer") / width
        curve(top, ratio, sign * column(some, "log_gaussian"), "log-gaussian", 0.8 if width < widths[-1] else None)
        few = thinned(some)
        ratio = column(few, "layer") / width
        points(
            top,
            ratio,
            sign * column(few, "measured"),
            column(few, "measured_standard_error"),
            color=color,
            marker=marker,
        )
        residuals(bottom, ratio, few, "log-gaussian", color=color, marker=marker)
    _scale(top, rows, sign)
    scale_residuals(bottom)
    key(top, [f"width {width}" for width in widths], shades(len(widths)), _MARKERS[-len(widths) :], (0.05, 0.83))


def _scale(axes: Axes, rows: DataFrame, sign: float) -> None:
    axes.set_xscale("log")
    axes.set_yscale("symlog", linthresh=_LINEAR_UP_TO, linscale=0.5)
    highest = 1.6 * np.nanmax(sign * column(rows, "measured"))
    axes.set_ylim(-0.006, highest)
    ticks = [0.0, *(10.0**k for k in range(-2, 3) if 10.0**k < highest)]
    axes.set_yticks(ticks, legible(ticks))
    axes.set_yticks([], minor=True)
    gray, blue = limit_style("infinite-width"), limit_style("log-gaussian")
    axes.axhline(0, color=gray.color, linestyle=gray.line, linewidth=gray.width)
    name(axes, 0.98, 0.0, "infinite width", gray.color, offset=9)
    last = rows.filter(pl.col("width") == pl.col("width").max()).sort("layer").tail(1)
    ratio, said = column(last, "layer")[0] / last["width"][0], sign * column(last, "log_gaussian")[0]
    slope_x = ratio * np.array([0.12, 1.0])
    axes.plot(slope_x, 0.2 * said / ratio * slope_x, color=FAINT_INK, linewidth=0.8)
    axes.annotate("slope 1", (0.5 * ratio, 0.085 * said), color=FAINT_INK, fontsize=8.5, va="top")
    axes.text(0.42, 0.93, blue.label, transform=axes.transAxes, color=blue.color, fontsize=9.5, ha="right")


def deepest(rows: DataFrame) -> DataFrame:
    """Return each layer's row of the cell that has it with the smallest standard error."""
    return rows.sort("measured_standard_error").unique("layer", keep="first")


def thinned(rows: DataFrame, count: int = 9) -> DataFrame:
    """Return about ``count`` rows, evenly spaced in ln(layer); the first and the last are among them."""
    layers = column(rows, "layer")
    wanted = np.geomspace(layers[0], layers[-1], count)
    kept = sorted({int(np.argmin(np.abs(np.log(layers / layer)))) for layer in wanted})
    return rows[kept]
