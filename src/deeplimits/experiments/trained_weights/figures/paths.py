"""Panels: hidden paths beside those of the fitted equations, and what the equations' outputs lose."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin, column, say
from deeplimits.experiments.trained_weights.distances import cells_of
from deeplimits.experiments.trained_weights.figures.curves import SUBJECTS, draw_slope, finish
from deeplimits.experiments.trained_weights.grid import NETWORKS
from deeplimits.figures.direct_labels import Curve
from deeplimits.figures.style import INK, limit_style
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

PATH_TITLE = "Hidden states follow the ODE of the weights' trend with tanh, and not with ReLU"
LOSS_TITLE = "With ReLU the noise has learned: neither the trend nor fresh noise does as well"
_STYLES = {"trend": "ode", "linear": "linear-ode"}
_LOSSES = {
    "network": ("network", INK),
    "trend": ("ODE of the trend", limit_style("ode").color),
    "linear": ("linear ODE", limit_style("linear-ode").color),
    "denoised": ("network of the trend", INK),
    "sde": ("SDE, fresh noise", limit_style("sde").color),
}


def path_errors(table: DataFrame) -> ExperimentFigure:
    """Return the figure of paths."""
    return ExperimentFigure(
        "hidden-paths",
        PATH_TITLE,
        "Root mean square distance, over layers and inputs, between a network's hidden states and the solution of the "
        "ODE whose field is the smooth trend of its layers, over how far the states move; bars of one standard error "
        "over networks. Linear: the limit in which φ only sees what is near to 0. Dotted: slope −1.",
        _rows(table, "path_error"),
        _draw_paths,
        ("tanh-is-an-ode", "tanh-is-a-linear-ode", "relu-is-no-ode", "relu-is-an-ode"),
    )


def losses(table: DataFrame) -> ExperimentFigure:
    """Return the figure of losses at the deepest networks compared."""
    return ExperimentFigure(
        "losses-of-equations",
        LOSS_TITLE,
        "Mean squared error on training data, with bars of two standard errors over networks (of the SDE over paths), "
        "of the trained networks; of the ODEs of their weights; of networks rebuilt from the trend of their weights; "
        "and of the SDE fitted to all networks together, whose noise has not seen the data.",
        _rows(table, "loss"),
        _draw_losses,
        ("tanh-loss", "relu-loss"),
    )


def _rows(table: DataFrame, measure: str) -> DataFrame:
    rows = pl.concat([cells_of(table, "scaling", run) for run in NETWORKS]).filter("compares")
    return rows.filter((pl.col("measure") == measure) | pl.col("measure").is_null())


def _draw_paths(rows: DataFrame) -> Figure:
    figure = begin(PATH_TITLE, 3.8)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, run in zip(panels, NETWORKS, strict=True):
        curves: list[Curve] = []
        for equation, name in _STYLES.items():
            some = rows.filter(run=run, statistic=equation).drop_nulls("measured").sort("depth")
            if some.is_empty():
                continue
            style = limit_style(name)
            depth, value, error = (column(some, name) for name in ("depth", "measured", "measured_standard_error"))
            axes.errorbar(depth, value, yerr=error, fmt="o", color=style.color, linestyle=style.line, markersize=4)
            curves.append(Curve(depth, value, style.label, style.color))
        if curves and len(curves[0].x) > 1:
            curves.append(draw_slope(axes, curves[0], -1.0, "slope -1"))
        finish(figure, axes, SUBJECTS[run], curves)
    panels[0].set_ylabel("distance / displacement")
    return figure


def _draw_losses(rows: DataFrame) -> Figure:
    figure = begin(LOSS_TITLE, 3.0)
    panels = figure.subplots(1, 2, sharey=True, sharex=True)
    for axes, run in zip(panels, NETWORKS, strict=True):
        mine = rows.filter(run=run)
        deepest = mine.filter(depth=mine["depth"].max()) if mine.height else mine
        _loss_panel(axes, deepest)
        depth = "" if deepest.is_empty() else f", depth {deepest['depth'][0]}"
        say(axes, SUBJECTS[run] + depth)
        axes.set_xlabel("mean squared error")
    if rows.height:
        panels[0].set_xscale("log")
    panels[0].set_yticks(range(0, -len(_LOSSES), -1), [label for label, _ in _LOSSES.values()])
    return figure


def _loss_panel(axes: Axes, rows: DataFrame) -> None:
    for place, (statistic, (_, color)) in enumerate(_LOSSES.items()):
        for row in rows.filter(statistic=statistic).drop_nulls("measured").to_dicts():
            error = row["measured_standard_error"] or 0.0
            value = float(row["measured"])
            left = min(2 * error, 0.9 * value)
            axes.errorbar(value, -place, xerr=np.array([[left], [2 * error]]), fmt="o", color=color, markersize=4.5)
    axes.set_ylim(-len(_LOSSES) + 0.4, 0.6)
