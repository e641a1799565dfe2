"""What the panels share: how a figure begins, how simulation and limits are drawn, and how numbers are scaled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from deeplimits._typing import ArrayLike
from deeplimits.experiments.panels import column
from deeplimits.figures.style import FAINT_INK, INK, PAPER, limit_style
from deeplimits.sweeps.table import DataFrame

LIMITS = {"infinite-width": "infinite_width", "log-gaussian": "log_gaussian"}
"""Limit → the column of what it predicts."""


def points(
    axes: Axes,
    x: ArrayLike,
    y: ArrayLike,
    error: ArrayLike,
    *,
    color: str = INK,
    marker: str = "o",
    hollow: bool = False,
) -> None:
    """Draw simulated numbers with bars of one standard error; hollow ones are another kind of network."""
    axes.errorbar(
        np.asarray(x),
        np.asarray(y),
        yerr=np.asarray(error),
        fmt=marker,
        markersize=4.2,
        color=color,
        markerfacecolor=PAPER if hollow else color,
        markeredgewidth=1.0,
        elinewidth=1.0,
        zorder=3,
    )


def curve(axes: Axes, x: ArrayLike, y: ArrayLike, limit: str, width: float | None = None) -> None:
    """Draw what a limit predicts."""
    style = limit_style(limit)
    axes.plot(
        np.asarray(x), np.asarray(y), color=style.color, linestyle=style.line, linewidth=width or style.width, zorder=2
    )


def level(axes: Axes, y: float, limit: str, label: str, x: float = 0.99) -> None:
    """Draw a limit's constant, named at the share ``x`` of the axis."""
    style = limit_style(limit)
    axes.axhline(y, color=style.color, linestyle=style.line, linewidth=style.width, zorder=2)
    name(axes, x, y, label, style.color, offset=-9)


def name(axes: Axes, x: float, y: float, label: str, color: str, offset: float = 0.0) -> None:
    """Write a label at the share ``x`` of the axis and the height ``y``, ending there."""
    axes.annotate(
        label,
        (x, y),
        xycoords=axes.get_yaxis_transform(),
        xytext=(0, offset),
        textcoords="offset points",
        ha="right" if x > 0.5 else "left",
        va="center",
        fontsize=8.5,
        color=color,
    )


def residuals(axes: Axes, x: ArrayLike, rows: DataFrame, limit: str, *, color: str = "", marker: str = "o") -> None:
    """Draw (measured − predicted) / standard error; ``color`` says which network, else which limit."""
    axes.plot(
        np.asarray(x),
        (column(rows, "measured") - column(rows, LIMITS[limit])) / column(rows, "measured_standard_error"),
        linestyle="none",
        marker=marker,
        markersize=3.2,
        color=color or limit_style(limit).color,
    )


def key(axes: Axes, labels: Sequence[str], colors: Sequence[str], markers: str, at: tuple[float, float]) -> None:
    """Say which marks stand for what, one below the other from ``at`` (shares of the axes) on.

    ``markers`` has one matplotlib marker for each label, or one for all of them.
    """
    for i, (label, color) in enumerate(zip(labels, colors, strict=True)):
        x, y = at[0], at[1] - 0.075 * i
        marker = markers[i % len(markers)]
        axes.plot(x, y, marker, color=color, markersize=4.2, transform=axes.transAxes, clip_on=False)
        axes.text(x + 0.04, y, label, transform=axes.transAxes, color=FAINT_INK, fontsize=8.5, va="center")


def legible(ticks: Sequence[float]) -> list[str]:
    """Return tick labels without powers of ten."""
    return [f"{tick:g}".replace("-", "\u2212") for tick in ticks]
