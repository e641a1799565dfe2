"""Panel: Gaussian process regression with kernels of infinite and finite size, and trained readouts."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.panels import begin, column, logarithmic, note, say, size_axis
from deeplimits.experiments.width_depth_commute.figures.panels import LIMIT, curve, points
from deeplimits.experiments.width_depth_commute.selection import rows_of
from deeplimits.figures.style import FAINT_INK, INK, SIMULATION_FILL, limit_style
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "Readouts trained on finite networks regress as the kernel of infinite width and depth does"
_MEASURES = ("curve", "width_difference", "depth_difference")


def regression(table: DataFrame) -> ExperimentFigure:
    """Return the figure of regressions on the circle and on digits."""
    data = pl.concat([rows_of(table, "regression", measure, width=None, depth=None) for measure in _MEASURES])
    return ExperimentFigure(
        "regression",
        TITLE,
        "ReLU networks with branches of size 1/√depth. Left: eight points on the circle; green: the posterior mean of "
        "the kernel of infinite width and depth; gray: ± one standard deviation of what readouts of the narrowest "
        "networks predict. Middle: their difference from the regression of infinite width, against width; right: that "
        "between the kernels of finite and infinite depth; both root-mean-square over test inputs, relative; digits "
        "are hollow.",
        data.unique(maintain_order=True),
        _draw,
        ("regression-width", "regression-depth", "regression-error"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 3.6)
    left, middle, right = figure.subplots(1, 3, width_ratios=(1.3, 1, 1))
    _curve(left, rows.filter(measure="curve"))
    _differences(middle, rows.filter(measure="width_difference"), "width", -0.5, "slope −½")
    depths = rows.filter(measure="depth_difference").unique(["data", "size"], keep="first", maintain_order=True)
    _differences(right, depths, "depth", -1.0, "slope −1")
    middle.set_ylabel("relative difference")
    return figure


def _curve(axes: Axes, rows: DataFrame) -> None:
    if not rows.height:
        return
    some = rows.filter(width=rows["width"].min()).sort("low")
    angle, mean, scatter = column(some, "low"), column(some, "measured"), column(some, "scatter")
    axes.fill_between(angle, mean - scatter, mean + scatter, color=SIMULATION_FILL, linewidth=0)
    curve(axes, angle, column(some, "predicted"))
    known = np.arange(8) * np.pi / 4
    axes.plot(known, np.sin(known) + 0.5 * np.cos(2 * known), "o", color=INK, markersize=4)
    style = limit_style(LIMIT)
    note(axes, np.pi, float(column(some, "predicted")[len(angle) // 2]), style.label, style.color, (4, 18))
    say(axes, f"the circle; networks of width {some['width'][0]}")
    axes.set_xlabel("angle")


def _differences(axes: Axes, rows: DataFrame, label: str, slope: float, said: str) -> None:
    if not rows.height:
        return
    for name in ("circle", "digits"):
        some = rows.filter(data=name).sort("size")
        if some.height:
            points(axes, column(some, "size"), some, hollow=name == "digits")
            note(axes, float(column(some, "size")[0]), float(column(some, "measured")[0]), name, INK, (8, 4))
    some = rows.filter(data="circle").sort("size")
    if some.height > 1:
        x = column(some, "size")
        axes.plot(x, 0.6 * float(column(some, "measured")[0]) * (x / x[0]) ** slope, color=FAINT_INK, linewidth=0.8)
        end = 0.6 * float(column(some, "measured")[0]) * (x[-1] / x[0]) ** slope
        note(axes, float(x[-1]), end, said, FAINT_INK, (-66, 2))
    logarithmic(axes)
    sizes = sorted(set(rows["size"].to_list()))
    size_axis(axes, sizes[:: max(1, len(sizes) // 4)], label)
    say(axes, f"against {label}")
