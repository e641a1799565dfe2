"""The experiment: its grid, what a cell measures, its claims and its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from deeplimits.experiments.width_depth_commute.claims import CLAIMS
from deeplimits.experiments.width_depth_commute.grid import grid
from deeplimits.experiments.width_depth_commute.network import DEFAULTS
from deeplimits.sweeps import Cell, Claim, Experiment, ExperimentFigure, Grid
from deeplimits.sweeps.table import DataFrame
from deeplimits.sweeps.values import Value

# For costs only: neuron-layers of one core by kind of cell, and seconds to compile.
_PER_SECOND = {"square": 1.5e8, "pair": 1e7, "marginal": 2e7, "regression": 2e6}
_SECONDS_TO_COMPILE = 2.5


class WidthDepthCommute(Experiment):
    """Sample residual networks with branches of size 1/√depth along every order of limits of width and depth.

    Each row holds one measured number with its standard error beside what the depth flow says of it: mean, variance and
    mean-square error of ‖z‖²/width, correlations of two inputs at each layer, the law of one preactivation, and
    regressions with kernels of infinite and finite depth and with readouts trained on finite networks. Cells whose
    branches are not scaled are the negative control.
    """

    name: ClassVar[str] = "width-depth-commute"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "With branches of size 1/√depth, width and depth may go to infinity in any order"
    references: ClassVar[tuple[str, ...]] = ("hayou2023width",)
    defaults: ClassVar[Mapping[str, Value]] = DEFAULTS
    effort: ClassVar[frozenset[str]] = frozenset({"num_networks", "input_correlations"})
    columns: ClassVar[tuple[str, ...]] = (
        "measure",
        "size",
        "layer",
        "input_correlation",
        "low",
        "high",
        "count",
        "measured",
        "measured_standard_error",
        "scatter",
        "floor",
        "predicted",
        "asymptotic",
        "constant",
        "infinite",
    )
    claims: ClassVar[tuple[Claim, ...]] = CLAIMS

    def grid(self, scale: str) -> Grid:
        """Return the cells of ``scale``."""
        return grid(scale)

    def cost(self, cell: Cell) -> float:
        """Return the seconds to compile and to draw every neuron."""
        fields: dict[str, Any] = dict(cell)
        inputs = len(fields["input_correlations"]) if fields["measures"] == "pair" else 1
        work = inputs * fields["num_networks"] * fields["width"] * fields["depth"]
        return float(_SECONDS_TO_COMPILE + work / _PER_SECOND[fields["measures"]])

    def run(self, cell: Cell, seed: int) -> Iterator[Mapping[str, Any]]:
        """Measure what ``measures`` names."""
        from deeplimits.experiments.width_depth_commute.marginal_rows import marginal_rows
        from deeplimits.experiments.width_depth_commute.pair_rows import pair_rows
        from deeplimits.experiments.width_depth_commute.regression_rows import regression_rows
        from deeplimits.experiments.width_depth_commute.square_rows import square_rows

        fields: dict[str, Any] = dict(cell)
        if fields["measures"] == "square":
            yield from square_rows(fields)
        elif fields["measures"] == "pair":
            yield from pair_rows(fields)
        elif fields["measures"] == "marginal":
            yield from marginal_rows(fields, seed)
        else:
            yield from regression_rows(fields, seed)

    def figures(self, table: DataFrame) -> Iterable[ExperimentFigure]:
        """Return one figure for each panel."""
        from deeplimits.experiments.width_depth_commute.figures import all_figures

        return all_figures(table)
