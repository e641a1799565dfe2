"""Panel: the law of the ratio of norms at β = 1/2."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin, column, note, residual_axes, say, size_axis
from deeplimits.experiments.residual_regimes.distances import rows_of
from deeplimits.experiments.residual_regimes.rows import SIDES
from deeplimits.figures.residuals import scale_residuals
from deeplimits.figures.style import SIMULATION_FILL, limit_style
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "At β = ½ the ratios of norms are log-normal"
_SUBJECTS = {"output": "outputs, ‖h_L‖/‖h_0‖", "gradient": "gradients, ‖p_0‖/‖p_L‖"}


def histogram(table: DataFrame) -> ExperimentFigure:
    """Return the figure of the histogram."""
    return ExperimentFigure(
        "log-normal",
        TITLE,
        "Histograms of ratios of norms of networks of width 100 with independent weights. Blue: the law whose "
        "logarithm has mean 1/4 − 1/(2d) and variance 1/(2d). Below: residuals.",
        rows_of(table, "density", None, None, measures="histogram"),
        _draw,
        ("log-normal-mean", "log-normal-deviation", "log-normal-log-mean", "log-normal-log-deviation"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 3.9)
    panels = figure.subplots(2, 2, sharex=True, sharey="row", height_ratios=(3, 1.1))
    style = limit_style("log-gaussian")
    for i, side in enumerate(SIDES):
        top, bottom = panels[:, i]
        some = rows.filter(side=side).sort("low")
        low, high, measured, error, said = (
            column(some, name) for name in ("low", "high", "measured", "measured_standard_error", "predicted")
        )
        middle = (low + high) / 2
        top.bar(middle, measured, high - low, color=SIMULATION_FILL)
        top.plot(middle, said, color=style.color, linestyle=style.line, linewidth=style.width)
        bottom.plot(middle, (measured - said) / error, "o", markersize=3.0, color=style.color, zorder=3)
        say(top, f"{_SUBJECTS[side]}, depth {some['depth'][0]}")
        residual_axes(bottom, label=i == 0)
        scale_residuals(bottom)
        size_axis(bottom, [1.1, 1.2, 1.3, 1.4, 1.5], "ratio")
        bottom.set_xscale("linear")
        peak = int(np.argmax(said))
        note(top, middle[peak], said[peak], "log-normal law", style.color, (26, 2))
    panels[0, 0].set_ylabel("density")
    return figure
