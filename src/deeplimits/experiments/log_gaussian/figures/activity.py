"""Panel: fewer than half of the neurons' energy is active, by layer and by skip scale; more than half if α < 0."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits._typing import Float64Array
from deeplimits.experiments.log_gaussian.figures.panels import curve, key, level, points
from deeplimits.experiments.log_gaussian.network import DEFAULTS, network_of
from deeplimits.experiments.log_gaussian.selection import cells_like, rows_of
from deeplimits.experiments.panels import begin, column, residual_axes, say
from deeplimits.figures.residuals import RESIDUAL_LABEL, scale_residuals
from deeplimits.figures.style import FAINT_INK, INK, limit_style, shades
from deeplimits.limits import predict
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

DEPTH, SKIP_WIDTH = 50, 100
_UNIT_SUM = pl.col("skip_scale") ** 2 + pl.col("branch_scale") ** 2
TITLE = "Less than half of a layer's energy is in active neurons, and more than half if the skip connection is negative"


def activity(table: DataFrame) -> ExperimentFigure:
    """Return the figure of hypoactivation and hyperactivation."""
    cells = cells_like(table, width=None, depth=DEPTH, skip_scale=None, branch_scale=None)
    cells = cells.filter((_UNIT_SUM - 1).abs() < 1e-9)
    found = [rows_of(cells, "energy_fraction", statistic) for statistic in ("mean", "late_average")]
    return ExperimentFigure(
        "activity",
        TITLE,
        "Excess over 1/2 of ‖relu z_l‖²/‖z_l‖², times 2 width, in vanilla ReLU ResNets of depth 50 with α² + λ² = 1. "
        "Left: at each layer, α = λ above and α = −λ below. Right: averaged over the later three quarters of the "
        f"layers, width {SKIP_WIDTH}. At infinite width half of the energy is active. Below: measured less "
        "log-Gaussian, in standard errors; layers of one network are correlated.",
        pl.concat(found).unique(maintain_order=True),
        _draw,
        ("hypoactivation", "hyperactivation"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 5.4)
    panels = figure.subplots(2, 2, height_ratios=(3, 1.2))
    _by_layer(panels[0, 0], panels[1, 0], rows.filter(statistic="mean"))
    _by_skip_scale(panels[0, 1], panels[1, 1], rows.filter(pl.col("statistic") == "late_average", width=SKIP_WIDTH))
    panels[0, 0].set_ylabel("2 width × (active energy − 1/2)")
    panels[1, 0].set_ylabel(RESIDUAL_LABEL)
    return figure


def _by_layer(top: Axes, bottom: Axes, rows: DataFrame) -> None:
    say(top, "at each layer")
    residual_axes(bottom, label=False)
    level(top, 0.0, "infinite-width", "infinite width")
    positive = rows.filter((pl.col("skip_scale") - 0.5**0.5).abs() < 1e-9)
    widths = sorted(positive["width"].unique().to_list())
    tones = dict(zip(widths, shades(max(1, len(widths))), strict=True)) if widths else {}
    for width, color in tones.items():
        some = positive.filter(width=width).sort("layer")
        _layers(top, bottom, some, color, hollow=False)
        curve(top, column(some, "layer"), _scaled(some, "log_gaussian"), "log-gaussian")
    negative = rows.filter((pl.col("skip_scale") + 0.5**0.5).abs() < 1e-9, width=SKIP_WIDTH).sort("layer")
    if len(negative):
        _layers(top, bottom, negative, INK, hollow=True)
        curve(top, column(negative, "layer"), _scaled(negative, "log_gaussian"), "log-gaussian", 1.2)
        top.annotate("α = −λ", (14, 0.45), (0, 10), textcoords="offset points", color=FAINT_INK, fontsize=9)
    key(
        top,
        [f"width {width}" for width in tones],
        list(tones.values()),
        "o",
        (0.66, 0.6) if len(tones) > 1 else (0.66, 0.4),
    )
    top.annotate("α = λ", (14, -1.45), (0, 8), textcoords="offset points", color=FAINT_INK, fontsize=9)
    top.set_xticklabels([])
    bottom.set_xlabel("layer")
    scale_residuals(bottom)


def _layers(top: Axes, bottom: Axes, rows: DataFrame, color: str, hollow: bool) -> None:
    some = rows.filter((pl.col("layer") <= 10) | (pl.col("layer") % 5 == 0))
    measured, error = _scaled(some, "measured"), 2 * column(some, "width") * column(some, "measured_standard_error")
    points(top, column(some, "layer"), measured, error, color=color, hollow=hollow)
    gaps = (measured - _scaled(some, "log_gaussian")) / error
    bottom.plot(
        column(some, "layer"), gaps, "o", color=color, markersize=3.2, markerfacecolor="none" if hollow else color
    )


def _by_skip_scale(top: Axes, bottom: Axes, rows: DataFrame) -> None:
    say(top, f"in later layers, width {SKIP_WIDTH}")
    residual_axes(bottom, label=False)
    level(top, 0.0, "infinite-width", "infinite width")
    skip = np.concatenate([np.linspace(-0.99, 0.8, 24), np.linspace(0.83, 0.99, 9)])
    curve(top, skip, [_late_excess(scale) for scale in skip], "log-gaussian")
    measured, error = _scaled(rows, "measured"), 2 * column(rows, "width") * column(rows, "measured_standard_error")
    points(top, column(rows, "skip_scale"), measured, error)
    bottom.plot(
        column(rows, "skip_scale"), (measured - _scaled(rows, "log_gaussian")) / error, "o", color=INK, markersize=3.2
    )
    blue = limit_style("log-gaussian")
    top.text(0.56, 0.2, blue.label, transform=top.transAxes, color=blue.color, fontsize=9.5, ha="right")
    for axes in (top, bottom):
        axes.set_xlim(-1.02, 1.02)
    top.set_xticklabels([])
    bottom.set_xlabel("skip scale α, with λ² = 1 − α²")
    scale_residuals(bottom)


def _scaled(rows: DataFrame, name: str) -> Float64Array:
    return 2 * column(rows, "width") * (column(rows, name) - 0.5)


def _late_excess(skip_scale: float) -> float:
    """Return what the log-Gaussian limit says of the average over the later three quarters of the layers."""
    scales = {"skip_scale": skip_scale, "branch_scale": math.sqrt(1 - skip_scale**2)}
    network = network_of({**DEFAULTS, **scales, "width": SKIP_WIDTH, "depth": DEPTH})
    law = predict(network, limit="log-gaussian")["energy_fraction"]
    late = [mean for layer, mean in zip(law.layers, law.mean, strict=True) if layer >= DEPTH / 4]
    return float(2 * SKIP_WIDTH * (np.mean(late) - 0.5))
