"""Panel: where each formula is off by 5 %, over width and depth."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from scipy.special import ndtri

from deeplimits.experiments.log_gaussian.selection import cells_like, rows_of
from deeplimits.experiments.panels import begin, say
from deeplimits.figures.style import FAINT_INK, INK, PAPER, SIMULATION_FILL, limit_style
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TOLERATED = 0.05
_DELTA = 0.05  # shared between all places, so that chance alone colours hardly one
_DEPTHS = (2, 5, 10, 20, 50, 100, 200)
_OFF = "#c2541b"
TITLE = "The log-Gaussian formulas need width: at 100 the variance is still off by over 5 %, at any large depth"


class _Formula(NamedTuple):
    """Say what is shown in a panel: an observable's statistic, and what the prediction's error is relative to."""

    observable: str
    statistic: str
    subject: str
    origin: float = 0.0
    logarithmic: bool = False


_FORMULAS = (
    _Formula("log_norm", "variance", "variance of the log-norm"),
    _Formula("log_norm", "mean", "mean of the log-norm"),
    _Formula("energy_fraction", "mean", "active energy less 1/2", origin=0.5),
    _Formula("active_fraction", "mean", "active fraction less 1/2", origin=0.5),
    _Formula("log_output_second_moment", "mean", "second moment of an output", logarithmic=True),
    _Formula("output_kurtosis", "mean", "kurtosis of an output"),
)


def accuracy(table: DataFrame) -> ExperimentFigure:
    """Return the map of relative errors."""
    cells = cells_like(table, width=None, depth=None)
    found = [rows_of(cells, formula.observable, formula.statistic) for formula in _FORMULAS]
    return ExperimentFigure(
        "accuracy",
        TITLE,
        "Measured over predicted, less 1, in percent, for vanilla ReLU ResNets with α = λ = 1/√2. Blue: within 5 %. "
        "Orange: off by more. Gray, in brackets: undecided (the intervals hold all errors at once, at 95 %). ?: a few "
        "networks carry the estimate. Empty: not measured. A layer counts as the last one of a network of its depth; "
        "depths are rounded to the nearest layer recorded.",
        pl.concat(found).unique(maintain_order=True),
        _draw,
        ("variance-when-wide", "variance-when-narrow", "mean"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 6.6)
    widths = sorted(rows["width"].unique().to_list())
    panels = figure.subplots(2, 3, sharex=True, sharey=True)
    errors = _errors(rows, widths)
    quantile = -float(ndtri(_DELTA / 2 / max(1, len(errors))))
    for (panel, i, j), found in errors.items():
        _place(panels.flat[panel], i, j, *found, quantile)
    for axes, formula in zip(panels.flat, _FORMULAS, strict=True):
        say(axes, formula.subject)
        axes.set(xlim=(-0.5, len(widths) - 0.5), ylim=(-0.5, len(_DEPTHS) - 0.5))
        axes.set_xticks(range(len(widths)), [str(width) for width in widths])
        axes.set_yticks(range(len(_DEPTHS)), [str(depth) for depth in _DEPTHS])
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    for axes in panels[1]:
        axes.set_xlabel("width")
    for axes in panels[:, 0]:
        axes.set_ylabel("depth")
    return figure


def _errors(rows: DataFrame, widths: list[int]) -> dict[tuple[int, int, int], tuple[float, float]]:
    """Return (panel, width, depth) → relative error and its standard error, for what was measured."""
    found = {}
    for panel, formula in enumerate(_FORMULAS):
        some = rows.filter(observable=formula.observable, statistic=formula.statistic)
        for i, width in enumerate(widths):
            for j, depth in enumerate(_DEPTHS):
                row = _nearest(some.filter(width=width), depth)
                if row is not None:
                    found[panel, i, j] = _error(row, formula)
    return found


def _nearest(rows: DataFrame, depth: int) -> dict[str, Any] | None:
    """Return the most precise row within 10 % of ``depth``, or one layer."""
    at = pl.coalesce("layer", "depth")
    near = rows.filter((at - depth).abs() <= (0.1 * depth if depth > 10 else 0))
    near = near.sort((at - depth).abs(), "measured_standard_error")
    return None if near.is_empty() else near.row(0, named=True)


def _error(row: Mapping[str, Any], formula: _Formula) -> tuple[float, float]:
    """Return (measured/predicted − 1) and its standard error; an infinite one if a few networks carry the estimate."""
    said, measured, error = row["log_gaussian"], row["measured"], row["measured_standard_error"]
    if formula.logarithmic:
        value, error = math.expm1(measured - said), error
    else:
        value, error = (measured - said) / (said - formula.origin), error / abs(said - formula.origin)
    return value, math.inf if row["unreliable"] else error


def _place(axes: Axes, x: int, y: int, value: float, error: float, quantile: float) -> None:
    low, high = abs(value) - quantile * error, abs(value) + quantile * error
    fill, ink = (limit_style("log-gaussian").color, PAPER) if high <= TOLERATED else (_OFF, PAPER)
    text = f"{100 * value:+.{0 if abs(value) > 0.0995 else 1}f}".replace("-", "\u2212")
    if low <= TOLERATED < high:
        fill, ink = SIMULATION_FILL, FAINT_INK if math.isinf(error) else INK
        text = "?" if math.isinf(error) else f"({100 * value:+.0f})".replace("-", "\u2212")
    axes.add_patch(Rectangle((x - 0.48, y - 0.46), 0.96, 0.92, facecolor=fill, linewidth=0))
    axes.text(x, y, text, ha="center", va="center", fontsize=7.5, color=ink)
