"""Panel: distances of the law to both limits, beside those recorded from independent runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.log_gaussian.figures.panels import legible
from deeplimits.experiments.log_gaussian.recorded import DISTANCES, RecordedDistances
from deeplimits.experiments.log_gaussian.selection import cells_like, rows_of
from deeplimits.experiments.panels import begin, say
from deeplimits.figures.style import FAINT_INK, INK, limit_style
from deeplimits.statistics import deviation_bound
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

_STATISTICS = ("ks", "wasserstein")
TITLE = "The distances of the law to both limits are those of independent runs at the same settings"


def distances(table: DataFrame) -> ExperimentFigure:
    """Return the figure of distances, measured and recorded."""
    cells = [
        cells_like(table, kind=one.kind, width=one.width, depth=one.depth, output_dim=one.output_dim)
        for one in DISTANCES
    ]
    found = [rows_of(cell, "log_squared_norm", statistic) for cell in cells for statistic in _STATISTICS]
    return ExperimentFigure(
        "distances",
        TITLE,
        "Distance of the law of ln ‖z_out‖² to the log-Gaussian law and to that of infinite width: measured (filled, "
        "with 95 % bars) and recorded from 5 · 10⁵ networks of an independent run (crosses). Distances below about "
        "1/√networks are noise. 10 outputs but where another number is given; Wasserstein in units of ln ‖z_out‖².",
        pl.concat(found).unique(maintain_order=True),
        _draw,
        ("published-ks", "published-wasserstein"),
    )


def _draw(rows: DataFrame) -> Figure:
    shown = [one for one in DISTANCES if _of(rows, one).height]
    figure = begin(TITLE, 1.9 + 0.24 * len(shown))
    panels = figure.subplots(1, 2, sharey=True, squeeze=False)[0]
    for axes, statistic, text in zip(panels, _STATISTICS, ("Kolmogorov–Smirnov", "Wasserstein-1"), strict=True):
        say(axes, text)
        for y, recorded in enumerate(shown):
            for row in _of(rows, recorded).filter(statistic=statistic).to_dicts():
                _mark(axes, y, row, recorded, _STATISTICS.index(statistic))
        axes.set_xscale("log")
        ticks = [0.001, 0.01, 0.1, 1.0] + ([10.0] if statistic == "wasserstein" else [])
        axes.set_xticks(ticks, legible(ticks))
        axes.minorticks_off()
        axes.grid(axis="y", color=FAINT_INK, alpha=0.25, linewidth=0.5)
        axes.set_axisbelow(True)
    panels[0].set_yticks(range(len(shown)), [_words(one) for one in shown])
    panels[0].set_ylabel("width × depth")
    panels[0].set_ylim(len(shown) - 0.4, -1.4)
    for limit, x in (("log-gaussian", 0.02), ("infinite-width", 0.62)):
        style = limit_style(limit)
        panels[0].text(x, 0.985, style.label, transform=panels[0].transAxes, color=style.color, fontsize=9, va="top")
    return figure


def _mark(axes: Axes, y: float, row: dict[str, Any], recorded: RecordedDistances, which: int) -> None:
    limit = row["limit"]
    if limit not in ("log-gaussian", "infinite-width"):
        return
    color, value = limit_style(limit).color, row["measured"]
    half = deviation_bound(row["count"], 0.05) if which == 0 else 1.96 * row["measured_standard_error"]
    bar = np.array([[min(half, 0.9 * value)], [half]])
    axes.errorbar([value], [y], xerr=bar, fmt="o", markersize=4.4, color=color, elinewidth=1.0)
    published = getattr(recorded, limit.replace("-", "_"))[which]
    axes.plot(published, y, "x", markersize=6.5, markeredgewidth=1.1, color=INK, zorder=4)


def _of(rows: DataFrame, one: RecordedDistances) -> DataFrame:
    return rows.filter(kind=one.kind, width=one.width, depth=one.depth, output_dim=one.output_dim)


def _words(one: RecordedDistances) -> str:
    text = f"{one.width} × {one.depth}" + (", Balanced" if one.kind == "balanced-resnet" else "")
    return text if one.output_dim == 10 else f"{text}, {one.output_dim} output"
