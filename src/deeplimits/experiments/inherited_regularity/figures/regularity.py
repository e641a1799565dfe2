"""Panel: regularity of weights over layers before and after training, beside how far they moved."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.inherited_regularity.figures.trainings import path_rows, trainings
from deeplimits.experiments.panels import begin, column, say
from deeplimits.figures.style import FAINT_INK, INK, PAPER, SIMULATION_FILL
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "Training moves the weights, and their regularity stays"
_SUBJECTS = (
    ("autocorrelation", "next-layer correlation"),
    ("holder", "local Hölder exponent"),
    ("movement", "size of the move"),
)
# Stage, words, colour, filling and place within a row.
_STAGES = (
    ("start", "before", FAINT_INK, PAPER, 0.24),
    ("end", "after", INK, INK, 0.0),
    ("move", "the move itself", FAINT_INK, SIMULATION_FILL, -0.24),
)


def regularities(table: DataFrame) -> ExperimentFigure:
    """Return the figure of regularities."""
    return ExperimentFigure(
        "regularity",
        TITLE,
        "Averages over all entries of V: correlation of weights in neighbouring layers and local Hölder exponent (1 "
        "smooth, 0 noise) before and after training, and of the move that training added; and the size of the move "
        "over that of the initial weights. Bars of two standard errors are smaller than most points. Dashed: the "
        "thresholds 0.3 and 0.95. Independent weights stay rough although their moves are smoother: moves are small.",
        path_rows(table, ("autocorrelation", "holder", "movement")),
        _draw,
        ("smooth-stays-smooth", "rough-stays-rough", "inherited", "moved"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 3.2)
    panels = figure.subplots(1, 3, sharey=True)
    shown = list(trainings(rows))
    for axes, (measure, subject) in zip(panels, _SUBJECTS, strict=True):
        say(axes, subject)
        for place, (_, some) in enumerate(shown):
            _points(axes, some.filter(measure=measure).drop_nulls("measured"), -place)
        if measure == "movement":
            axes.set_xlim(left=0)
        else:
            axes.set_xlim(-0.12, 1.12)
    for threshold in (0.3, 0.95):
        panels[0].axvline(threshold, color=FAINT_INK, linestyle="--", linewidth=0.8, zorder=1)
    panels[0].set_yticks([-place for place in range(len(shown))], [words for words, _ in shown])
    panels[0].set_ylim(0.5 - max(1, len(shown)), 0.5)
    for _, words, color, _, offset in _STAGES:
        panels[1].annotate(words, (0.75, offset), ha="right", va="center", color=color, fontsize=8.5)
    return figure


def _points(axes: Axes, rows: DataFrame, place: float) -> None:
    for stage, _, color, fill, offset in _STAGES:
        some = rows.filter(stage=stage)
        _point(axes, some, place + offset, color, fill)
    _point(axes, rows.filter(rows["stage"].is_null()), place, INK, INK)


def _point(axes: Axes, rows: DataFrame, place: float, color: str, fill: str) -> None:
    if not rows.is_empty():
        axes.errorbar(column(rows, "measured"), [place] * rows.height,
                      xerr=2 * column(rows, "measured_standard_error"), fmt="o", color=color,
                      markerfacecolor=fill, markersize=5, elinewidth=1.0, zorder=3)  # fmt: skip
