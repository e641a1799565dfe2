"""Measured and predicted laws of one observable: densities above, what is left over below, in standard errors."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits import observables
from deeplimits._typing import Float64Array
from deeplimits.comparison import Comparison
from deeplimits.figures.direct_labels import Curve, label_curves
from deeplimits.figures.residuals import RESIDUAL_LABEL, prepare_residuals, scale_residuals
from deeplimits.figures.style import FAINT_INK, INK, SIMULATION_FILL, limit_style, visual_language
from deeplimits.figures.words import claim, settings
from deeplimits.limits import Law
from deeplimits.statistics import Summary

MAXIMUM_PANELS = 4
_TAIL = 5e-4  # probability left out at either end of the horizontal axis
_TALLEST = 4.0  # a density is cut off at this multiple of the simulation's peak


@dataclass(frozen=True)
class _Histogram:
    """Count the sampled networks in bins of equal width."""

    edges: Float64Array
    counts: Float64Array
    total: int

    @property
    def density(self) -> Float64Array:
        return self.counts / (self.total * np.diff(self.edges))


def draw_laws(comparison: Comparison, observable: str = "log_squared_norm") -> Figure:
    """Draw the measured law of ``observable`` against every law predicted for it.

    Below the densities stands, bin by bin, (measured − predicted) / standard error, on an axis that is linear up to 3
    and logarithmic beyond. A bin's standard error is the root of its measured or predicted count, whichever is larger.

    Args:
        comparison: what was measured and predicted; the title is what its verdicts say.
        observable: what to draw.

    Returns:
        One pair of panels per input vector, of the first 4.
    """
    samples, what = comparison.samples, observables.get(observable)
    summaries = samples.summaries[observable][:MAXIMUM_PANELS]
    with visual_language():
        figure = Figure(figsize=(7.2 if len(summaries) == 1 else 4.2 * len(summaries), 5.4), layout="constrained")
        figure.suptitle(claim(comparison, observable), x=0.01, ha="left", fontsize=12.5, weight="bold")
        panels = figure.subplots(2, len(summaries), sharex="col", squeeze=False, height_ratios=(3, 1.15))
        for i, summary in enumerate(summaries):
            rows = [row for row in comparison.rows_for(observable=observable) if row.input_index == i]
            _draw_pair(figure, panels[0, i], panels[1, i], summary, {row.limit: row.law for row in rows})
            panels[1, i].set_xlabel(what.symbol)
            lines = textwrap.wrap(settings(samples), 92) if i == 0 else []
            lines += [f"input {i + 1}"] if len(summaries) > 1 else []
            panels[0, i].set_title("\n".join(lines), loc="left", fontsize=9, color=FAINT_INK)
        panels[0, 0].set_ylabel("density")
        panels[1, 0].set_ylabel(RESIDUAL_LABEL)
    return figure


def _draw_pair(figure: Figure, top: Axes, bottom: Axes, summary: Summary, laws: dict[str, Law]) -> None:
    drawn = {name: law for name, law in laws.items() if law.has_distribution and not law.is_point_mass}
    histogram = _histogram(summary, list(drawn.values()))
    peak = float(histogram.density.max())
    top.stairs(histogram.density, histogram.edges, fill=True, color=SIMULATION_FILL)
    top.stairs(histogram.density, histogram.edges, color=FAINT_INK, linewidth=0.7)
    middles = (histogram.edges[1:] + histogram.edges[:-1]) / 2
    curves = [Curve(middles, histogram.density, "simulation", INK, fill=SIMULATION_FILL)]
    prepare_residuals(bottom)
    for name, law in drawn.items():
        style = limit_style(name)
        x = np.linspace(histogram.edges[0], histogram.edges[-1], 600)
        density = np.exp(law.log_prob(x))
        top.plot(x, density, color=style.color, linestyle=style.line, linewidth=style.width)
        residual = _residual(histogram, law)
        bottom.plot(middles, residual, color=style.color, linestyle=style.line, linewidth=min(style.width, 1.3))
        curves.append(Curve(x, np.minimum(density, 1.2 * _TALLEST * peak), style.label, style.color))
    tallest = min(max(float(curve.y.max()) for curve in curves), _TALLEST * peak)
    top.set(xlim=(histogram.edges[0], histogram.edges[-1]), ylim=(0, 1.12 * tallest))
    scale_residuals(bottom)
    label_curves(figure, top, curves)


def _histogram(summary: Summary, laws: Sequence[Law]) -> _Histogram:
    """Bin the sketch over the range of the simulation and of every law."""
    ends = np.array([_TAIL, 1 - _TAIL])
    ranges = np.array([summary.sketch.quantile(ends), *(law.quantile(ends) for law in laws)])
    low, high = float(ranges[:, 0].min()), float(ranges[:, 1].max())
    # Bins follow the simulation's own spread, or a distant law would leave it a handful.
    spread = float(np.ptp(summary.sketch.quantile(np.array([0.05, 0.95])))) or high - low or 1.0
    bins = int(np.clip((high - low) / spread * 6 * summary.count**0.2, 10, 400))
    edges = np.linspace(low, high, bins + 1) if high > low else np.array([low - 0.5, low + 0.5])
    return _Histogram(edges, np.diff(summary.sketch.cdf(edges)) * summary.count, summary.count)


def _residual(histogram: _Histogram, law: Law) -> Float64Array:
    expected = histogram.total * np.diff(law.cdf(histogram.edges))
    error = np.sqrt(np.maximum(np.maximum(histogram.counts, expected), 1.0))
    return np.asarray((histogram.counts - expected) / error)
