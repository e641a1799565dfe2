"""Panel: how far the law of a wide network's logits is from that of the reference network."""

from __future__ import annotations

import polars as pl
from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin, say
from deeplimits.experiments.width_scalings.figures.panels import MODES, draw, legend, width_axis
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

_SUBJECTS = {"divergence_start": "before training", "divergence": "after 50 steps"}
_TITLE = "Kept initial logits leave a wide mean-field network's logits near those of the reference network"


def divergence(table: DataFrame) -> ExperimentFigure:
    """Return the divergence of the logits from those of the reference width, before and after training."""
    cells = table.filter(pl.col("beside_width") > 0)
    there = pl.col("measure").is_in(list(_SUBJECTS)) | pl.col("run").is_null()
    return ExperimentFigure(
        "divergence-against-width",
        _TITLE,
        "Kullback–Leibler divergence of the logits, over seeds and with Gaussian fits at each test input, from those "
        "of the reference network of width 128, in nats; bars of one standard error (jackknife over seeds). At width "
        "128 it is 0 for all.",
        cells.filter(there),
        _divergence,
        claims=("kept-logits",),
        references=("golikov2020dynamically",),
    )


def _divergence(rows: DataFrame) -> Figure:
    figure = begin(_TITLE, 3.6)
    panels = figure.subplots(1, 2)
    for axes, (measure, subject) in zip(panels, _SUBJECTS.items(), strict=True):
        for mode in MODES:
            mine = rows.filter(parametrization=mode, measure=measure)
            if mine.height:
                draw(axes, mine, "width", mode)
        say(axes, subject)
        width_axis(axes, logarithmic=False)
        axes.set_ylabel("divergence, nats")
    legend(panels[0])
    return figure
