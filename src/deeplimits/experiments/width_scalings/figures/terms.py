"""Panels: the logit's terms, and how far weights and tangent kernel move, against the width."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin, say
from deeplimits.experiments.width_scalings.figures.panels import MODES, draw, ended, legend, style_of, width_axis
from deeplimits.experiments.width_scalings.grid import BASE
from deeplimits.experiments.width_scalings.slopes import exponent_of
from deeplimits.figures.style import shades
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

_TERMS = {
    "variance_initial": "initial term",
    "variance_output": "readout's increment",
    "variance_input": "input weights' increment",
    "variance_mixed": "both increments",
}
_INCREMENTS = {
    "input_increment": "gain of input weights",
    "output_increment": "gain of readout weights",
    "kernel_change": "change of tangent kernel",
}
_TERMS_TITLE = "Of the three scalings only mean field keeps the term with both increments in wide networks"
_INCREMENTS_TITLE = "Weights, and with them the tangent kernel, move by the powers of the width that theory gives"


def terms(table: DataFrame) -> ExperimentFigure:
    """Return the standard deviation of each term of the logit."""
    return ExperimentFigure(
        "terms-against-width",
        _TERMS_TITLE,
        "Standard deviation over test inputs of the terms that a trained logit is the sum of, by which weights enter "
        "with their increment; one hidden layer, 50 steps. Dotted grey lines rise and fall with the exponent that "
        "theory gives; the numbers are exponents measured over all widths.",
        ended(table, list(_TERMS), hidden=1, optimizer="gd", steps=50),
        _terms,
        claims=("mixed-term", "input-term"),
        references=("golikov2020towards",),
    )


def increments(table: DataFrame) -> ExperimentFigure:
    """Return how far the weights and the tangent kernel have moved."""
    return ExperimentFigure(
        "increments-against-width",
        _INCREMENTS_TITLE,
        "Mean norm of the gain of a neuron's input weights, mean modulus of the gain of a readout weight, and relative "
        "change of the tangent kernel (Frobenius norm, 32 test inputs); one hidden layer, 50 steps. Dotted grey lines "
        "rise and fall with the exponent that theory gives; the numbers are exponents measured over all widths.",
        ended(table, list(_INCREMENTS), hidden=1, optimizer="gd", steps=50),
        _increments,
        claims=("features", "readout", "readout-when-standard", "kernel"),
        references=("golikov2020towards",),
    )


def _terms(rows: DataFrame) -> Figure:
    figure = begin(_TERMS_TITLE, 6.0)
    panels = figure.subplots(2, 2).ravel()
    for axes, (measure, subject) in zip(panels, _TERMS.items(), strict=True):
        _panel(axes, rows.filter(measure=measure), subject, root=True)
    legend(panels[0])
    return figure


def _increments(rows: DataFrame) -> Figure:
    figure = begin(_INCREMENTS_TITLE, 3.8)
    panels = figure.subplots(1, 3)
    for axes, (measure, subject) in zip(panels, _INCREMENTS.items(), strict=True):
        _panel(axes, rows.filter(measure=measure), subject, root=False)
    legend(panels[0])
    return figure


def _panel(axes: Axes, rows: DataFrame, subject: str, *, root: bool) -> None:
    for mode in MODES:
        mine = rows.filter(pl.col("run").is_in(BASE), pl.col("parametrization") == mode).drop_nulls("measured")
        if not mine.height:
            continue
        draw(axes, mine, "width", mode, root=root)
        _expected(axes, mine.sort("width"), mode, root=root)
    say(axes, subject)
    width_axis(axes, logarithmic=True)


def _expected(axes: Axes, rows: DataFrame, mode: str, *, root: bool) -> None:
    """Draw theory's slope through the last point, and write the measured one beside it."""
    widths, values = rows["width"].to_numpy().astype(float), rows["measured"].to_numpy().astype(float)
    values, exponent = (np.sqrt(values), 0.5) if root else (values, 1.0)
    said = rows["predicted_exponent"][0]
    if said is not None and mode != "standard":
        axes.plot(
            widths, values[-1] * (widths / widths[-1]) ** (exponent * said), color=shades(5)[0], linestyle=":", zorder=1
        )
    slope = exponent_of(rows)
    if slope is not None:
        axes.annotate(f"{slope.value:.2f}", (widths[-1], values[-1]), (4, 0), textcoords="offset points", va="center",
                      color=style_of(mode).color, fontsize=8)  # fmt: skip
