"""Panel: losses, smallest eigenvalues and movements along training, of several sizes."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.mean_field_resnet.distances import rows_of
from deeplimits.experiments.mean_field_resnet.grid import LEARNING_RATE
from deeplimits.experiments.panels import begin, column, logarithmic, say
from deeplimits.figures.style import limit_style, shades
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "Training: networks of all sizes follow infinitely many particles"
MEASURES = {
    "loss": "loss",
    "smallest_eigenvalue": "smallest eigenvalue",
    "movement": "rms displacement",
}


def training(table: DataFrame) -> ExperimentFigure:
    """Return the figure of training."""
    import polars as pl

    parts = [rows_of(table, name, {"measures": "training"}) for name in MEASURES]
    return ExperimentFigure(
        "training",
        TITLE,
        "Gradient descent on four points with learning rate LM/2 against time t, half the number of steps: means over "
        "networks with bars of one standard deviation of them, darker for more particles. Purple: infinitely many "
        "particles at the depth of the largest network. Top: particles that start at rest (a = 0). Bottom: turning "
        "ones (a = J w + s w), whose smallest eigenvalue falls at first.",
        pl.concat(parts).unique(maintain_order=True),
        _draw,
        (
            "eigenvalue-along-training",
            "eigenvalue-along-training-of-turning-particles",
            "loss-along-training",
            "movement",
            "lazy",
        ),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 4.6)
    laws = [law for law in ("resting", "turning") if law in rows["law"].to_list()] or ["resting"]
    panels = figure.subplots(len(laws), 3, sharex=True, squeeze=False)
    for line, law in zip(panels, laws, strict=True):
        for axes, (measure, text) in zip(line, MEASURES.items(), strict=True):
            _panel(axes, rows.filter(law=law, measure=measure))
            say(axes, text if law == laws[0] else "")
            if measure == "loss":
                logarithmic(axes)
                axes.set_ylabel(f"{law} particles")
    for axes in panels[-1]:
        axes.set_xlabel("time t")
    return figure


def _panel(axes: Axes, rows: DataFrame) -> None:
    sizes = rows.select("depth", "particles").unique().sort("particles", "depth").rows()
    if not sizes:
        return
    for (depth, particles), color in zip(sizes, shades(len(sizes)), strict=True):
        some = rows.filter(depth=depth, particles=particles).sort("step")
        time, value = column(some, "step") * LEARNING_RATE, column(some, "measured")
        spread = column(some, "measured_standard_error") * column(some, "count") ** 0.5
        axes.errorbar(time, value, yerr=spread, fmt="o", markersize=2.8, color=color, elinewidth=0.8, zorder=3,
                      label=f"L = {depth}, M = {particles}")  # fmt: skip
    style = limit_style("mean-field")
    axes.plot(time, column(some, "predicted"), color=style.color, linestyle=style.line, linewidth=1.3, zorder=4)
    if rows["measure"][0] == "loss":
        axes.legend(fontsize=7, frameon=False, loc="upper right", handletextpad=0.2)
