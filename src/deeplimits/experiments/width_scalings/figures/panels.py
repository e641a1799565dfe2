"""What the panels share: which runs they show, in which style, and simulated numbers with their errors."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from deeplimits.figures.style import INK, LimitStyle, limit_style
from deeplimits.sweeps.table import DataFrame

MODES = {
    "mean-field": "mean-field",
    "init-corrected-mean-field": "init-corrected",
    "intermediate:0.75": "intermediate",
    "ntk": "ntk",
    "standard": "standard",
}
"""Parametrization → the limit in whose style it is drawn."""


def style_of(mode: str) -> LimitStyle:
    """Return the style of a parametrization: that of its limit, ink for the standard one."""
    return limit_style(MODES[mode])


def draw(axes: Axes, rows: DataFrame, x: str, mode: str, *, root: bool = False, scale: pl.Expr | None = None) -> None:
    """Draw a measure with bars of one standard error, joined by the line of the parametrization's limit.

    Args:
        axes: where.
        rows: rows of one measure and run, finished cells only.
        x: column of the abscissa.
        mode: parametrization.
        root: whether to draw the root of a variance.
        scale: factor of the measure.
    """
    rows = rows.drop_nulls("measured").sort(x)
    value, error = pl.col("measured"), pl.col("measured_standard_error").fill_null(0.0)
    factor = pl.lit(1.0) if scale is None else scale
    if root:
        value, error = value.sqrt(), error / (2 * value.sqrt())
    points = rows.select(pl.col(x).alias("x"), y=value * factor, error=error * factor)
    style = style_of(mode)
    axes.errorbar(
        points["x"].to_numpy(),
        points["y"].to_numpy(),
        yerr=points["error"].to_numpy(),
        color=style.color,
        linestyle=style.line,
        linewidth=style.width,
        marker="o",
        markersize=4,
        elinewidth=1,
        label=style.label,
    )


def width_axis(axes: Axes, *, logarithmic: bool) -> None:
    """Show widths as they are, at powers of two."""
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_locator(NullLocator())
    if logarithmic:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_minor_locator(NullLocator())
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_xlabel("width")


def legend(axes: Axes) -> None:
    """Name the parametrizations, each once."""
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        axes.legend(handles, labels, frameon=False, fontsize=8.5, labelcolor=INK)


def ended(table: DataFrame, measure: str | list[str], **fields: object) -> DataFrame:
    """Return the rows of measures at the end of training in cells like these, and those of missing cells."""
    chosen = [measure] if isinstance(measure, str) else measure
    cells = table.filter(*(pl.col(name) == value for name, value in {"batch": 0, "beside_width": 0, **fields}.items()))
    at_end = pl.col("measure").is_in(chosen) & pl.col("step").is_null()
    return cells.filter(at_end | pl.col("run").is_null())
