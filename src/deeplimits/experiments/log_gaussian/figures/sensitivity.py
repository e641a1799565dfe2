"""Panel: what changes with the number of outputs and with the activation."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.experiments.log_gaussian.figures.moments import thinned
from deeplimits.experiments.log_gaussian.figures.panels import curve, key, legible, points, residuals
from deeplimits.experiments.log_gaussian.grid import ACTIVATIONS
from deeplimits.experiments.log_gaussian.selection import cells_like, rows_of
from deeplimits.experiments.panels import begin, column, residual_axes, say
from deeplimits.figures.residuals import RESIDUAL_LABEL, scale_residuals
from deeplimits.figures.style import INK, limit_style, shades
from deeplimits.statistics import deviation_bound
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

WIDTH, DEPTH = 100, 50
_SHOWN = {"relu": ("ReLU", "o"), ACTIVATIONS[0]: ("leaky ReLU, slope 0.5", "s"), ACTIVATIONS[1]: ("tanh", "^")}
TITLE = "With more outputs infinite width is farther off; of tanh only simulation and infinite width speak"


def sensitivity(table: DataFrame) -> ExperimentFigure:
    """Return the figure of outputs and activations."""
    outputs = cells_like(table, width=WIDTH, depth=None, output_dim=None)
    activations = cells_like(table, width=WIDTH, depth=DEPTH, activation=None)
    found = [rows_of(outputs.filter(pl.col("depth").is_in([20, 100])), "log_squared_norm", "ks")]
    found += [rows_of(activations, "log_norm", statistic) for statistic in ("mean", "variance")]
    return ExperimentFigure(
        "sensitivity",
        TITLE,
        "Left: Kolmogorov–Smirnov distance of ln ‖z_out‖² to both limits' laws against the number of outputs, vanilla "
        "ReLU ResNets of width 100; bars say how far it may be off (at 95 %). Middle and right: variance and mean of "
        "the log-norm at each layer, width 100, three activations, α = λ = 1/√2. No log-Gaussian limit is known for "
        "tanh. The number of inputs does not matter: the law depends on the norm of x alone.",
        pl.concat(found).unique(maintain_order=True),
        _draw,
        ("leaky-variance", "published-ks"),
    )


def _draw(rows: DataFrame) -> Figure:
    figure = begin(TITLE, 5.0)
    places = figure.add_gridspec(2, 3, height_ratios=(3, 1.2))
    _outputs(figure.add_subplot(places[:, 0]), rows.filter(statistic="ks"))
    for i, statistic in ((1, "variance"), (2, "mean")):
        top, bottom = figure.add_subplot(places[0, i]), figure.add_subplot(places[1, i])
        say(top, f"{statistic} of the log-norm")
        _activations(top, bottom, rows.filter(observable="log_norm", statistic=statistic))
        if i == 1:
            bottom.set_ylabel(RESIDUAL_LABEL)
    return figure


def _outputs(axes: Axes, rows: DataFrame) -> None:
    say(axes, "distance of the law")
    depths = sorted(rows["depth"].unique().to_list())
    for depth, marker in zip(depths, "os", strict=False):
        for limit in ("infinite-width", "log-gaussian"):
            some = rows.filter(depth=depth, limit=limit).sort("output_dim")
            bound = [deviation_bound(count, 0.05) for count in some["count"]]
            color, measured = limit_style(limit).color, column(some, "measured")
            axes.plot(
                column(some, "output_dim"), measured, color=color, linewidth=0.8, linestyle=limit_style(limit).line
            )
            below = [min(b, 0.999 * m) for b, m in zip(bound, measured, strict=True)]
            axes.errorbar(
                column(some, "output_dim"), measured, yerr=[below, bound], fmt=marker, markersize=4.2, color=color
            )
    axes.set(xscale="log", yscale="log", ylim=(5e-4, 1.3))
    axes.set_xticks([1, 10, 100], legible([1, 10, 100]))
    axes.set_yticks([0.001, 0.01, 0.1, 1], legible([0.001, 0.01, 0.1, 1]))
    axes.minorticks_off()
    axes.set_xlabel("outputs")
    axes.set_ylabel("KS distance")
    for limit, y in (("infinite-width", 0.92), ("log-gaussian", 0.52)):
        axes.text(
            0.04, y, limit_style(limit).label, transform=axes.transAxes, color=limit_style(limit).color, fontsize=9
        )
    key(axes, [f"depth {depth}" for depth in depths], [INK] * len(depths), "os", (0.5, 0.12))


def _activations(top: Axes, bottom: Axes, rows: DataFrame) -> None:
    residual_axes(bottom, label=False)
    there = [name for name in _SHOWN if name in rows["activation"].to_list()]
    tones = dict(zip(_SHOWN, reversed(shades(3)), strict=True))
    for name in there:
        some = rows.filter(activation=name).sort("layer")
        few, marker = thinned(some.filter(pl.col("layer") > 0), 10), _SHOWN[name][1]
        measured = column(few, "measured"), column(few, "measured_standard_error")
        points(top, column(few, "layer"), *measured, color=tones[name], marker=marker)
        speaks = some["log_gaussian"].null_count() == 0
        if speaks:
            curve(top, column(some, "layer"), column(some, "log_gaussian"), "log-gaussian", 1.4)
            residuals(bottom, column(few, "layer"), few, "log-gaussian", color=tones[name], marker=marker)
        if not speaks or name == "relu":
            curve(top, column(some, "layer"), column(some, "infinite_width"), "infinite-width")
    if rows["statistic"].to_list()[:1] == ["variance"]:
        labels, markers = zip(*(_SHOWN[name] for name in there), strict=True)
        key(top, labels, [tones[name] for name in there], "".join(markers), (0.06, 0.95))
    if there:
        scale_residuals(bottom)
    bottom.set_xlabel("layer")
    top.set_xticklabels([])
