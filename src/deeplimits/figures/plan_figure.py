"""A plan as a curve: the distance of each limit against what was to be chosen, and the tolerance."""

from __future__ import annotations

import textwrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.comparison.planning import Answer, Plan
from deeplimits.figures.direct_labels import Curve, label_curves
from deeplimits.figures.style import FAINT_INK, INK, SIMULATION_FILL, limit_style, visual_language

_SHOWN_BELOW = 30.0
_MEASURES = {"ks": "Kolmogorov–Smirnov distance", "spread": "standard deviation of the log-norm"}


def draw_plan(plan: Plan) -> Figure:
    """Draw the distance of each limit of ``plan`` against the quantity, with the tolerance and the answers."""
    with visual_language():
        figure = Figure(figsize=(7.2, 4.2), layout="constrained")
        figure.suptitle(_claim(plan), x=0.01, ha="left", fontsize=12.5, weight="bold")
        axes = figure.subplots()
        axes.set(xscale="log", yscale="log", xlabel=plan.quantity.replace("_", " "), ylabel=_MEASURES[plan.measure])
        axes.set_title(
            f"{plan.kind}, {plan.given}, tolerance {plan.tolerance:g}", loc="left", fontsize=9, color=FAINT_INK
        )
        curves = [_draw(axes, plan, answer) for answer in plan.answers]
        # Far below the tolerance a distance says more of the reference than of the limit.
        low, high = plan.tolerance / _SHOWN_BELOW, 1.5 * max(float(curve.y.max()) for curve in curves)
        axes.set_ylim(low, max(high, 3 * plan.tolerance))
        axes.axhspan(low, plan.tolerance, color=SIMULATION_FILL, linewidth=0, zorder=0)
        axes.text(0.01, 0.02, "within the tolerance", transform=axes.transAxes, fontsize=9, color=INK)
        label_curves(figure, axes, [_visible(curve, low) for curve in curves])
    return figure


def _draw(axes: Axes, plan: Plan, answer: Answer) -> Curve:
    style = limit_style(answer.limit)
    values, distances = plan.curve(answer.limit)
    axes.plot(values, distances, color=style.color, linestyle=style.line, linewidth=style.width)
    if answer.value is not None and answer.distance is not None and not answer.unbounded:
        left = plan.quantity != "width"  # where the curve rises
        axes.plot(answer.value, answer.distance, "o", color=style.color, markersize=5)
        axes.annotate(_number(answer.value), (answer.value, answer.distance), (-6 if left else 6, 4),
                      textcoords="offset points", color=style.color, fontsize=9.5, ha="right" if left else "left",
                      va="bottom")  # fmt: skip
    return Curve(values, distances, style.label, style.color)


def _visible(curve: Curve, low: float) -> Curve:
    """Return the part of ``curve`` that is drawn, or its end if there is none."""
    seen = curve.y > low
    seen[int(np.argmax(curve.y))] = True
    return Curve(curve.x[seen], np.maximum(curve.y[seen], low), curve.label, curve.color)


def _claim(plan: Plan) -> str:
    """Return what the easiest answers say."""
    quantity = plan.quantity.replace("_", " ")
    word = "from" if plan.quantity == "width" else "up to"
    held = [f"{limit_style(a.limit).label} {word} {_number(a.value)}" for a in plan.answers if a.value]
    text = f"{', '.join(held)}" if held else "none keeps a limit within the tolerance"
    return textwrap.fill(f"{quantity.capitalize()}: {text}", 74)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 and float(value).is_integer() else f"{value:.3g}"
