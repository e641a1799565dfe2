"""Panel: the law of one preactivation of the last layer."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin, column, residual_axes, say
from deeplimits.experiments.width_depth_commute.figures.panels import LIMIT, curve, residuals
from deeplimits.experiments.width_depth_commute.selection import rows_of
from deeplimits.figures.residuals import scale_residuals
from deeplimits.figures.style import SIMULATION_FILL, limit_style
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "A single preactivation of a wide network is Gaussian, with the variance of the flow"


def gaussianity(table: DataFrame) -> ExperimentFigure:
    """Return the figure of the marginal law."""
    data = [rows_of(table, "marginal", measure, width=None, depth=None) for measure in ("density", "ks")]
    return ExperimentFigure(
        "gaussianity",
        TITLE,
        "Histogram over networks of one preactivation of the last layer over √q, q the end of the flow, for ReLU "
        "networks with branches of size 1/√depth; green: N(0, 1). Below: residuals of each bin. The narrow network "
        "is the negative control.",
        pl.concat(data).unique(maintain_order=True),
        _draw,
        ("gaussian", "gaussian-when-narrow"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 4.2)
    widths = rows["width"].unique().sort(descending=True).to_list()
    panels = figure.subplots(2, len(widths), sharex=True, sharey="row", squeeze=False, height_ratios=(3, 1.1))
    for i, width in enumerate(widths):
        _column(panels[:, i].tolist(), rows.filter(width=width), first=i == 0)
    scale_residuals(panels[1, 0])  # shared by the row, so after everything is drawn
    panels[0, 0].set_ylabel("density")
    return figure


def _column(panels: list[Axes], rows: DataFrame, *, first: bool) -> None:
    top, bottom = panels
    density, distance = rows.filter(measure="density").sort("low"), rows.filter(measure="ks")
    middle = (column(density, "low") + column(density, "high")) / 2
    step = middle[1] - middle[0]
    top.bar(middle, column(density, "measured"), width=step, color=SIMULATION_FILL, linewidth=0)
    z = np.linspace(-4, 4, 200)
    curve(top, z, np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))
    residual_axes(bottom, label=first)
    residuals(bottom, middle, density)
    row = density.row(0, named=True)
    said = f", KS {distance['measured'][0]:.3f}" if distance.height else ""
    say(top, f"width {row['width']}, depth {row['depth']}, {row['count']:,} networks{said}")
    style = limit_style(LIMIT)
    top.annotate(style.label, (0.8, 0.32), color=style.color, fontsize=9)
    bottom.set_xlabel("preactivation / √q")
