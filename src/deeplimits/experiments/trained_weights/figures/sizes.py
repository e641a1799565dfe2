"""Panels: sizes of the weights, and their changes from layer to layer, against the depth."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin
from deeplimits.experiments.trained_weights.distances import cells_of, scaling_of
from deeplimits.experiments.trained_weights.figures.curves import SUBJECTS, draw_slope, draw_statistics, finish
from deeplimits.experiments.trained_weights.grid import RELU, TANH
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

_SIZES = {
    TANH: {"max_norm": "max ‖δA‖", "weight.max_norm": "max ‖A‖", "scale.max_norm": "|δ|"},
    RELU: {"max_norm": "max ‖δA‖", "weight.max_norm": "max ‖A‖", "scale.max_norm": "max |δ|"},
}
_CHANGES = {"scaled_max_increment": "max ‖ΔT‖ / max ‖T‖", "root_sum_of_squares": "(Σ‖T‖²)^½"}
_CLAIMED = {TANH: (-1.0, "slope -1"), RELU: (-0.5, "slope -½")}
_KEPT = {TANH: (-1.0, "slope -1"), RELU: (0.0, "slope 0")}


def sizes(table: DataFrame) -> ExperimentFigure:
    """Return the figure of sizes."""
    return _figure(
        "sizes",
        "Weights times δ are ~ 1/depth with tanh and one δ, and larger with ReLU and a δ for each layer",
        "Largest norm over layers of A_k, δ and δ_k A_k, geometric means over networks with bars of one standard "
        "error, and fitted lines. Dotted: the slope that the paper has for δA, through the middle.",
        table,
        _SIZES,
        _CLAIMED,
        ("tanh-weights", "tanh-scale", "tanh-product", "relu-product"),
    )


def changes(table: DataFrame) -> ExperimentFigure:
    """Return the figure of increments and of the root sum of squares."""
    return _figure(
        "changes",
        "Changes from layer to layer vanish in an ODE, and keep the weights' size in an SDE",
        "T = δ A. Dotted: the slope of changes in a smooth path, and in a rough one, through the middle. In an SDE the "
        "root of the sum of squares is bounded.",
        table,
        {TANH: _CHANGES, RELU: _CHANGES},
        _KEPT,
        ("tanh-increments", "relu-increments", "relu-root-sum-of-squares"),
    )


def _figure(
    name: str,
    title: str,
    caption: str,
    table: DataFrame,
    labels: dict[str, dict[str, str]],
    claimed: dict[str, tuple[float, str]],
    claims: tuple[str, ...],
) -> ExperimentFigure:
    import polars as pl

    draw: Callable[[DataFrame], Figure] = partial(_draw, title, labels, claimed)
    data = pl.concat([cells_of(table, "scaling", run) for run in labels])
    kept = (pl.col("measure") == "log_statistic") | pl.col("measure").is_null()
    return ExperimentFigure(name, title, caption, data.filter(kept), draw, claims)


def _draw(
    title: str, labels: dict[str, dict[str, str]], claimed: dict[str, tuple[float, str]], rows: DataFrame
) -> Figure:
    figure = begin(title, 4.2)
    panels = figure.subplots(1, 2)
    for axes, (run, statistics) in zip(panels, labels.items(), strict=True):
        mine = rows.filter(run=run)
        curves = draw_statistics(axes, mine, scaling_of(mine), statistics)
        if curves:
            curves.append(draw_slope(axes, curves[0], *claimed[run]))
        finish(figure, axes, SUBJECTS[run], curves)
    return figure
