"""The scaling of weights with depth: what the regime's verdict is read from, with the slopes that it looks for."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.figures.direct_labels import Curve, label_curves
from deeplimits.figures.style import FAINT_INK, shades, visual_language
from deeplimits.weights import MEANINGS, WeightScaling

# Statistic → how a curve is labelled; of what is bounded in no regime but its own, and of what falls only if smooth.
_SIZES = {"rms_norm": "rms ‖T‖", "max_norm": "max ‖T‖", "root_sum_of_squares": "(Σ‖T‖²)^½"}
_CHANGES = {"scaled_rms_increment": "rms ‖ΔT‖ / rms ‖T‖", "quadratic_variation": "Σ‖ΔT‖²"}
_SLOPES = {-1.0: "slope -1", -0.5: "slope -½"}


def draw_weight_scaling(found: WeightScaling) -> Figure:
    """Draw sizes and increments of T = scale · weight against depth, with fitted lines and the slopes of the theory."""
    with visual_language():
        figure = Figure(figsize=(9.2, 4.4), layout="constrained")
        title = textwrap.fill(f"{found.regime}: {MEANINGS[found.regime]}", 88)
        figure.suptitle(title, x=0.01, ha="left", fontsize=11.5, weight="bold")
        left, right = figure.subplots(1, 2)
        networks = "one network" if found.num_networks == 1 else f"{found.num_networks} networks"
        left.set_title(f"sizes; {networks} at each depth", loc="left", fontsize=9, color=FAINT_INK)
        right.set_title("changes from layer to layer", loc="left", fontsize=9, color=FAINT_INK)
        curves = [_draw(left, found, _SIZES, _SLOPES), _draw(right, found, _CHANGES, {-1.0: "slope -1"})]
        for axes, drawn in zip((left, right), curves, strict=True):
            axes.set(xscale="log", yscale="log", xlabel="depth L")
            label_curves(figure, axes, drawn)
    return figure


def _draw(axes: Axes, found: WeightScaling, labels: Mapping[str, str], slopes: Mapping[float, str]) -> list[Curve]:
    """Draw points and lines of each statistic, and the slopes through the deepest point of the first one."""
    curves: list[Curve] = []
    for color, (name, label) in zip(shades(len(labels))[::-1], labels.items(), strict=True):
        law, (x, y) = found.exponents[name], _points(found, name)
        if len(x) == 0:
            continue
        axes.plot(x, y, "o", color=color, markersize=4)
        if np.isfinite(law.value):
            line = np.exp(np.log(y).mean() + law.value * (np.log(x) - np.log(x).mean()))
            axes.plot(x, line, color=color, linewidth=1.2)
            label = f"{label} ~ L^{round(law.value, 2) + 0.0:.2f}"
        curves.append(Curve(x, y, label, color))
    x, y = _points(found, next(iter(labels)))
    for slope, label in slopes.items() if len(x) else ():
        guide = y[-1] * (x / x[-1]) ** slope
        axes.plot(x, guide, color=FAINT_INK, linestyle=":", linewidth=1.2)
        curves.append(Curve(x, guide, label, FAINT_INK))
    return curves


def _points(found: WeightScaling, name: str) -> Sequence[np.ndarray]:
    """Return the depths at which a statistic is positive, and its values."""
    x, logs = np.array(found.depths, dtype=np.float64), np.array(found.statistics[name])
    kept = np.isfinite(logs)
    return x[kept], np.exp(logs[kept])
