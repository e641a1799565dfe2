"""Panel: test accuracy over exponent and Hurst index, and against the distance from the critical line."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.inherited_regularity.figures.trainings import common, data_words
from deeplimits.experiments.panels import begin, column, note, say
from deeplimits.figures.style import FAINT_INK, INK, PAPER, limit_style, shades
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "Networks learn where β ≥ max(½, H), and fail far below"
_COLORS, _DARKEST = "Blues", 1.5  # so that ink is legible on an accuracy of 1
_MOST_WRITTEN = 6  # rows and columns up to which numbers are written into the map


def accuracy_map(table: DataFrame) -> ExperimentFigure:
    """Return the figure of the map."""
    cells = table.filter(pl.col("measures") == "map")
    wanted = ("best_accuracy", "chosen_accuracy")
    return ExperimentFigure(
        "accuracy-map",
        TITLE,
        "Test accuracy of trained networks over the exponent β of the branches and the Hurst index H of the initial "
        "weights: the largest over learning rates, chosen on the test images themselves, as in the paper, which is "
        "optimistic. A network that diverged counts as chance, 0.1. Line: max(½, H). Right: the same against the "
        "distance from the line, darker for larger H, with bars of two standard errors of the images; crosses: half "
        "of the images, at the rate that is best on the other half." + data_words(cells),
        cells.filter(pl.col("measure").is_in(wanted) | pl.col("measure").is_null()),
        _draw,
        (
            "chance-when-exploding",
            "accurate-on-the-line",
            "above-the-line",
            "below-the-line",
            "exponent-without-effect",
        ),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 3.7)
    left, right = figure.subplots(1, 2)
    done = rows.drop_nulls("measured").with_columns(hurst=pl.col("law").str.strip_prefix("fbm:").cast(float))
    best = done.filter(measure="best_accuracy")
    say(left, f"depth {common(best, 'depth')}, {common(best, 'epochs')} epochs, {common(best, 'train_size')} images")
    say(right, "distance from the line, for each H")
    _map(left, best)
    _against_line(right, best, done.filter(measure="chosen_accuracy"))
    left.set_xlabel("exponent β")
    left.set_ylabel("Hurst index H")
    right.set_xlabel("β − max(½, H)")
    right.set_ylabel("test accuracy")
    return figure


def _map(axes: Axes, best: DataFrame) -> None:
    if best.is_empty():
        return
    hursts, exponents = (best[name].unique().sort().to_list() for name in ("hurst", "exponent"))
    values = np.full((len(hursts), len(exponents)), np.nan)
    for row in best.iter_rows(named=True):
        values[hursts.index(row["hurst"]), exponents.index(row["exponent"])] = row["measured"]
    # Squares of one size, whatever the distances between the indices, so that a coarse map is legible.
    axes.pcolormesh(np.arange(len(exponents)), np.arange(len(hursts)), values, shading="nearest", cmap=_COLORS,
                    vmin=0, vmax=_DARKEST, edgecolors=PAPER, linewidth=1.0)  # fmt: skip
    if max(values.shape) <= _MOST_WRITTEN:
        for (i, j), value in np.ndenumerate(values):
            if np.isfinite(value):
                axes.annotate(f"{value:.2f}", (j + 0.45, i - 0.33), ha="right", va="center", color=INK, fontsize=9)
    else:
        bar = axes.figure.colorbar(axes.collections[0], ax=axes, shrink=0.8)
        bar.ax.set_ylim(0, 1)
        bar.set_label("largest test accuracy", color=INK)
    for axis, indices in ((axes.xaxis, exponents), (axes.yaxis, hursts)):
        axis.set_ticks(range(len(indices)), [f"{index:.2g}" for index in indices])
    style, fine = limit_style("exact"), np.linspace(hursts[0], hursts[-1], 201)
    line = np.maximum(0.5, fine)
    if len(hursts) > 1 and len(exponents) > 1:
        x = np.interp(line, exponents, np.arange(len(exponents)))
        y = np.interp(fine, hursts, np.arange(len(hursts)))
        axes.plot(x, y, color=style.color, linestyle=style.line, linewidth=1.4)


def _against_line(axes: Axes, best: DataFrame, chosen: DataFrame) -> None:
    hursts = best["hurst"].unique().sort().to_list()
    tones = dict(zip(hursts, _tones(len(hursts)), strict=True))
    for hurst, color in tones.items():
        some = best.filter(hurst=hurst).sort("exponent")
        distance = column(some, "exponent") - column(some, "critical")
        axes.errorbar(distance, column(some, "measured"), yerr=2 * column(some, "measured_standard_error"), fmt="o-",
                      color=color, markersize=4.5, linewidth=0.7, elinewidth=1.0, zorder=3)  # fmt: skip
        other = chosen.filter(hurst=hurst).sort("exponent")
        axes.plot(column(other, "exponent") - column(other, "critical"), column(other, "measured"), "x", color=color,
                  markersize=5, zorder=2)  # fmt: skip
        if len(hursts) <= _MOST_WRITTEN or hurst in (hursts[0], hursts[-1]):
            first = some.row(0, named=True)
            note(axes, distance[0], first["measured"], f"{hurst:g}", color, (-7, -10))
    axes.axvline(0, color=FAINT_INK, linewidth=0.8)
    axes.axhline(0.1, color=FAINT_INK, linewidth=0.8, linestyle=":")
    axes.set_ylim(0, 1.02)


def _tones(count: int) -> list[str]:
    """Return as many tones as there are Hurst indices; many of them share tones."""
    few = shades(max(1, min(count, 5)))
    return [few[i * len(few) // max(1, count)] for i in range(count)]
