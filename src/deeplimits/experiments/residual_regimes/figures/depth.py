"""Panels: displacements against depth at three exponents, of independent and of smooth weights."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin, column, logarithmic, note, residual_axes, say, size_axis
from deeplimits.experiments.residual_regimes.distances import rows_of
from deeplimits.experiments.residual_regimes.rows import SIDES
from deeplimits.figures.residuals import scale_residuals
from deeplimits.figures.style import FAINT_INK, limit_style, shades
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "Independent weights: identity for β > ½, explosion for β < ½, a limit law at β = ½"
SMOOTH_TITLE = "Smooth weights: the border is at β = 1"
_SUBJECTS = {"output": "outputs, ‖h_L − h_0‖/‖h_0‖", "gradient": "gradients, ‖p_0 − p_L‖/‖p_L‖"}
_TICKS = (10, 100, 1000)


def against_depth(table: DataFrame) -> ExperimentFigure:
    """Return the figure of independent weights."""
    return ExperimentFigure(
        "independent-weights",
        TITLE,
        "Root mean square of the displacement D of ReLU networks of width 40 with two-matrix blocks times depth^-β "
        "against depth, with bars of one standard error, paler for smaller β. Thin line: the exact law, "
        "E D² = (1 + L^-2β/2)^L − 1. Below: residuals of the mean of D²; at β = ¼ few draws carry it, so that it is "
        "mostly too small.",
        rows_of(table, "square", None, None, measures="depth", law="iid"),
        _draw_independent,
        ("identity", "identity-rate", "non-trivial", "non-trivial-rate", "explosion", "explosion-rate"),
    )


def smooth(table: DataFrame) -> ExperimentFigure:
    """Return the figure of smooth weights."""
    return ExperimentFigure(
        "smooth-weights",
        SMOOTH_TITLE,
        "Geometric mean of the displacement D of the same networks with weights that are smooth in the layer's index "
        "(increments of a Gaussian process of length scale 0.1 of the depth), paler for smaller β. Thin grey: 1/depth.",
        rows_of(table, "log10", None, None, measures="depth", law="rbf"),
        _draw_smooth,
        ("smooth-non-trivial", "smooth-identity", "smooth-explosion", "smooth-at-one-half"),
    )


def _draw_independent(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 4.6)
    panels = figure.subplots(2, 2, sharex="col", sharey="row", height_ratios=(3, 1.1))
    for i, side in enumerate(SIDES):
        top, bottom = panels[:, i]
        for exponent, color in _colors(rows).items():
            some = rows.filter(side=side, exponent=exponent).sort("depth")
            depth, square, error = (column(some, name) for name in ("depth", "measured", "measured_standard_error"))
            root = np.sqrt(square)
            _points(top, depth, root, error / (2 * root), color)
            style, said = limit_style("exact"), np.sqrt(column(some, "predicted"))
            top.plot(depth, said, color=style.color, linestyle=style.line, linewidth=style.width)
            bottom.plot(depth, (square - said**2) / error, "o", markersize=3.2, color=color, zorder=3)
            note(top, depth[-1], root[-1], f"β = {exponent:g}", color)
        _finish(top, bottom, rows, side)
        residual_axes(bottom, label=i == 0)
        scale_residuals(bottom)
    panels[0, 0].set_ylabel("root mean square of D")
    return figure


def _draw_smooth(rows: DataFrame) -> Figure:
    figure = begin(SMOOTH_TITLE, 3.6)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, side in zip(panels, SIDES, strict=True):
        for exponent, color in _colors(rows).items():
            some = rows.filter(side=side, exponent=exponent).sort("depth")
            depth, value = column(some, "depth"), 10 ** column(some, "measured")
            error = value * np.log(10) * column(some, "measured_standard_error")
            axes.plot(depth, value, color=color, linewidth=0.7)
            _points(axes, depth, value, error, color)
            note(axes, depth[-1], value[-1], f"β = {exponent:g}", color)
            if exponent == 2.0:
                axes.plot(depth, 0.6 * value[0] * depth[0] / depth, color=FAINT_INK, linewidth=0.6)
        _finish(axes, axes, rows, side)
    panels[0].set_ylabel("geometric mean of D")
    return figure


def _colors(rows: DataFrame) -> Mapping[float, str]:
    exponents = rows["exponent"].drop_nulls().unique().sort().to_list()
    return dict(zip(exponents, shades(len(exponents)), strict=True))


def _points(axes: Axes, x: np.ndarray, y: np.ndarray, error: np.ndarray, color: str) -> None:
    axes.errorbar(x, y, yerr=error, fmt="o", markersize=4.0, color=color, elinewidth=1.0, zorder=3)


def _finish(top: Axes, bottom: Axes, rows: DataFrame, side: str) -> None:
    say(top, _SUBJECTS[side])
    depths = sorted(set(rows.filter(pl.col("measured").is_not_null())["depth"].to_list()))
    logarithmic(top)
    top.set_xscale("log")
    size_axis(bottom, depths if len(depths) <= len(_TICKS) else _TICKS, "depth")
    if depths:
        top.set_xlim(0.8 * depths[0], 2.2 * depths[-1])  # room for labels at the right
