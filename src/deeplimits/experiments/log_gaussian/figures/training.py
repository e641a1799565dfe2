"""Panel: vanilla against Balanced ResNets in training: spread of loss and gradient norm from seed to seed."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from deeplimits.experiments.log_gaussian.figures.panels import curve, legible, points
from deeplimits.experiments.log_gaussian.network import DEFAULTS, network_of
from deeplimits.experiments.log_gaussian.selection import cells_like, rows_of
from deeplimits.experiments.log_gaussian.training_distances import TRAINED
from deeplimits.experiments.log_gaussian.training_rows import TRAINED_STEPS
from deeplimits.experiments.panels import begin, column, say
from deeplimits.figures.style import FAINT_INK, limit_style, shades
from deeplimits.limits import predict
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

KINDS = ("resnet", "balanced-resnet")
TITLE = "Fresh signs in each block make a gradient's norm vary less from seed to seed where networks are deep"
_LOSS, _GRADIENT = "log_train_loss", "log_gradient_norm"
_PANELS = (
    (_GRADIENT, 0, "ln gradient norm, before training"),
    (_LOSS, TRAINED_STEPS, f"ln training loss, after {TRAINED_STEPS} steps"),
)
_RATIO_TICKS = (0.1, 0.25, 0.5, 1.0, 2.0)
_SPREAD_TICKS = (0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0)
_ALONG = 1.0  # depth/width of the networks shown along training


def training(table: DataFrame) -> ExperimentFigure:
    """Return the figure of vanilla and Balanced networks in training."""
    cells = [cells_like(table, kind=kind, **TRAINED) for kind in KINDS] if "data" in table.columns else [table.clear()]
    found = [
        rows_of(each, name, statistic)
        for each in cells
        for name in (_GRADIENT, _LOSS)
        for statistic in ("mean", "standard_deviation")
    ]
    return ExperimentFigure(
        "training",
        TITLE,
        "Standard deviation over seeds, with bars of one standard error, in vanilla (filled) and Balanced (hollow) "
        "ReLU ResNets with α = λ = 1/√2: full-batch gradient descent with cross-entropy on 30 of scikit-learn's "
        "digits, at the learning rate 4/(input_dim + width (1 + depth/2)), up to which it is stable at infinite width. "
        "Blue: half that of ln ‖z‖² of the last layer in the log-Gaussian limit, and the ratio that follows; it is not "
        "a law of the gradient. Second row: vanilla over Balanced. Third row: along training, at "
        "depth = width; at the right the mean, whose bars are the standard deviation.",
        pl.concat(found).unique(maintain_order=True),
        _draw,
        ("gradient-spread", "trained-loss-spread", "gradient-spread-ratio", "gradient-spread-without-depth"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 7.6)
    panels = figure.subplots(3, 2, height_ratios=(2.2, 1.5, 2.0))
    spreads = rows.filter(statistic="standard_deviation").sort("width", "depth")
    for i, (name, step, text) in enumerate(_PANELS):
        some = spreads.filter(observable=name, step=step)
        _spread(panels[0, i], some, with_limit=name == _GRADIENT)
        _ratio(panels[1, i], some, with_limit=name == _GRADIENT)
        say(panels[0, i], text)
    panels[0, 0].set_ylabel("standard deviation")
    panels[1, 0].set_ylabel("vanilla/Balanced")
    deep = rows.filter((pl.col("depth") / pl.col("width") - _ALONG).abs() < 1e-9)
    deep = deep.filter(pl.col("width") == pl.col("width").max())
    _gradient_along(panels[2, 0], deep)
    _loss_along(panels[2, 1], deep)
    say(panels[2, 0], "sd of ln gradient norm, depth = width")
    say(panels[2, 1], f"mean of ln training loss; {_diverged(rows)}")
    return figure


def _spread(axes: Axes, rows: DataFrame, *, with_limit: bool) -> None:
    widths = rows["width"].unique().sort().to_list()
    for width, color in zip(widths, shades(max(1, len(widths))), strict=False):
        for kind in KINDS:
            some = rows.filter(kind=kind, width=width)
            x = column(some, "depth") / width
            points(axes, x, *_measured(some), color=color, hollow=kind == KINDS[1])
            if with_limit and len(some):
                ratios, said = _limit(kind, width)
                curve(axes, ratios, said, "log-gaussian", None if width == widths[-1] else 0.8)
    _ratio_axis(axes)
    _natural_scale(axes)
    if with_limit:
        blue = limit_style("log-gaussian")
        axes.text(0.03, 0.96, "½ sd of ln‖z‖²,\nlog-Gaussian", transform=axes.transAxes, color=blue.color, va="top")
    _labels(axes, rows.with_columns((pl.col("depth") / pl.col("width")).alias("ratio")), "ratio")


def _labels(axes: Axes, rows: DataFrame, x: str) -> None:
    """Name vanilla and Balanced to the right of the last of their points."""
    for kind, label in zip(KINDS, ("vanilla", "Balanced"), strict=True):
        for row in rows.filter(kind=kind).sort(x).tail(1).to_dicts():
            where = (row[x], row["measured"])
            axes.annotate(label, where, (7, 0), textcoords="offset points", va="center", fontsize=8.5, color=FAINT_INK)


def _ratio(axes: Axes, rows: DataFrame, *, with_limit: bool) -> None:
    pair = rows.filter(kind=KINDS[0]).join(rows.filter(kind=KINDS[1]), on=["width", "depth"], suffix="_other")
    widths = rows["width"].unique().sort().to_list()
    for width, color in zip(widths, shades(max(1, len(widths))), strict=False):
        some = pair.filter(width=width)
        (one, error), (other, other_error) = _measured(some), _measured(some, "_other")
        ratio = one / other
        x = column(some, "depth") / width
        points(axes, x, ratio, ratio * np.hypot(error / one, other_error / other), color=color)
        if with_limit:
            (ratios, vanilla), (_, balanced) = (_limit(kind, width) for kind in KINDS)
            narrow = None if width == widths[-1] else 0.8
            curve(axes, ratios, np.array(vanilla) / np.array(balanced), "log-gaussian", narrow)
    axes.axhline(1.0, color=FAINT_INK, linewidth=0.8)
    _ratio_axis(axes)
    axes.set_xlabel("depth/width")


def _gradient_along(axes: Axes, rows: DataFrame) -> None:
    some = rows.filter(observable=_GRADIENT, statistic="standard_deviation").sort("step")
    for kind in KINDS:
        mine = some.filter(kind=kind)
        points(axes, column(mine, "step"), *_measured(mine), hollow=kind == KINDS[1])
        axes.plot(column(mine, "step"), column(mine, "measured"), color=FAINT_INK, linewidth=0.8, zorder=1)
    _step_axis(axes, some)
    _natural_scale(axes)
    _labels(axes, some, "step")


def _loss_along(axes: Axes, rows: DataFrame) -> None:
    """Draw mean losses, the two kinds a little apart, with bars that are standard deviations over seeds."""
    some = rows.filter(observable=_LOSS).sort("step")
    for kind, shift in zip(KINDS, (0.96, 1.04), strict=True):
        mine = some.filter(kind=kind)
        mean, spread = (mine.filter(statistic=statistic) for statistic in ("mean", "standard_deviation"))
        x = column(mean, "step") * shift + (shift - 1)
        points(axes, x, column(mean, "measured"), column(spread, "measured"), hollow=kind == KINDS[1])
    _step_axis(axes, some)


def _step_axis(axes: Axes, rows: DataFrame) -> None:
    axes.set_xscale("symlog", linthresh=1, linscale=0.4)
    steps = rows["step"].unique().sort().to_list()
    axes.set_xticks(steps, legible(steps))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(-0.2, 2.2 * max([1, *steps]))
    axes.set_xlabel("steps")


def _ratio_axis(axes: Axes) -> None:
    axes.set_xscale("log")
    axes.set_xlim(0.08, 5.0)  # with room for names
    axes.set_xticks(_RATIO_TICKS, legible(_RATIO_TICKS))
    axes.xaxis.set_minor_locator(NullLocator())


def _natural_scale(axes: Axes) -> None:
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    ticks = [tick for tick in _SPREAD_TICKS if low <= tick <= high]
    axes.set_yticks(ticks, legible(ticks))
    axes.yaxis.set_minor_locator(NullLocator())


def _measured(rows: DataFrame, suffix: str = "") -> tuple[np.ndarray, np.ndarray]:
    return column(rows, f"measured{suffix}"), column(rows, f"measured_standard_error{suffix}")


def _diverged(rows: DataFrame) -> str:
    """Return the share of seeds that diverged, of all cells, in words."""
    cells = rows.unique("cell")
    lost, seeds = (int(cells[name].sum()) for name in ("diverged", "num_networks"))
    return f"{100 * lost / seeds:.2g} % of seeds diverged" if lost else "no seed diverged"


@cache
def _limit(kind: str, width: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return depth/width and half the standard deviation of ln ‖z‖² in the log-Gaussian limit."""
    depths = np.unique(np.round(width * np.geomspace(_RATIO_TICKS[0], _RATIO_TICKS[-1], 14)).astype(int)).tolist()
    fields = {**DEFAULTS, "kind": kind, "width": width, "data": "digits"}
    networks = [network_of({**fields, "depth": depth}) for depth in depths]
    laws = [predict(network, limit="log-gaussian")["log_norm_hidden"] for network in networks]
    return tuple(depth / width for depth in depths), tuple(0.5 * law.variance**0.5 for law in laws)
