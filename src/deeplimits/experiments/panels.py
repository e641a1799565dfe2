"""What the figures of all experiments share: how one begins, its subjects, axes and columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from deeplimits._typing import Float64Array
from deeplimits.figures.residuals import RESIDUAL_LABEL, prepare_residuals
from deeplimits.figures.style import FAINT_INK
from deeplimits.sweeps.table import DataFrame


def begin(title: str, height: float) -> Figure:
    """Return an empty figure that says its claim."""
    figure = Figure(figsize=(7.2, height), layout="constrained")
    figure.suptitle(textwrap.fill(title, 66), x=0.01, ha="left", fontsize=12.5, weight="bold")
    return figure


def say(axes: Axes, text: str) -> None:
    """Write a panel's subject above it."""
    axes.set_title(text, loc="left", fontsize=9, color=FAINT_INK)


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
