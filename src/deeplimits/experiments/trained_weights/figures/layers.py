"""Panels: one weight along the layers, and the loss of networks rebuilt from the trend of several depths."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin, column, say
from deeplimits.experiments.trained_weights.distances import cells_of
from deeplimits.experiments.trained_weights.figures.curves import SUBJECTS, finish, geometric_means
from deeplimits.experiments.trained_weights.grid import NETWORKS, RELU, TANH
from deeplimits.experiments.trained_weights.rows import ENTRY
from deeplimits.figures.direct_labels import Curve
from deeplimits.figures.style import FAINT_INK, INK, shades
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

LAYERS_TITLE = "Along the layers a trained weight is smooth with tanh and one δ, and rough with ReLU"
DENOISING_TITLE = "The trend of the weights does what the network does with tanh, and not with ReLU"
_PANELS = ((TANH, "product", "δ A"), (RELU, "product", "δ_k A_k"), (RELU, "scale", "δ_k"))


def along_layers(table: DataFrame) -> ExperimentFigure:
    """Return the figure of single weights."""
    rows = pl.concat([cells_of(table, "scaling", run) for run in NETWORKS]).filter("compares")
    return ExperimentFigure(
        "along-layers",
        LAYERS_TITLE,
        f"Entry {ENTRY} of scale times weight, and the scale, against the layer's place, of one trained network of the "
        "largest depth there.",
        rows.filter((pl.col("measure") == "entry") | pl.col("measure").is_null()),
        _draw_layers,
        ("tanh-increments", "relu-increments"),
    )


def denoising(table: DataFrame) -> ExperimentFigure:
    """Return the figure of the denoising test."""
    rows = pl.concat([cells_of(table, "denoising", run) for run in NETWORKS])
    return ExperimentFigure(
        "denoising",
        DENOISING_TITLE,
        "Loss of networks whose weights are replaced by the trend of several depths' weights, over their own loss; "
        "geometric means over networks with bars of one standard error. Line: no loss.",
        rows.filter((pl.col("measure") == "log_denoised_ratio") | pl.col("measure").is_null()),
        _draw_denoising,
        ("tanh-trend-suffices", "relu-trend-does-not"),
    )


def _draw_layers(rows: DataFrame) -> Figure:
    figure = begin(LAYERS_TITLE, 3.2)
    for axes, (run, statistic, label) in zip(figure.subplots(1, 3), _PANELS, strict=True):
        some = rows.filter(run=run, statistic=statistic)
        if some.height:
            deepest = some.filter(depth=some["depth"].max()).sort("layer")
            depth = int(deepest["depth"][0])
            axes.plot(column(deepest, "layer") / depth, column(deepest, "measured"), color=INK, linewidth=0.8)
            say(axes, f"{SUBJECTS[run].partition(',')[0]}: {label}, depth {depth}")
        axes.axhline(0, color=FAINT_INK, linewidth=0.6)
        axes.set_xlabel("layer / depth")
    return figure


def _draw_denoising(rows: DataFrame) -> Figure:
    figure = begin(DENOISING_TITLE, 3.4)
    axes = figure.subplots()
    axes.axhline(1, color=FAINT_INK, linewidth=0.8)
    curves: list[Curve] = []
    for run, color in zip(NETWORKS, shades(2), strict=True):
        some = rows.filter(run=run).drop_nulls("measured")
        if some.is_empty():
            continue
        depth, value, error = geometric_means(some.with_columns(depth=pl.col("layer")))
        axes.errorbar(depth, value, yerr=value * np.expm1(error), fmt="o-", color=color, markersize=4, linewidth=1.0)
        curves.append(Curve(depth, value, SUBJECTS[run], color))
    finish(figure, axes, "denoised loss / loss, against the depth", curves)
    return figure
