"""Panel: every exponent with its interval beside what the paper has, and the regime that follows."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from deeplimits.experiments.panels import begin, say
from deeplimits.experiments.trained_weights.distances import cells_of, scaling_of
from deeplimits.experiments.trained_weights.figures.curves import SUBJECTS
from deeplimits.experiments.trained_weights.grid import LEARNING_RATE, NETWORKS, RELU, SLOW, TANH
from deeplimits.figures.style import FAINT_INK, INK, PAPER, SIMULATION_FILL
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "Exponents of trained weights beside those of the paper, and the regime that follows"
# Statistic → its name and the paper's range for it.
_SHOWN: dict[str, dict[str, tuple[str, float, float]]] = {
    TANH: {
        "weight.max_norm": ("max ‖A‖", -0.4, -0.1),
        "scale.max_norm": ("|δ|", -1.0, -0.5),
        "max_norm": ("max ‖δA‖", -1.2, -0.8),
        "scaled_max_increment": ("max ‖ΔT‖ / max ‖T‖", -1.25, -0.25),
    },
    RELU: {
        "max_norm": ("max ‖δA‖", -0.65, -0.35),
        "rms_norm": ("rms ‖δA‖", -0.65, -0.35),
        "scaled_max_increment": ("max ‖ΔT‖ / max ‖T‖", -0.25, 0.25),
        "root_sum_of_squares": ("(Σ‖T‖²)^½", -0.2, 0.2),
    },
}
_VARIANTS = (("ode", LEARNING_RATE), ("ode", SLOW), ("mnist", LEARNING_RATE))
_MARKERS = {("ode", LEARNING_RATE): "o", ("ode", SLOW): "s", ("mnist", LEARNING_RATE): "^"}


def exponents(table: DataFrame) -> ExperimentFigure:
    """Return the figure of the exponents."""
    data = pl.concat([cells_of(table, "scaling", run, *variant) for run in NETWORKS for variant in _VARIANTS])
    kept = (pl.col("measure") == "log_statistic") | pl.col("measure").is_null()
    return ExperimentFigure(
        "exponents",
        TITLE,
        f"Powers of the depth with 95 % intervals from networks of several seeds. Circles: synthetic data, learning "
        f"rate {LEARNING_RATE:g}; squares: {SLOW:g}; triangles: images. Grey: what the paper has, with the tolerance "
        "of the claim. Regimes are decided by root mean squares, not by maxima.",
        data.filter(kept),
        _draw,
        ("slow-tanh-product", "slow-relu-product", "mnist-tanh-product", "mnist-relu-product"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 3.8)
    panels = figure.subplots(1, 2)
    for axes, run in zip(panels, NETWORKS, strict=True):
        regimes = _panel(axes, rows.filter(run=run), run)
        say(axes, "\n".join([SUBJECTS[run], *regimes]))
        axes.set_xlabel("exponent of L")
    return figure


def _panel(axes: Axes, rows: DataFrame, run: str) -> list[str]:
    """Draw the exponents of a run; return in words which regime each variant is in."""
    shown, regimes = _SHOWN[run], []
    for place, (_, low, high) in enumerate(shown.values()):
        axes.add_patch(Rectangle((low, -place - 0.38), high - low, 0.76, color=SIMULATION_FILL, linewidth=0, zorder=0))
    for number, (data, rate) in enumerate(_VARIANTS):
        scaling = scaling_of(cells_of(rows, "scaling", run, data, rate)) if rows.height else None
        if scaling is None:
            continue
        regimes.append(f"{data}, rate {rate:g}: {scaling.regime}")
        for place, statistic in enumerate(shown):
            law = scaling.exponents[statistic]
            axes.errorbar(
                law.value,
                -place - 0.2 * (number - 1),
                xerr=[[law.value - law.low], [law.high - law.value]],
                fmt=_MARKERS[data, rate],
                color=INK,
                markerfacecolor=INK if number == 0 else PAPER,
                markersize=4.2,
                elinewidth=1.0,
            )
    axes.set_yticks([-place for place in range(len(shown))], [label for label, *_ in shown.values()], color=FAINT_INK)
    axes.set_ylim(-len(shown) + 0.4, 0.6)
    axes.autoscale_view(scaley=False)
    return regimes
