"""The figures of mlp-log-norm: moments against depth/width, and distances to both laws against width."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from deeplimits.figures.style import FAINT_INK, INK, SIMULATION_FILL, limit_style, shades
from deeplimits.sweeps import ExperimentFigure

_LIMITS = {"mean": -2.5, "variance": 5.0}  # what β is multiplied by


def figures_of(table: pl.DataFrame) -> Sequence[ExperimentFigure]:
    """Return both figures, not yet drawn."""
    return (
        ExperimentFigure(
            name="moments-against-ratio",
            title="The log-norm's mean and variance are those of N(−5β/2, 5β), and exactly those of a sum of ln χ²",
            caption=(
                "Mean and variance of ln(‖z‖²/n) of the last preactivations of ReLU MLPs against β = depth/width: "
                "points with 95 % error bars, darker for wider networks. Blue is the log-Gaussian limit, dashed grey "
                "the infinite-width limit, in which nothing fluctuates. Below, what is left over after the exact law "
                "(rings) and after the limit (blue crosses), in standard errors; the band is ±2."
            ),
            data=table,
            draw=_moments,
            claims=("limit-mean", "limit-variance", "limit-variance-when-narrow"),
        ),
        ExperimentFigure(
            name="distance-against-width",
            title="The limit law is approached as the width grows; the exact law fits at every width",
            caption=(
                "Kolmogorov–Smirnov distance of the simulated log-norms to the limit N(−5β/2, 5β) (blue) and to the "
                "exact law (black) against width, one line for each β. A distance cannot be told from 0 inside the "
                "grey band, which holds what samples of this size show by chance, 19 times in 20."
            ),
            data=table,
            draw=_distances,
            claims=("limit-law", "exact-law"),
        ),
    )


def _moments(rows: pl.DataFrame) -> Figure:
    rows = rows.with_columns(ratio=pl.col("depth") / pl.col("width")).sort("width", "ratio")
    figure = Figure(figsize=(7.2, 5.0), layout="constrained")
    panels = figure.subplots(2, 2, sharex="col", height_ratios=(3, 1.15))
    widths = rows["width"].unique().sort().to_list()
    ink = dict(zip(widths, shades(min(len(widths), 5)), strict=False))
    for column, name in enumerate(_LIMITS):
        _draw_moment(panels[0, column], panels[1, column], rows, name, lambda width: ink.get(width, INK))
        panels[0, column].set_title(f"{name} of the log-norm", loc="left", fontsize=10)
        panels[1, column].set_xlabel("β = depth / width")
    for width in widths:
        panels[0, 1].plot([], [], "o", color=ink.get(width, INK), markersize=4, label=f"width {width}")
    panels[0, 1].legend(frameon=False, fontsize=9, loc="upper left", labelcolor=INK)
    panels[1, 0].set_ylabel("residual\n(std. errors)")
    return figure


def _draw_moment(top: Axes, bottom: Axes, rows: pl.DataFrame, name: str, ink: Callable[[int], str]) -> None:
    limit, wide = limit_style("log-gaussian"), limit_style("infinite-width")
    reach = np.array([0.0, 1.08 * float(rows["ratio"].to_numpy().max())])
    top.plot(reach, _LIMITS[name] * reach, color=limit.color, linestyle=limit.line, linewidth=limit.width)
    top.plot(reach, 0 * reach, color=wide.color, linestyle=wide.line, linewidth=wide.width)
    # At the middle of the lines, on the side where no points lie.
    side = "bottom" if name == "variance" else "top"
    top.annotate(
        f"{limit.label} ", (reach[1] / 2, _LIMITS[name] * reach[1] / 2), ha="right", va=side, color=limit.color
    )
    top.annotate(wide.label, (reach[1], 0), (0, 4 if side == "bottom" else -4), textcoords="offset points", ha="right",
                 va=side, color=wide.color)  # fmt: skip
    bottom.axhspan(-2, 2, color=SIMULATION_FILL, linewidth=0)
    bottom.axhline(0, color=INK, linewidth=0.6)
    for row in rows.iter_rows(named=True):
        value, error, ratio = row[name], row[f"{name}_standard_error"], row["ratio"]
        color = ink(row["width"])
        top.errorbar(ratio, value, 1.96 * error, fmt="o", color=color, markersize=4, capsize=2, linewidth=1)
        bottom.plot(ratio, (value - row[f"exact_{name}"]) / error, "o", color=color, markersize=4, fillstyle="none")
        bottom.plot(ratio, (value - _LIMITS[name] * ratio) / error, "x", color=limit.color, markersize=4)
    bottom.set_yscale("symlog", linthresh=3, linscale=0.8)
    bottom.set_yticks([-100, -10, -2, 2, 10, 100], ["−100", "−10", "−2", "2", "10", "100"])
    bottom.set_yticks([], minor=True)


def _distances(rows: pl.DataFrame) -> Figure:
    rows = rows.with_columns(ratio=pl.col("depth") / pl.col("width")).sort("ratio", "width")
    figure = Figure(figsize=(7.2, 3.8), layout="constrained")
    axes = figure.subplots()
    # Massart's bound: the largest distance that chance makes, 19 times in 20.
    count = float(rows["count"].to_numpy().min())
    axes.axhspan(1e-6, np.sqrt(np.log(2 / 0.05) / (2 * count)), color=SIMULATION_FILL, linewidth=0)
    ends = []
    for name, law in (("exact", "ks_exact"), ("log-gaussian", "ks_limit")):
        style = limit_style(name)
        for (ratio,), line in rows.group_by("ratio", maintain_order=True):
            x, y = line["width"].to_numpy(), line[law].to_numpy()
            axes.plot(x, y, color=style.color, linestyle=style.line, linewidth=style.width, marker="o", markersize=4)
            if name == "log-gaussian":
                ends.append((float(x[-1]), float(y[-1]), f"{style.label}, β = {ratio:g}", style.color))
    exact = rows.sort("width", "ks_exact").row(-1, named=True)
    ends.append((float(exact["width"]), float(exact["ks_exact"]), "exact, every β", limit_style("exact").color))
    low = 0.7 * min(end[1] for end in ends)
    axes.set(xscale="log", yscale="log", xlabel="width", ylabel="Kolmogorov–Smirnov distance")
    axes.set_ylim(min(low, 0.7 * float(rows["ks_exact"].to_numpy().min())), None)
    widths = rows["width"].unique().sort().to_list()
    axes.set_xticks(widths, [str(width) for width in widths])
    axes.set_xticks([], minor=True)
    axes.set_xlim(0.8 * widths[0], widths[-1] * (widths[-1] / widths[0]) ** 0.55 * 1.3)
    _label_ends(axes, ends)
    axes.text(
        0.995, 0.02, "chance alone", transform=axes.transAxes, ha="right", va="bottom", color=FAINT_INK, fontsize=9
    )
    return figure


def _label_ends(axes: Axes, ends: Sequence[tuple[float, float, str, str]]) -> None:
    """Write each line's label right of its end, moved up where it would cover the one below it."""
    last = 0.0
    for x, y, label, color in sorted(ends, key=lambda end: end[1]):
        last = max(y, last * 1.22)
        axes.annotate(label, (x, y), (x * 1.12, last), color=color, fontsize=9, va="center",
                      arrowprops={"arrowstyle": "-", "color": color, "linewidth": 0.4, "shrinkB": 4})  # fmt: skip
