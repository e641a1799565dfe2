"""Panel: exponents between one width and the next, on their way to those of theory."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin, say
from deeplimits.experiments.width_scalings.figures.panels import MODES, ended, style_of, width_axis
from deeplimits.experiments.width_scalings.grid import BASE
from deeplimits.experiments.width_scalings.slopes import local_slopes
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

_SUBJECTS = {
    "input_increment": "gain of input weights",
    "kernel_change": "change of tangent kernel",
    "variance_input": "term with the input weights' increment",
    "variance_mixed": "term with both increments",
}
_TITLE = "From each width to the next, the exponents move towards those of theory"


def slopes(table: DataFrame) -> ExperimentFigure:
    """Return the local slopes of increments and terms against the width."""
    return ExperimentFigure(
        "local-slopes",
        _TITLE,
        "Exponent between each width and the next one, at their geometric mean, with bars of one standard error over "
        "seeds; dotted lines of the same colour: theory. One hidden layer, 50 steps; of terms the standard deviation "
        "over test inputs.",
        ended(table, list(_SUBJECTS), hidden=1, optimizer="gd", steps=50),
        _slopes,
        claims=("features", "kernel", "input-term", "mixed-term"),
        references=("golikov2020towards",),
    )


def _slopes(rows: DataFrame) -> Figure:
    figure = begin(_TITLE, 5.6)
    panels = figure.subplots(2, 2, sharex=True).ravel()
    for axes, (measure, subject) in zip(panels, _SUBJECTS.items(), strict=True):
        for mode in MODES:
            mine = rows.filter(pl.col("run").is_in(BASE), parametrization=mode, measure=measure)
            if mode != "standard" and mine.height:
                _draw(axes, mine, mode)
        say(axes, subject)
        if axes.has_data():  # one width alone has no slope
            width_axis(axes, logarithmic=False)
        axes.set_ylabel("local exponent")
    handles, labels = panels[0].get_legend_handles_labels()
    if handles:
        figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False, fontsize=8.5)
    return figure


def _draw(axes: Axes, rows: DataFrame, mode: str) -> None:
    style, found = style_of(mode), local_slopes(rows)
    if not found:
        return
    axes.errorbar(
        np.array(list(found)),
        np.array([one.value for one in found.values()]),
        yerr=np.array([one.standard_error for one in found.values()]),
        color=style.color,
        linestyle=style.line,
        linewidth=style.width,
        marker="o",
        markersize=4,
        elinewidth=1,
        label=style.label,
    )
    said = rows["predicted_exponent"].drop_nulls()
    if len(said):
        half = 0.5 if rows["measure"][0].startswith("variance_") else 1.0
        axes.axhline(half * said[0], color=style.color, linestyle=":", linewidth=1, zorder=0)
