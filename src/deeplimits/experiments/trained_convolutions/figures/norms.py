"""Panels: the norm of every block against depth, and sums of squares and increments, of A and of Δ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from deeplimits._typing import Float64Array
from deeplimits.experiments.panels import begin, logarithmic, note, say, size_axis
from deeplimits.experiments.trained_convolutions.norms import PARTS, cells_of, norms_of
from deeplimits.figures.style import FAINT_INK, INK, SIMULATION_FILL
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame
from deeplimits.weights import LayerNorms, norm_scaling, norm_statistics

_NORMS_TITLE = "The largest norm hardly changes with the depth, the bulk falls"
_SUMS_TITLE = "Sums of squares grow more slowly than the number of blocks"
_SUBJECTS = {"first": "A, first convolutions", "second": "Δ, second convolutions"}
_LEAST = 4
Networks = Mapping[int, Sequence[LayerNorms]]


def norms(table: DataFrame) -> ExperimentFigure:
    """Return the norms of all blocks."""
    return ExperimentFigure(
        "norms",
        _NORMS_TITLE,
        f"{origin(table)}. Operator norms of the convolutions of every block (pale points), their largest and their "
        "median at each depth (geometric means over networks), with fitted exponents; dotted: the median at "
        "initialisation.",
        _rows(table),
        _draw_norms,
        ("largest-first", "largest-second", "median", "stand-in-sparse", "stand-in-initial"),
    )


def sums(table: DataFrame) -> ExperimentFigure:
    """Return roots of sums of squares, and increments."""
    return ExperimentFigure(
        "sums-and-increments",
        _SUMS_TITLE,
        f"{origin(table)}. Root of the sum of squared norms over blocks, and the largest norm of the difference of "
        "consecutive kernels of one stage, with fitted exponents (geometric means over networks). Dotted: depth^½, as "
        "for norms that do not change.",
        _rows(table),
        _draw_sums,
        ("sum-of-squares", "increments", "size-first", "size-second", "ordinary-differential-equation"),
    )


def _rows(table: DataFrame) -> DataFrame:
    kinds = ["norm", "increment", "initial_norm", "initial_increment"]
    return cells_of(table).filter(pl.col("measure").is_in(kinds) | pl.col("measure").is_null())


def origin(table: DataFrame) -> str:
    """Return which data these are, for a caption."""
    there = table["origin"].drop_nulls().unique().sort().to_list()
    return "; ".join(there) or "No cell is finished"


def _draw_norms(rows: DataFrame) -> Figure:
    figure = begin(_NORMS_TITLE, 4.0)
    for axes, part in zip(figure.subplots(1, 2, sharey=True), PARTS, strict=True):
        networks = _there(norms_of(rows, part))
        for depth, each in networks.items():
            for one in each:
                axes.plot(np.full(one.depth, depth), one.norms, "o", color=SIMULATION_FILL, markersize=3, zorder=1)
        _line(axes, networks, "max_norm", "largest", INK)
        _line(axes, networks, "median_norm", "median", FAINT_INK)
        initial = _there(norms_of(rows, part, initial=True))
        x, y = _means(initial, "median_norm")
        axes.plot(x, y, ":", color=FAINT_INK, linewidth=1.2)
        if len(x):
            note(axes, x[-1], y[-1], "median, initial")
        _finish(axes, part, [*networks, *initial])
    return figure


def _draw_sums(rows: DataFrame) -> Figure:
    figure = begin(_SUMS_TITLE, 4.0)
    for axes, part in zip(figure.subplots(1, 2, sharey=True), PARTS, strict=True):
        networks = _there(norms_of(rows, part))
        _line(axes, networks, "root_sum_of_squares", "(Σ‖T‖²)^½", INK)
        _line(axes, networks, "max_increment", "largest increment", FAINT_INK)
        x, y = _means(networks, "root_sum_of_squares")
        if len(x) > 1:
            axes.plot(x, y[0] * (x / x[0]) ** 0.5, ":", color=FAINT_INK, linewidth=1)
            note(axes, x[-1], y[0] * (x[-1] / x[0]) ** 0.5, "slope ½")
        _finish(axes, part, list(networks))
    return figure


def _there(networks: Networks) -> dict[int, Sequence[LayerNorms]]:
    return {depth: each for depth, each in networks.items() if each}


def _line(axes: Axes, networks: Networks, statistic: str, label: str, color: str) -> None:
    """Draw a statistic, geometric means over networks, its fitted line, and its exponent beside the last point."""
    x, y = _means(networks, statistic)
    if not len(x):
        return
    axes.plot(x, y, "o", color=color, markersize=4.5, zorder=3)
    if len(networks) >= _LEAST:
        law = norm_scaling(networks).exponents[statistic]
        if np.isfinite(law.value):
            fitted = np.exp(np.log(y).mean()) * (x / np.exp(np.log(x).mean())) ** law.value
            axes.plot(x, fitted, color=color, linewidth=1.4, zorder=2)
            label = f"{label}\n~ L^{round(law.value, 2) + 0.0:.2f}"
    note(axes, x[-1], y[-1], label, color)


def _means(networks: Networks, statistic: str) -> tuple[Float64Array, Float64Array]:
    """Return depths, and the geometric mean over networks of a statistic where it is a number above 0."""
    values = {
        depth: float(np.exp(np.mean(np.log([norm_statistics(one)[statistic] for one in each]))))
        for depth, each in networks.items()
    }
    kept = {depth: value for depth, value in values.items() if np.isfinite(value) and value > 0}
    return np.array(list(kept), dtype=np.float64), np.array(list(kept.values()))


def _finish(axes: Axes, part: str, depths: Sequence[int]) -> None:
    say(axes, _SUBJECTS[part])
    if not axes.has_data():
        return
    logarithmic(axes)
    shown = sorted(set(depths))
    size_axis(axes, shown if len(shown) <= 6 else [8, 16, 33, 65, 121], "depth L, blocks")
    if shown:
        axes.set_xlim(0.85 * shown[0], 2.4 * shown[-1])  # room for labels at the right
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 3, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_locator(NullLocator())
    if part == "first":
        axes.set_ylabel("operator norm")
