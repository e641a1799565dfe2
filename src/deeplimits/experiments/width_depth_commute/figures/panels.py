"""What the panels share: how a figure begins, and how simulation, laws and power laws are drawn."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.figures.residuals import prepare_residuals
from deeplimits.figures.style import FAINT_INK, INK, PAPER, limit_style
from deeplimits.sweeps.table import DataFrame

LIMIT = "depth-flow"
RESIDUAL_LABEL = "residual\n(standard errors)"


def begin(title: str, height: float) -> Figure:
    """Return an empty figure that says its claim."""
    figure = Figure(figsize=(7.2, height), layout="constrained")
    figure.suptitle(textwrap.fill(title, 70), x=0.01, ha="left", fontsize=12.5, weight="bold")
    return figure


def say(axes: Axes, text: str) -> None:
    """Write a panel's subject above it."""
    axes.set_title(text, loc="left", fontsize=9, color=FAINT_INK)


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


def residual_axes(axes: Axes, *, label: bool = True) -> None:
    """Prepare an axis for residuals."""
    prepare_residuals(axes)
    if label:
        axes.set_ylabel(RESIDUAL_LABEL)


def size_axis(axes: Axes, sizes: Sequence[float], label: str) -> None:
    """Show sizes as they are, on a logarithmic axis."""
    if axes.has_data():
        axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator(list(sizes)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel(label)


def logarithmic(axes: Axes) -> None:
    """Make the ordinate logarithmic if anything is drawn."""
    if axes.has_data():
        axes.set_yscale("log")


def note(
    axes: Axes, x: float, y: float, text: str, color: str = FAINT_INK, offset: tuple[float, float] = (6, 0)
) -> None:
    """Write ``text`` beside a point in data coordinates."""
    axes.annotate(text, (x, y), offset, textcoords="offset points", color=color, fontsize=8.5, va="center")


def column(rows: DataFrame, name: str) -> Float64Array:
    """Return a column as float64, NaN for null."""
    return np.asarray(rows[name].cast(float).to_numpy(), dtype=np.float64)
