"""Panel: the bound that the smallest eigenvalue puts on the loss."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.mean_field_resnet.distances import rows_of
from deeplimits.experiments.mean_field_resnet.grid import LEARNING_RATE
from deeplimits.experiments.panels import begin, column, logarithmic, note, say
from deeplimits.figures.style import FAINT_INK, INK, SIMULATION_FILL, limit_style
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "The initial eigenvalue bounds the loss only while the eigenvalue does not fall"
MEASURES = ("over_initial_bound", "over_path_bound", "rate", "smallest_eigenvalue")
_SUBJECTS = {"resting": "particles that start at rest", "turning": "turning particles"}


def bounds(table: DataFrame) -> ExperimentFigure:
    """Return the figure of the bound."""
    import polars as pl

    parts = [rows_of(table, name, {"measures": "training"}) for name in MEASURES]
    return ExperimentFigure(
        "loss-bound",
        TITLE,
        "Loss over loss(0) exp(−2 λ t / N), where above 1 (grey) the bound is broken; bars of two standard errors. "
        "Black: λ is the limit's smallest eigenvalue at t = 0. Purple: the least one until t. Largest networks there.",
        pl.concat(parts).unique(maintain_order=True),
        _draw,
        (
            "eigenvalue-stays",
            "eigenvalue-stays-for-turning-particles",
            "loss-bound",
            "loss-bound-for-turning-particles",
            "loss-bound-along-the-path",
            "linear-convergence",
            "twice-as-fast",
        ),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 3.4)
    panels = figure.subplots(1, 2, sharey=True)
    rows = rows.sort("depth", "particles")
    for axes, (law, text) in zip(panels, _SUBJECTS.items(), strict=True):
        some = rows.filter(law=law)
        if some.height:
            _panel(axes, some.filter(depth=some["depth"][-1], particles=some["particles"][-1]))
        size = f", L = {some['depth'][-1]}, M = {some['particles'][-1]}" if some.height else ""
        say(axes, text + size)
        axes.axhline(1, color=INK, linewidth=0.6)
        axes.set_xlabel("time t")
        logarithmic(axes)
    low, high = panels[0].get_ylim()
    panels[0].set_ylim(low / 5, 8 * max(high, 5.0))  # room for labels
    for axes in panels:
        axes.axhspan(1, panels[0].get_ylim()[1], color=SIMULATION_FILL, linewidth=0, zorder=0)
    panels[0].set_ylabel("loss / bound")
    return figure


def _panel(axes: Axes, rows: DataFrame) -> None:
    labels = {"over_path_bound": "least λ until t", "over_initial_bound": "λ at t = 0"}
    ends = {}
    for measure, color in (("over_path_bound", limit_style("mean-field").color), ("over_initial_bound", INK)):
        some = rows.filter(measure=measure).sort("step")
        time, value, error = (column(some, name) for name in ("step", "measured", "measured_standard_error"))
        axes.errorbar(LEARNING_RATE * time, value, yerr=2 * error, fmt="o-", markersize=3.4, linewidth=0.8, color=color,
                      zorder=3)  # fmt: skip
        if value.size:
            ends[measure] = LEARNING_RATE * time[-1], value[-1], color
    values = [end[1] for end in ends.values()]
    if len(values) == 2 and abs(values[0] / values[1] - 1) < 0.2:
        note(axes, *ends["over_initial_bound"][:2], "both, equal", FAINT_INK, (-44, 12))
        return
    for measure, (x, y, color) in ends.items():
        note(axes, x, y, labels[measure], color, (-70, 10 if measure == "over_initial_bound" else -12))
