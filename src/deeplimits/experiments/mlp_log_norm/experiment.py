"""Hanin and Nica 2019: the log-norm of a random ReLU MLP is Gaussian as depth and width grow together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar

import polars as pl

from deeplimits.sweeps import (
    Cell,
    Claim,
    Experiment,
    ExperimentFigure,
    Grid,
    LawDistance,
    MomentDistance,
    law_distances,
    moment_distances,
)

RATIO = pl.col("depth") / pl.col("width")
NARROW, WIDE = 16, 256


def _mean(table: pl.DataFrame, width: int) -> list[MomentDistance]:
    return moment_distances(table.filter(width=width), "mean", claimed=-2.5 * RATIO, scale=(5 * RATIO).sqrt())


def _variance(table: pl.DataFrame, width: int) -> list[MomentDistance]:
    return moment_distances(table.filter(width=width), "variance", claimed=5 * RATIO, scale=5 * RATIO)


def _limit_law(table: pl.DataFrame, width: int) -> list[LawDistance]:
    return law_distances(table.filter(width=width), "ks_limit", floor="ks_limit_floor")


def _exact_law(table: pl.DataFrame) -> list[LawDistance]:
    return law_distances(table, "ks_exact", floor="ks_exact_floor")


class MlpLogNorm(Experiment):
    """Sample ReLU MLPs at fixed depth / width = β and test ln(‖z‖² / width) → N(−5β/2, 5β).

    z is the last preactivation vector, ‖x‖² = input_dim, and both width and depth go to infinity. At a finite width the
    law is known too (``exact``): a sum of independent ln χ² variables, one for each layer, whose mean and variance
    differ from the limit's by O(1/width).
    """

    name: ClassVar[str] = "mlp-log-norm"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "The log-norm of a random ReLU MLP is Gaussian, with mean −5β/2 and variance 5β"
    references: ClassVar[tuple[str, ...]] = ("hanin2019products",)
    columns: ClassVar[tuple[str, ...]] = (
        "count",
        "num_dead",
        "mean",
        "mean_standard_error",
        "variance",
        "variance_standard_error",
        "exact_mean",
        "exact_variance",
        "ks_limit",
        "ks_limit_floor",
        "ks_exact",
        "ks_exact_floor",
    )
    claims: ClassVar[tuple[Claim, ...]] = (
        Claim(
            "limit-mean",
            f"At width {WIDE} the mean is −5β/2, within 3 % of the standard deviation.",
            "hanin2019products, theorem 1",
            0.03,
            partial(_mean, width=WIDE),
        ),
        Claim(
            "limit-variance",
            f"At width {WIDE} the variance is 5β, within 5 %.",
            "hanin2019products, theorem 1",
            0.05,
            partial(_variance, width=WIDE),
        ),
        Claim(
            "limit-law",
            f"At width {WIDE} the law is N(−5β/2, 5β), within a Kolmogorov–Smirnov distance of 0.03.",
            "hanin2019products, theorem 1",
            0.03,
            partial(_limit_law, width=WIDE),
        ),
        Claim(
            "exact-law",
            "At every width the law is that of the sum over layers of ln(2 χ²_K / width), K ~ Binomial(width, 1/2), "
            "within a Kolmogorov–Smirnov distance of 0.02.",
            "hanin2019products, section 1",
            0.02,
            _exact_law,
        ),
        Claim(
            "limit-variance-when-narrow",
            f"At width {NARROW} the variance is 5β, within 5 %: it is not, the limit needs width.",
            "hanin2019products, theorem 1",
            0.05,
            partial(_variance, width=NARROW),
            expected="deviates",
        ),
    )

    def grid(self, scale: str) -> Grid:
        """Return β = 1 at three widths, and β = 1/4; all of β = 1/4, 1/2, 1 and 2 for the paper's scale."""
        shapes, num_networks = {
            "demo": ([(NARROW, NARROW), (64, 64)], 2000),
            "quick": ([(NARROW, NARROW), (64, 64), (WIDE, WIDE), (64, 16), (WIDE, 64)], 40_000),
            "paper": ([(n, n * quarters // 4) for n in (NARROW, 64, WIDE) for quarters in (1, 2, 4, 8)], 1_000_000),
        }[scale]
        return Grid.cells({"width": width, "depth": depth, "num_networks": num_networks} for width, depth in shapes)

    def cost(self, cell: Cell) -> float:
        """Return the seconds to compile, and those for each neuron of each layer of each network."""
        from deeplimits.experiments.network_sweep import NEURON_LAYERS_PER_SECOND, SECONDS_TO_COMPILE

        entries = float(cell["width"] * cell["depth"] * cell["num_networks"])  # type: ignore[operator,arg-type]
        return SECONDS_TO_COMPILE + entries / NEURON_LAYERS_PER_SECOND

    def run(self, cell: Cell, seed: int) -> Iterator[Mapping[str, Any]]:
        """Sample one width and depth, and measure the distance to both laws."""
        from deeplimits.architectures import MLP
        from deeplimits.experiments.network_columns import estimate_columns
        from deeplimits.limits import Normal, predict
        from deeplimits.sampling import sample
        from deeplimits.statistics import ks_distance

        fields: dict[str, Any] = dict(cell)
        network = MLP(width=fields["width"], depth=fields["depth"])
        # Neurons, not the chain of χ² variables that stands for them: that is what the exact law claims.
        samples = sample(
            network,
            num_networks=fields["num_networks"],
            observables=["log_norm_hidden"],
            seed=fields["seed"],
            matrix="fused",
        )
        (summary,) = samples.summaries["log_norm_hidden"]
        exact = predict(network, limit="exact")["log_norm_hidden"]
        ratio = network.depth_width_ratio
        row: dict[str, Any] = {
            "count": summary.count,
            "num_dead": samples.num_dead[0],
            **estimate_columns("mean", summary.mean),
            **estimate_columns("variance", summary.variance),
            "exact_mean": exact.mean,
            "exact_variance": exact.variance,
        }
        for name, law in (("ks_limit", Normal(-2.5 * ratio, (5 * ratio) ** 0.5)), ("ks_exact", exact)):
            row[name] = ks_distance(summary.sketch, law.cdf, delta=0.05).value
            row[f"{name}_floor"] = summary.sketch.rank_error + law.numerical_error
        yield row

    def figures(self, table: pl.DataFrame) -> Iterable[ExperimentFigure]:
        """Return the moments against β, and the distances to both laws against the width."""
        from deeplimits.experiments.mlp_log_norm.figures import figures_of

        return figures_of(table)
