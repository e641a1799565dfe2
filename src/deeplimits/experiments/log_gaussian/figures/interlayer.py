"""Panel: how the activity of two layers correlates, against the lag between them."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits._typing import Float64Array
from deeplimits.experiments.log_gaussian.figures.panels import curve, key, legible, level, points, residuals
from deeplimits.experiments.log_gaussian.selection import cells_like, rows_of
from deeplimits.experiments.panels import begin, column, residual_axes, say
from deeplimits.figures.residuals import RESIDUAL_LABEL, scale_residuals
from deeplimits.figures.style import INK, limit_style, shades
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

DEPTH, LONGEST = 50, 20
TITLE = "The activity of distant layers is correlated: the skip connection remembers the signs of its neurons"


def interlayer(table: DataFrame) -> ExperimentFigure:
    """Return the figure of the covariance between layers."""
    cells = pl.concat(
        [cells_like(table, width=None, depth=DEPTH, skip_scale=scale) for scale in (0.5**0.5, -(0.5**0.5))]
    )
    return ExperimentFigure(
        "interlayer",
        TITLE,
        "4 width times the covariance of ‖relu z_l‖²/‖z_l‖² at layer 20 and at later layers of vanilla ReLU ResNets of "
        "depth 50; the curve is K(a^lag) with a = α/√(α² + λ²). Left: α = λ = 1/√2, logarithmic but linear below 0.05. "
        "Right: α = −λ. At infinite width nothing fluctuates. Below: measured less log-Gaussian, in standard errors.",
        rows_of(cells, "energy_fraction_covariance", "covariance"),
        _draw,
        ("interlayer-covariance",),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 5.2)
    panels = figure.subplots(2, 2, sharex="col", height_ratios=(3, 1.2))
    near = rows.filter(pl.col("other_layer") - pl.col("layer") <= LONGEST)
    for i, (sign, text) in enumerate(((1, "α = λ"), (-1, "α = −λ"))):
        _lags(panels[0, i], panels[1, i], near.filter(pl.col("skip_scale").sign() == sign))
        level(panels[0, i], 0.0, "infinite-width", "infinite width")
        say(panels[0, i], text)
        panels[1, i].set_xlabel("lag (layers)")
    top = panels[0, 0]
    top.set_yscale("symlog", linthresh=0.05, linscale=0.6)
    ticks = [0.0, 0.1, 1.0]
    top.set_yticks(ticks, legible(ticks))
    top.set_ylim(-0.04, 6)
    top.set_ylabel("4 width × covariance")
    panels[1, 0].set_ylabel(RESIDUAL_LABEL)
    blue = limit_style("log-gaussian")
    top.annotate(
        blue.label, (7, 0.17), (-2, -8), textcoords="offset points", color=blue.color, fontsize=9.5, ha="right"
    )
    return figure


def _lags(top: Axes, bottom: Axes, rows: DataFrame) -> None:
    residual_axes(bottom, label=False)
    widths = sorted(rows["width"].unique().to_list())
    for i, width in enumerate(widths):
        color = shades(len(widths))[i]
        some = rows.filter(width=width).sort("other_layer")
        lag = column(some, "other_layer") - column(some, "layer")
        if i == 0:
            said = _scaled(some, "log_gaussian")
            curve(top, lag, said, "log-gaussian")
        points(top, lag, _scaled(some, "measured"), _scaled(some, "measured_standard_error"), color=color)
        residuals(bottom, lag, some, "log-gaussian", color=color)
    key(top, [f"width {width}" for width in widths], shades(max(1, len(widths)))[: len(widths)], "o", (0.62, 0.93))
    if widths:
        scale_residuals(bottom)
    else:
        top.text(0.5, 0.5, "no cell yet", ha="center", transform=top.transAxes, color=INK)


def _scaled(rows: DataFrame, name: str) -> Float64Array:
    return np.asarray(4 * column(rows, "width") * column(rows, name))
