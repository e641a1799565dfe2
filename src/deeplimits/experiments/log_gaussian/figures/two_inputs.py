"""Panel: the correlation of two inputs along the depth."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.log_gaussian.figures.panels import curve, points, residuals
from deeplimits.experiments.log_gaussian.grid import PAIR_CORRELATION
from deeplimits.experiments.log_gaussian.selection import cells_like, rows_of
from deeplimits.experiments.panels import begin, column, residual_axes, say
from deeplimits.figures.residuals import RESIDUAL_LABEL, scale_residuals
from deeplimits.figures.style import SIMULATION_FILL, limit_style
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

TITLE = "The correlation of two inputs follows its path at infinite width; it scatters by 1/√width about it"


def two_inputs(table: DataFrame) -> ExperimentFigure:
    """Return the figure of the correlation of two inputs."""
    anywhere = {"width": None, "depth": None, "skip_scale": None, "branch_scale": None}
    cells = cells_like(table, **anywhere, input_correlation=PAIR_CORRELATION)
    found = [rows_of(cells, "correlation", statistic) for statistic in ("mean", "variance")]
    return ExperimentFigure(
        "two-inputs",
        TITLE,
        "Cosine of the angle between the preactivations of two inputs of correlation 0.3 in vanilla ReLU ResNets. "
        "Left: α = 1, λ² = 1/depth, where it stays away from 1. Right: α = λ, where the inputs align. Above: mean, "
        "with the scatter of networks (one standard deviation) shaded; then width times the variance. Below: residuals "
        "of the mean to infinite width (gray) and of the variance to the log-Gaussian formula (blue).",
        pl.concat(found).unique(maintain_order=True),
        _draw,
        ("correlation-mean", "correlation-variance"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 6.2)
    stable = rows.filter(pl.col("skip_scale") == 1.0)
    stable = stable.filter(pl.col("width") == stable["width"].max()) if len(stable) else stable
    shown = [some for some in (stable, rows.filter(pl.col("skip_scale") < 1.0)) if len(some)]
    panels = figure.subplots(3, len(shown), sharex="col", squeeze=False, height_ratios=(2.4, 1.8, 1.2))
    for i, some in enumerate(shown):
        _column(panels[:, i].tolist(), some)
    panels[0, 0].set_ylabel("correlation")
    panels[1, 0].set_ylabel("width × variance")
    panels[2, 0].set_ylabel(RESIDUAL_LABEL)
    return figure


def _column(panels: list[Axes], rows: DataFrame) -> None:
    top, middle, bottom = panels
    first = rows.row(0, named=True)
    scales = "α = 1, λ² = 1/depth" if first["skip_scale"] == 1.0 else "α = λ = 1/√2"
    say(top, f"{scales}, width {first['width']}, depth {first['depth']}\n{first['count']:,} networks")
    mean, variance = (rows.filter(statistic=statistic).sort("layer") for statistic in ("mean", "variance"))
    layer, width = column(mean, "layer"), first["width"]
    spread = column(variance, "measured") ** 0.5
    measured = column(mean, "measured")
    top.fill_between(layer, measured - spread, measured + spread, color=SIMULATION_FILL, linewidth=0)
    few = (mean[::3], variance[::3])
    points(top, column(few[0], "layer"), column(few[0], "measured"), column(few[0], "measured_standard_error"))
    curve(top, layer, column(mean, "infinite_width"), "infinite-width")
    scaled = (width * column(few[1], "measured"), width * column(few[1], "measured_standard_error"))
    points(middle, column(few[1], "layer"), *scaled)
    curve(middle, layer, width * column(variance, "log_gaussian"), "log-gaussian")
    curve(middle, layer, 0 * layer, "infinite-width")
    residual_axes(bottom, label=False)
    residuals(bottom, column(few[0], "layer"), few[0], "infinite-width", marker="s")
    residuals(bottom, column(few[1], "layer"), few[1], "log-gaussian")
    scale_residuals(bottom)
    bottom.set_xlabel("layer")
    _name_limits(top, middle, mean, variance, width)


def _name_limits(top: Axes, middle: Axes, mean: DataFrame, variance: DataFrame, width: int) -> None:
    gray, blue = limit_style("infinite-width"), limit_style("log-gaussian")
    half = len(mean) // 2
    _label(top, gray.label, mean["layer"][half], mean["infinite_width"][half], gray.color, (8, -16))
    said = width * column(variance, "log_gaussian")
    at = int(said[: -len(said) // 4].argmax())
    _label(middle, blue.label, variance["layer"][at], said[at], blue.color, (10, 2) if at < half else (0, -14))
    _label(middle, gray.label, variance["layer"][1], 0.0, gray.color, (0, 8))


def _label(axes: Axes, text: str, x: float, y: float, color: str, offset: tuple[float, float]) -> None:
    axes.annotate(text, (x, y), offset, textcoords="offset points", color=color, fontsize=8.5, va="center")
