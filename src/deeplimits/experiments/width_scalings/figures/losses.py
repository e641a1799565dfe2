"""Panels: losses against width for each depth and optimizer, and against steps for each learning rate."""

from __future__ import annotations

import polars as pl
from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin, say
from deeplimits.experiments.width_scalings.figures.panels import MODES, draw, ended, legend, width_axis
from deeplimits.experiments.width_scalings.grid import BASE, DEEP, LEARNING_RATE, NORMALISED, SLOW, run_name
from deeplimits.figures.style import shades
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

_PANELS = (
    ("gradient descent, 1 hidden layer", 1, "gd", BASE),
    ("gradient descent, 2 hidden layers", 2, "gd", DEEP),
    ("gradient descent, 3 hidden layers", 3, "gd", DEEP),
    ("RMSProp, 3 hidden layers", 3, "rmsprop", NORMALISED),
)
_WIDTH_TITLE = "Mean field is flat in the width with one hidden layer; with three, gradient descent makes it trivial"
_STEPS_TITLE = "The limits differ along the whole of training, at small learning rates as at large ones"


def against_width(table: DataFrame) -> ExperimentFigure:
    """Return the test loss against the width."""
    data = ended(table, "test_loss", steps=50)
    return ExperimentFigure(
        "loss-against-width",
        _WIDTH_TITLE,
        "Test loss after 50 steps, mean over seeds with bars of one standard error; at the reference width 128 all "
        "parametrizations are one. With three hidden layers mean field goes back to the loss of a constant under "
        "gradient descent and does not under RMSProp.",
        data,
        _against_width,
        claims=("flat-loss", "deep-gradient-descent", "deep-rmsprop"),
        references=("golikov2020towards",),
    )


def _against_width(rows: DataFrame) -> Figure:
    there = [panel for panel in _PANELS if rows.filter(hidden=panel[1], optimizer=panel[2]).height]
    figure = begin(_WIDTH_TITLE, 3.4 if len(there) <= 2 else 5.6)
    panels = figure.subplots(-(-len(there) // 2), min(2, len(there)), squeeze=False).ravel()
    for axes, (subject, hidden, optimizer, runs) in zip(panels, there, strict=False):
        here = rows.filter(hidden=hidden, optimizer=optimizer)
        for mode in MODES:
            mine = here.filter(pl.col("run").is_in(runs), pl.col("parametrization") == mode)
            if mine.height:
                draw(axes, mine, "width", mode)
        say(axes, subject)
        width_axis(axes, logarithmic=False)
        axes.set_ylabel("test loss")
    for axes in panels[len(there) :]:
        axes.set_axis_off()
    legend(panels[0])
    return figure


def against_steps(table: DataFrame) -> ExperimentFigure:
    """Return the test loss against the step at the smallest and the largest width."""
    cells = table.filter(hidden=1, optimizer="gd", batch=0, beside_width=0).filter(pl.col("steps") > 1)
    data = cells.filter(((pl.col("measure") == "test_loss") & pl.col("step").is_not_null()) | pl.col("run").is_null())
    return ExperimentFigure(
        "loss-against-steps",
        _STEPS_TITLE,
        "Test loss along training of networks with one hidden layer: at the largest width, and pale at the reference "
        "width, where all parametrizations are one. Left and middle: two learning rates; right: longer training.",
        data,
        _against_steps,
        references=("golikov2020towards",),
    )


def _against_steps(rows: DataFrame) -> Figure:
    longest = rows["steps"].max()
    parts = [
        (f"learning rate {LEARNING_RATE:g}", rows.filter(steps=50), LEARNING_RATE),
        (f"learning rate {SLOW:g}", rows.filter(steps=50), SLOW),
        (f"learning rate {LEARNING_RATE:g}, longer", rows.filter(steps=longest), LEARNING_RATE),
    ]
    if longest == 50:
        del parts[2]
    there = [part for part in parts if _runs_at(part[1], part[2]).height]
    figure = begin(_STEPS_TITLE, 3.6)
    panels = figure.subplots(1, len(there), squeeze=False).ravel()
    for axes, (subject, here, rate) in zip(panels, there, strict=True):
        for mode in MODES:
            mine = here.filter(run=run_name(mode, rate))
            for width in mine["width"].unique().sort().to_list()[-1:]:
                draw(axes, mine.filter(width=width), "step", mode)
        reference = here.filter(run=run_name("mean-field", rate), width=128).sort("step")
        axes.plot(
            reference["step"].to_numpy(), reference["measured"].to_numpy(), color=shades(5)[0], linewidth=3, zorder=0
        )
        say(axes, subject)
        axes.set_xlabel("steps")
    panels[0].set_ylabel("test loss")
    legend(panels[0])
    return figure


def _runs_at(rows: DataFrame, learning_rate: float) -> DataFrame:
    return rows.filter(pl.col("run").is_in([run_name(mode, learning_rate) for mode in MODES]))
