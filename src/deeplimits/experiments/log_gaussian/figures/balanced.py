"""Panel: vanilla against Balanced ResNets: variance of the log-norm, second moment and kurtosis of the output."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits._typing import Float64Array
from deeplimits.experiments.log_gaussian.figures.panels import curve, legible, points
from deeplimits.experiments.log_gaussian.network import DEFAULTS, network_of
from deeplimits.experiments.log_gaussian.selection import cells_like, rows_of
from deeplimits.experiments.panels import begin, column, residual_axes, say
from deeplimits.figures.residuals import RESIDUAL_LABEL, scale_residuals
from deeplimits.figures.style import FAINT_INK, INK, limit_style
from deeplimits.limits import predict
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

WIDTH, DEEPEST = 100, 100
KINDS = ("resnet", "balanced-resnet")
# Observable, statistic, subject, at infinite width.
_QUANTITIES = (
    ("log_norm_hidden", "variance", "variance of the log-norm", 0.0),
    ("log_output_second_moment", "mean", "second moment of an output", 1.0),
    ("output_kurtosis", "mean", "kurtosis of an output", 3.0),
)
_LOG_INPUT = -math.log(10)  # of ‖x‖²/input_dim
_CURVE = (1, 2, 4, 6, 8, 11, 15, 20, 26, 34, 44, 58, 76, DEEPEST)
TITLE = "Fresh signs in each block halve the variance of the log-norm and keep the second moment at 1"


def balanced(table: DataFrame) -> ExperimentFigure:
    """Return the figure of vanilla against Balanced networks."""
    cells = pl.concat([cells_like(table, kind=kind, width=WIDTH, depth=None) for kind in KINDS])
    cells = cells.filter(pl.col("depth") <= DEEPEST)
    found = [rows_of(cells, observable, statistic) for observable, statistic, *_ in _QUANTITIES]
    return ExperimentFigure(
        "balanced",
        TITLE,
        "ReLU ResNets of width 100 with α = λ = 1/√2: vanilla (filled) and Balanced (hollow), whose activations see "
        "fresh random signs in each block; the second moment is over ‖x‖²/input_dim. Second row: vanilla over "
        "Balanced. Third row: that ratio's measured less log-Gaussian logarithm, in standard errors. Pale marks rest "
        "on a few networks, and their bars are too short. Dashed: infinite width.",
        pl.concat(found).unique(maintain_order=True),
        _draw,
        ("balanced-law", "balanced-variance", "second-moment-ratio", "kurtosis-ratio"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 6.4)
    panels = figure.subplots(3, 3, sharex=True, height_ratios=(2.4, 1.8, 1))
    for i, (observable, statistic, text, infinite) in enumerate(_QUANTITIES):
        some = rows.filter(observable=observable, statistic=statistic).sort("depth")
        say(panels[0, i], text)
        _both(panels[0, i], some, infinite)
        _ratio(panels[1, i], panels[2, i], some)
        panels[2, i].set_xlabel("depth")
    panels[1, 0].set_ylabel("vanilla/Balanced")
    panels[2, 0].set_ylabel(RESIDUAL_LABEL)
    return figure


def _both(axes: Axes, rows: DataFrame, infinite: float) -> None:
    blue, gray = limit_style("log-gaussian"), limit_style("infinite-width")
    for kind, label in zip(KINDS, ("vanilla", "Balanced"), strict=True):
        some = rows.filter(kind=kind)
        values, errors = _natural(some)
        for unreliable in (False, True):
            chosen = np.array([bool(flag) is unreliable for flag in some["unreliable"]], dtype=bool)
            color = FAINT_INK if unreliable else INK
            points(
                axes,
                column(some, "depth")[chosen],
                values[chosen],
                errors[chosen],
                color=color,
                hollow=kind == KINDS[1],
            )
        depths = _CURVE
        said = np.array([_said(kind, int(depth), _observable(rows)) for depth in depths])
        curve(axes, depths, said, "log-gaussian")
        below = kind == KINDS[1] and _observable(rows) != "log_output_second_moment"
        axes.annotate(
            label,
            (depths[-2], said[-2]),
            (2, -20) if below else (-4, 3),
            textcoords="offset points",
            color=blue.color,
            fontsize=8.5,
            ha="center" if below else "right",
        )
    axes.axhline(infinite, color=gray.color, linestyle=gray.line, linewidth=gray.width)
    if infinite > 0:
        axes.set_yscale("log")
        ticks = [t for t in (1.0, 1.5, 2.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0) if t >= infinite]
        low, high = axes.get_ylim()
        axes.set_yticks([t for t in ticks if low <= t <= high], legible([t for t in ticks if low <= t <= high]))
        axes.set_yticks([], minor=True)


def _ratio(middle: Axes, bottom: Axes, rows: DataFrame) -> None:
    observable = _observable(rows)
    residual_axes(bottom, label=False)
    pair = rows.filter(kind=KINDS[0]).join(rows.filter(kind=KINDS[1]), on="depth", suffix="_other").sort("depth")
    depths = _CURVE
    said = [_said(KINDS[0], int(d), observable) / _said(KINDS[1], int(d), observable) for d in depths]
    curve(middle, depths, said, "log-gaussian")
    gray = limit_style("infinite-width")
    if observable != "log_norm_hidden":
        middle.axhline(1.0, color=gray.color, linestyle=gray.line, linewidth=gray.width)
        middle.set_yscale("log")
        ticks = [1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0]
        low, high = middle.get_ylim()
        middle.set_yticks([t for t in ticks if low <= t <= high], legible([t for t in ticks if low <= t <= high]))
        middle.set_yticks([], minor=True)
    if len(pair) == 0:
        return
    one, one_error = _natural(pair)
    other, other_error = _natural(pair, "_other")
    relative = np.hypot(one_error / one, other_error / other)
    expected = np.array([_said(KINDS[0], d, observable) / _said(KINDS[1], d, observable) for d in pair["depth"]])
    unreliable = np.array([bool(a) or bool(b) for a, b in pair.select("unreliable", "unreliable_other").rows()])
    for flag, color in ((False, INK), (True, FAINT_INK)):
        some = unreliable == flag
        x = column(pair, "depth")[some]
        points(middle, x, (one / other)[some], (relative * one / other)[some], color=color)
        gaps = (np.log(one / other / expected) / relative)[some]
        bottom.plot(x, gaps, "o", color=color, markersize=3.2)
    scale_residuals(bottom)


def _observable(rows: DataFrame) -> str:
    return str(rows["observable"][0])


def _natural(rows: DataFrame, suffix: str = "") -> tuple[Float64Array, Float64Array]:
    """Return values and standard errors, of the second moment itself rather than its logarithm."""
    value, error = column(rows, f"measured{suffix}"), column(rows, f"measured_standard_error{suffix}")
    if len(rows) and _observable(rows) == "log_output_second_moment":
        moment = np.exp(value - _LOG_INPUT)
        return moment, moment * error
    return value, error


@cache
def _predicted(kind: str, depth: int) -> Mapping[str, float]:
    """Return what the log-Gaussian limit says of each quantity."""
    prediction = predict(network_of({**DEFAULTS, "kind": kind, "width": WIDTH, "depth": depth}), limit="log-gaussian")
    return {
        "log_norm_hidden": prediction["log_norm_hidden"].variance,
        "log_output_second_moment": math.exp(prediction["log_output_second_moment"].mean - _LOG_INPUT),
        "output_kurtosis": prediction["output_kurtosis"].mean,
    }


def _said(kind: str, depth: int, observable: str) -> float:
    return _predicted(kind, depth)[observable]
