"""Panel: the plane of scalings, and with which power of the width one step changes the logits."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin
from deeplimits.experiments.width_scalings.figures.panels import ended, style_of
from deeplimits.experiments.width_scalings.grid import MAP, RATE_EXPONENTS, WEIGHT_EXPONENTS, map_run
from deeplimits.experiments.width_scalings.slopes import exponent_of
from deeplimits.figures.style import FAINT_INK, INK, SIMULATION_FILL
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

_TITLE = "Training is stable and not trivial on one line of the plane of scalings, from NTK to mean field"
_FLAT = 0.15


def stability(table: DataFrame) -> ExperimentFigure:
    """Return the map of measured exponents of the logits' first change."""
    data = ended(table, "variance_change", steps=1).filter(pl.col("run").is_in(MAP) | pl.col("run").is_null())
    return ExperimentFigure(
        "stability-map",
        _TITLE,
        "Measured exponent with which the first step's change of the logits follows the width, over the exponents q of "
        "weights and r of learning rates; one hidden layer. On the line 2q + r + 1 = 0 it is 0: above, logits diverge; "
        "below, training is trivial. Filled places are flat (within 0.15). Right of the dashed line q + r = 0 a step "
        "moves weights by more than their size, and the exponent is 3q + 2r + 1 at widths larger than these; right of "
        "q = −1/2 the initial logits diverge.",
        data,
        _stability,
        claims=("first-step", "first-step-beyond"),
        references=("golikov2020dynamically",),
    )


def _stability(rows: DataFrame) -> Figure:
    figure = begin(_TITLE, 4.8)
    axes = figure.subplots()
    for weight in WEIGHT_EXPONENTS:
        for rate in RATE_EXPONENTS:
            slope = exponent_of(rows.filter(run=map_run(weight, rate)))
            if slope is None:
                continue
            if abs(slope.value) < _FLAT:
                axes.plot(weight, rate, "s", markersize=38, color=SIMULATION_FILL, zorder=1)
            axes.annotate(f"{slope.value:+.2f}", (weight, rate), ha="center", va="center", color=INK, fontsize=10)
    line = np.array([-1.25, -0.25])
    mean_field, ntk = style_of("mean-field"), style_of("ntk")
    axes.plot(line, -1 - 2 * line, color=FAINT_INK, linewidth=1, zorder=0)
    axes.plot(np.array([-1.6, 0.6]), np.array([1.6, -0.6]), color=FAINT_INK, linewidth=1, linestyle="--", zorder=0)
    for style, place in ((mean_field, (-1.0, 1.0)), (ntk, (-0.5, 0.0))):
        axes.annotate(style.label, place, (0, 22), textcoords="offset points", ha="center", color=style.color)
    axes.set(xlim=(-1.45, -0.05), ylim=(-0.8, 1.8), xlabel="q, exponent of the weights", ylabel="r, of learning rates")
    return figure
