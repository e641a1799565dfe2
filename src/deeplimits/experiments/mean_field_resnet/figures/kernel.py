"""Panel: the tangent kernel at initialisation and its spread."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.mean_field_resnet.distances import rows_of
from deeplimits.experiments.panels import begin, column, logarithmic, note, residual_axes, say, size_axis
from deeplimits.figures.style import FAINT_INK, INK, limit_style
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "At initialisation the tangent kernel has its limit, up to (LM)^-1/2"


def kernels(table: DataFrame) -> ExperimentFigure:
    """Return the figure of kernels."""
    parts = [rows_of(table, name, {"measures": "kernel"}) for name in ("entry", "spread", "smallest_eigenvalue")]
    return ExperimentFigure(
        "kernel",
        TITLE,
        "LM times the Gram matrix of the gradients of four outputs, over the roots of its limit's diagonal. Left: "
        "means of the ten entries less the prediction at the network's depth, in standard errors. Middle: root of the "
        "summed variances of all entries; line: (LM)^-1/2 through the last point. Right: mean of the smallest "
        "eigenvalue, with bars of two standard errors; purple: the prediction at the network's depth, which small "
        "networks are below as the eigenvalue is a concave function; dotted: infinite depth. Means of entries too are "
        "off by a part 1/(LM), seen at 128.",
        pl.concat(parts).unique(maintain_order=True),
        _draw,
        ("kernel", "kernel-at-infinite-depth", "kernel-rate"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 3.4)
    panels = figure.subplots(1, 3)
    rows = rows.with_columns(size=pl.col("depth") * pl.col("particles")).sort("size", "depth")
    sizes = rows["size"].unique().sort().to_list()
    _entries(panels[0], rows.filter(measure="entry"))
    _spread(panels[1], rows.filter(measure="spread"))
    _eigenvalue(panels[2], rows.filter(measure="smallest_eigenvalue"))
    for axes in panels:
        axes.set_xscale("log")
        size_axis(axes, sizes, "LM")
        if sizes:
            axes.set_xlim(sizes[0] / 2, sizes[-1] * 2)
    return figure


def _entries(axes: Axes, rows: DataFrame) -> None:
    say(axes, "entries")
    residual_axes(axes)
    value, error, said = (column(rows, name) for name in ("measured", "measured_standard_error", "predicted"))
    axes.plot(column(rows, "size"), (value - said) / error, "o", markersize=3.2, color=INK, zorder=3)
    axes.set_ylim(-5, 5)


def _spread(axes: Axes, rows: DataFrame) -> None:
    say(axes, "standard deviation")
    size, value, error = (column(rows, name) for name in ("size", "measured", "measured_standard_error"))
    axes.errorbar(size, value, yerr=2 * error, fmt="o", markersize=4.0, color=INK, zorder=3)
    if size.size:
        ends = np.array([size.min(), size.max()])
        axes.plot(ends, value[-1] * np.sqrt(size[-1] / ends), color=FAINT_INK, linewidth=0.8)
    logarithmic(axes)


def _eigenvalue(axes: Axes, rows: DataFrame) -> None:
    say(axes, "smallest eigenvalue")
    style = limit_style("mean-field")
    size, value, error, said, limit = (
        column(rows, name) for name in ("size", "measured", "measured_standard_error", "predicted", "limit")
    )
    axes.plot(size, said, "_", markersize=14, markeredgewidth=style.width, color=style.color)
    axes.errorbar(size, value, yerr=2 * error, fmt="o", markersize=4.0, color=INK, zorder=3)
    axes.plot(size, limit, color=FAINT_INK, linewidth=0.8, linestyle=":")
    for depth, x, y in zip(rows["depth"].to_list(), size, np.maximum(value, said), strict=True):
        note(axes, x, y, f"L = {depth}", FAINT_INK, (-12, 9))
