"""What the panels share: how a figure begins, and how simulation, laws and power laws are drawn."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from deeplimits._typing import ArrayLike
from deeplimits.experiments.panels import column
from deeplimits.figures.style import INK, PAPER, limit_style
from deeplimits.sweeps.table import DataFrame

LIMIT = "depth-flow"


def points(
    axes: Axes, x: ArrayLike, rows: DataFrame, *, color: str = INK, hollow: bool = False, factor: ArrayLike = 1.0
) -> None:
    """Draw measured numbers, times ``factor``, with bars of one standard error; hollow ones are the control."""
    if not rows.height:
        return
    axes.errorbar(
        np.asarray(x),
        np.asarray(factor) * column(rows, "measured"),
        yerr=np.asarray(factor) * column(rows, "measured_standard_error"),
        fmt="o",
        markersize=4.2,
        color=color,
        markerfacecolor=PAPER if hollow else color,
        markeredgewidth=1.0,
        elinewidth=1.0,
        zorder=3,
    )


def curve(axes: Axes, x: ArrayLike, y: ArrayLike, *, line: str = "") -> None:
    """Draw what the depth flow predicts."""
    if not np.size(x):
        return
    style = limit_style(LIMIT)
    axes.plot(np.asarray(x), np.asarray(y), color=style.color, linestyle=line or style.line, linewidth=style.width)


def residuals(axes: Axes, x: ArrayLike, rows: DataFrame, *, color: str = INK) -> None:
    """Draw (measured − predicted)/standard error."""
    difference = column(rows, "measured") - column(rows, "predicted")
    axes.plot(
        np.asarray(x), difference / column(rows, "measured_standard_error"), "o", markersize=3.2, color=color, zorder=3
    )
