"""Panel: the law of ln ‖z_out‖² at several depths, beside both limits."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.log_gaussian.figures.panels import LIMITS
from deeplimits.experiments.log_gaussian.selection import cells_like, rows_of
from deeplimits.experiments.panels import begin, column, say
from deeplimits.figures.direct_labels import Curve, label_curves
from deeplimits.figures.residuals import RESIDUAL_LABEL, prepare_residuals, scale_residuals
from deeplimits.figures.style import FAINT_INK, INK, SIMULATION_FILL, limit_style
from deeplimits.observables import get
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

WIDTH, DEPTHS = 100, (10, 50, 200)
TITLE = "The norm of the output is log-Gaussian at every depth/width; infinite width misses it as depth grows"


def laws(table: DataFrame) -> ExperimentFigure:
    """Return the figure of the laws at width 100."""
    cells = cells_like(table, width=WIDTH, depth=None).filter(pl.col("depth").is_in(DEPTHS))
    return ExperimentFigure(
        "laws",
        TITLE,
        "Vanilla ReLU ResNets of width 100 with α = λ = 1/√2, 10 inputs and 10 outputs. Above: histogram of sampled "
        "networks and the density of each limit. Below: measured less predicted in each bin, over the root of the "
        "larger count; the band is two standard errors.",
        rows_of(cells, "log_squared_norm", "density"),
        _draw,
        ("law", "law-at-infinite-width", "published-ks", "published-wasserstein"),
    )


def _draw(rows: DataFrame) -> Figure:
    depths = sorted(rows["depth"].unique().to_list())
    figure = begin(TITLE, 4.9)
    panels = figure.subplots(2, len(depths), sharex="col", squeeze=False, height_ratios=(3, 1.3))
    for i, depth in enumerate(depths):
        some = rows.filter(depth=depth).sort("low")
        _density(figure, panels[0, i], some)
        _residual(panels[1, i], some)
        say(panels[0, i], f"depth {depth}: depth/width {depth / WIDTH:g}\n{some['count'][0]:,} networks")
        panels[1, i].set_xlabel(get("log_squared_norm").symbol)
    panels[0, 0].set_ylabel("density")
    panels[1, 0].set_ylabel(RESIDUAL_LABEL)
    return figure


def _density(figure: Figure, axes: Axes, rows: DataFrame) -> None:
    edges = np.append(column(rows, "low"), rows["high"][-1])
    middles, measured = (edges[1:] + edges[:-1]) / 2, column(rows, "measured")
    axes.stairs(measured, edges, fill=True, color=SIMULATION_FILL)
    axes.stairs(measured, edges, color=FAINT_INK, linewidth=0.7)
    curves = [Curve(middles, measured, "simulation", INK, fill=SIMULATION_FILL)]
    for limit, name in LIMITS.items():
        style, density = limit_style(limit), column(rows, name)
        axes.plot(middles, density, color=style.color, linestyle=style.line, linewidth=style.width)
        curves.append(Curve(middles, density, style.label, style.color))
    low, high = edges[0], edges[-1]
    axes.set(xlim=(low, high), ylim=(0, 1.2 * max(curve.y.max() for curve in curves)))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    label_curves(figure, axes, curves)


def _residual(axes: Axes, rows: DataFrame) -> None:
    prepare_residuals(axes)
    middles = (column(rows, "low") + column(rows, "high")) / 2
    networks = column(rows, "count") * (column(rows, "high") - column(rows, "low"))
    counts = column(rows, "measured") * networks
    for limit, name in LIMITS.items():
        style, expected = limit_style(limit), column(rows, name) * networks
        residual = (counts - expected) / np.sqrt(np.maximum(np.maximum(counts, expected), 1.0))
        axes.plot(middles, residual, color=style.color, linestyle=style.line, linewidth=min(style.width, 1.3))
    scale_residuals(axes)
