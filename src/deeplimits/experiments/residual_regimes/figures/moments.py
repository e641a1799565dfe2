"""Panel: the mean of D² beside its exact value, and the block that does not have it."""

from __future__ import annotations

from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin, column, say
from deeplimits.experiments.residual_regimes.distances import rows_of
from deeplimits.experiments.residual_regimes.rows import SIDES
from deeplimits.figures.style import FAINT_INK, INK, PAPER, limit_style
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "The mean of D² is exact at any width with two matrices in a block, and not with one"


def moments(table: DataFrame) -> ExperimentFigure:
    """Return the figure of the exact second moment."""
    return ExperimentFigure(
        "exact-moment",
        TITLE,
        "Mean of D², over (1 + L^-2β/2)^L − 1, of independent weights at depth 100, of outputs and gradients, with "
        "bars of two standard errors. Hollow: blocks with one matrix, where active neurons stay active.",
        rows_of(table, "square", None, None, measures="square", block=None),
        _draw,
        ("exact-moment", "exact-moment-with-one-matrix"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 3.2)
    axes = figure.subplots()
    style = limit_style("exact")
    axes.axvline(1, color=style.color, linestyle=style.line, linewidth=style.width)
    some = rows.sort("block", "width", "exponent", "side")
    said = column(some, "predicted")
    value, error = column(some, "measured") / said, column(some, "measured_standard_error") / said
    labels = []
    for i, row in enumerate(some.to_dicts()):
        hollow = row["block"] == "one-matrix"
        axes.errorbar(value[i], i, xerr=2 * error[i], fmt="o", markersize=4.2, color=INK,
                      markerfacecolor=PAPER if hollow else INK, elinewidth=1.0)  # fmt: skip
        labels.append(f"{row['block']}, width {row['width']}, β = {row['exponent']:g}, {row['side']}")
    axes.set_yticks(range(len(labels)), labels, fontsize=7.5, color=FAINT_INK)
    axes.set_xlabel("mean of D² / exact")
    say(axes, f"depth 100, {' and '.join(f'{side}s' for side in SIDES)}")
    return figure
