"""What the panels share: a statistic of the weights against the depth, with its exponent at the curve."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits._typing import Float64Array
from deeplimits.experiments.panels import logarithmic, say, size_axis
from deeplimits.figures.direct_labels import Curve, label_curves
from deeplimits.figures.style import FAINT_INK, shades
from deeplimits.sweeps.table import DataFrame
from deeplimits.weights import WeightScaling

SUBJECTS = {"tanh-shared": "tanh, one δ for all layers", "relu-per-layer": "ReLU, a δ for each layer"}
_FEW = 5
_TICKS = (4, 10, 30, 100, 300, 1000, 3000, 10000)


def draw_statistics(axes: Axes, rows: DataFrame, scaling: WeightScaling | None, labels: dict[str, str]) -> list[Curve]:
    """Draw geometric means over networks with bars of one standard error, the fitted lines, and return the curves."""
    curves = []
    for color, (statistic, label) in zip(shades(len(labels))[::-1], labels.items(), strict=True):
        depth, value, error = geometric_means(rows.filter(measure="log_statistic", statistic=statistic))
        if not len(depth):
            continue
        axes.errorbar(depth, value, yerr=value * error, fmt="o", markersize=3.6, color=color, elinewidth=1.0)
        if scaling is not None and np.isfinite(scaling.exponents[statistic].value):
            slope = scaling.exponents[statistic].value
            line = np.exp(np.log(value).mean() + slope * (np.log(depth) - np.log(depth).mean()))
            axes.plot(depth, line, color=color, linewidth=1.2)
            label = f"{label} ~ L^{round(slope, 2) + 0.0:.2f}"
        curves.append(Curve(depth, value, label, color))
    return curves


def draw_slope(axes: Axes, through: Curve, slope: float, label: str) -> Curve:
    """Draw the slope that is claimed through a curve's middle."""
    middle = np.exp(np.log(through.y).mean() - slope * np.log(through.x).mean())
    y = middle * through.x**slope
    axes.plot(through.x, y, color=FAINT_INK, linestyle=":", linewidth=1.2)
    return Curve(through.x, y, label, FAINT_INK)


def finish(figure: Figure, axes: Axes, subject: str, curves: list[Curve]) -> None:
    """Set axes and write the labels at their curves."""
    say(axes, subject)
    logarithmic(axes)
    if curves:
        low, high = min(curve.x[0] for curve in curves), max(curve.x[-1] for curve in curves)
        depths = sorted({float(x) for curve in curves for x in curve.x})
        few = len(depths) <= _FEW
        size_axis(axes, depths if few else [tick for tick in _TICKS if low <= tick <= high], "depth L")
        axes.margins(y=0.18)
        if low == high:  # room for labels beside a single depth
            axes.set_xlim(low / 4, low * 4)
        label_curves(figure, axes, curves)


def geometric_means(rows: DataFrame) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Return depths, geometric means over networks, and their relative standard errors (0 for one network)."""
    import polars as pl

    found = (
        rows.drop_nulls("measured")
        .group_by("depth")
        .agg(mean=pl.col("measured").mean(), sd=pl.col("measured").std().fill_null(0.0), count=pl.len())
        .sort("depth")
    )
    depth, mean, sd, count = (found[name].to_numpy().astype(np.float64) for name in ("depth", "mean", "sd", "count"))
    return depth, np.exp(mean), sd / np.sqrt(count)
