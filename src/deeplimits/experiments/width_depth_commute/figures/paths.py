"""Panel: correlations of two inputs along the depth."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin, column, note, residual_axes, say
from deeplimits.experiments.width_depth_commute.figures.panels import LIMIT, curve, points, residuals
from deeplimits.experiments.width_depth_commute.network import FIXED, STABLE
from deeplimits.experiments.width_depth_commute.selection import rows_of
from deeplimits.figures.residuals import scale_residuals
from deeplimits.figures.style import INK, limit_style
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "The correlation of two inputs follows the flow; without scaling, inputs align"


def paths(table: DataFrame) -> ExperimentFigure:
    """Return the figure of correlation paths."""
    data = [rows_of(table, "pair", "correlation", width=None, depth=None, branch=branch) for branch in (STABLE, FIXED)]
    return ExperimentFigure(
        "correlation-paths",
        TITLE,
        "Mean cosine of the angle between the preactivations of two inputs at each layer of ReLU networks, for three "
        "correlations of the inputs. Left: branches of size 1/√depth, with the flow in green and residuals below. "
        "Right: branches of size 1, with the same flow for comparison.",
        pl.concat(data),
        _draw,
        ("correlation-path", "correlation-without-scaling"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 4.4)
    there = [branch for branch in (STABLE, FIXED) if rows.filter(branch=branch).height]
    panels = figure.subplots(2, len(there), sharex="col", sharey="row", squeeze=False, height_ratios=(3, 1.1))
    for i, branch in enumerate(there):
        _column(panels[:, i].tolist(), rows.filter(branch=branch), branch)
    scale_residuals(panels[1, 0])  # shared by the row, so after everything is drawn
    panels[0, 0].set_ylabel("correlation")
    return figure


def _column(panels: list[Axes], rows: DataFrame, branch: str) -> None:
    top, bottom = panels
    first = rows.row(0, named=True)
    size = "1/√depth" if branch == STABLE else "1"
    say(top, f"branches of size {size}\nwidth {first['width']}, depth {first['depth']}, {first['count']} networks")
    residual_axes(bottom, label=branch == STABLE)
    for (correlation,), some in rows.sort("layer").group_by("input_correlation", maintain_order=True):
        curve(top, column(some, "layer"), column(some, "predicted"))
        few = some[:: max(1, some.height // 10)]
        points(top, column(few, "layer"), few, hollow=branch == FIXED)
        # At the first layer the correlation is that of the input layer's answers, and has little scatter.
        residuals(bottom, column(few, "layer"), few)
        note(top, 0, float(some["predicted"][0]), f"{correlation:g}", INK, (6, -9))
    style = limit_style(LIMIT)
    last = rows.filter(layer=rows["layer"].max()).sort("input_correlation")
    note(top, float(last["layer"][0]) / 2, float(last["predicted"][0]), style.label, style.color, (24, -16))
    bottom.set_xlabel("layer")
