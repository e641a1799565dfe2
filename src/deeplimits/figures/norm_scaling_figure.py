"""Norms of the blocks of residual networks against depth, part by part, with fitted lines."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from deeplimits.figures.direct_labels import Curve, label_curves
from deeplimits.figures.style import FAINT_INK, shades, visual_language
from deeplimits.weights import WeightScaling

_LABELS = {
    "root_sum_of_squares": "(Σ‖T‖²)^½",
    "max_norm": "max ‖T‖",
    "max_increment": "largest increment",
    "median_norm": "median ‖T‖",
}


def draw_norm_scaling(parts: Mapping[str, WeightScaling]) -> Figure:
    """Draw the root sum of squares, the maximum, the median and the largest increment of norms against depth.

    Args:
        parts: part of a block → how its norms scale, of at most four parts.
    """
    with visual_language():
        figure = Figure(figsize=(max(5.4, 4.6 * len(parts)), 4.4), layout="constrained")
        regimes = {one.regime for one in parts.values()}
        figure.suptitle(
            f"{' / '.join(sorted(regimes))}: norms of blocks against depth", x=0.01, ha="left", weight="bold"
        )
        panels = figure.subplots(1, len(parts), squeeze=False)[0]
        for axes, (part, found) in zip(panels, parts.items(), strict=True):
            axes.set_title(part or "blocks", loc="left", fontsize=9, color=FAINT_INK)
            curves = []
            for color, (name, label) in zip(shades(len(_LABELS))[::-1], _LABELS.items(), strict=True):
                law, logs = found.exponents[name], np.array(found.statistics[name])
                there = np.isfinite(logs)
                x, y = np.array(found.depths, dtype=np.float64)[there], np.exp(logs[there])
                if not len(x):
                    continue
                axes.plot(x, y, "o", color=color, markersize=4)
                line = y
                if np.isfinite(law.value):
                    line = np.exp(logs[there].mean()) * (x / np.exp(np.log(x).mean())) ** law.value
                    axes.plot(x, line, color=color)
                    label = f"{label} ~ L^{round(law.value, 2) + 0.0:.2f}"
                curves.append(Curve(x, line, label, color))
            axes.set(xscale="log", yscale="log", xlabel="depth L, blocks")
            for axis in (axes.xaxis, axes.yaxis):
                axis.set_major_locator(LogLocator(subs=(1, 2, 3, 5)))
                axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
                axis.set_minor_locator(NullLocator())
            label_curves(figure, axes, curves)
    return figure
