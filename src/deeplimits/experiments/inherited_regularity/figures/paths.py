"""Panel: one weight of every layer, before and after training."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.inherited_regularity.figures.trainings import data_words, path_rows, trainings
from deeplimits.experiments.panels import begin, column, say
from deeplimits.figures.style import FAINT_INK, INK, SIMULATION_FILL
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "Training keeps weights over layers as smooth or as rough as they were"
_FEW = 60  # layers shown one by one


def paths(table: DataFrame) -> ExperimentFigure:
    """Return the figure of one entry's paths."""
    return ExperimentFigure(
        "weight-paths",
        TITLE,
        "One entry of V_k against the layer k, before training (grey) and after it (black), for smooth and independent "
        "initial weights. Below: the first layers, one by one. At β = 1 every layer sees nearly the same hidden state, "
        "and all move alike; at β = ½ they move less." + data_words(path_rows(table, ("movement",))),
        path_rows(table, ("entry",)),
        _draw,
        ("smooth-stays-smooth", "rough-stays-rough", "training-smooths"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 4.4)
    panels = figure.subplots(2, 3, sharey="row")
    for (top, bottom), (words, some) in zip(panels.T, trainings(rows), strict=False):
        entry = some.filter(measure="entry").sort("layer")
        before, after = entry.filter(stage="start"), entry.filter(stage="end")
        say(top, words)
        _path(top, before, after, marked=False)
        _path(bottom, before.head(_FEW), after.head(_FEW), marked=True)
        bottom.set_xlabel("layer k")
    for words, place, color in (("after, full", 0.05, INK), ("before, dashed", 0.14, FAINT_INK)):
        panels[1, 0].annotate(words, (0.97, place), xycoords="axes fraction", ha="right", color=color, fontsize=8.5)
    for axes, label in zip(panels[:, 0], ("one entry of V", "first layers"), strict=True):
        axes.set_ylabel(label)
    return figure


def _path(axes: Axes, before: DataFrame, after: DataFrame, *, marked: bool) -> None:
    axes.plot(
        column(before, "layer"),
        column(before, "measured"),
        color=FAINT_INK if marked else SIMULATION_FILL,
        linewidth=1.0 if marked else 0.8,
        linestyle="--" if marked else "-",
    )
    axes.plot(
        column(after, "layer"),
        column(after, "measured"),
        color=INK,
        linewidth=1.0 if marked else 0.5,
        marker="o" if marked else None,
        markersize=2.2,
    )
