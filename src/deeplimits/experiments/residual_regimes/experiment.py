"""The experiment: its grid, what a cell measures, its claims and its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from deeplimits.experiments.residual_regimes.claims import CLAIMS
from deeplimits.experiments.residual_regimes.grid import DEFAULTS, grid
from deeplimits.sweeps import Cell, Claim, Experiment, ExperimentFigure, Grid
from deeplimits.sweeps.table import DataFrame
from deeplimits.sweeps.values import Value

# For costs only, of one core: seconds for each entry of a weight matrix, drawn there and back or from a path.
_PER_ENTRY = {"iid": 2.5e-9, "rbf": 1e-7, "fbm": 5e-8}
_PER_PRODUCT = 1e-10  # of an entry with an entry of a column, there and back


class ResidualRegimes(Experiment):
    """Draw very deep residual networks at initialisation: h_{k+1} = h_k + depth^-β V_k σ(θ_k h_k).

    D = ‖h_L − h_0‖/‖h_0‖, and the like of gradients from p_L to p_0, vanishes, explodes or has a limit law, by β and
    the law of the weights in the layer's index: independent, smooth, or fractional noise. Each row holds one measured
    number with its standard error beside what theory says of it. Networks with one matrix in a block, and critical
    exponents that are not, are the negative controls.
    """

    name: ClassVar[str] = "residual-regimes"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "At initialisation deep residual networks explode, vanish or have a limit"
    references: ClassVar[tuple[str, ...]] = ("marion2025scaling",)
    defaults: ClassVar[Mapping[str, Value]] = DEFAULTS
    columns: ClassVar[tuple[str, ...]] = (
        "measure",
        "side",
        "exponent",
        "low",
        "high",
        "count",
        "measured",
        "measured_standard_error",
        "predicted",
    )
    claims: ClassVar[tuple[Claim, ...]] = CLAIMS

    def grid(self, scale: str) -> Grid:
        """Return the cells of ``scale``."""
        return grid(scale)

    def cost(self, cell: Cell) -> float:
        """Return the seconds to draw every weight and to multiply it with every column."""
        fields: dict[str, Any] = dict(cell)
        matrices = 1 if fields["block"] == "one-matrix" else 2
        entries = matrices * fields["num_networks"] * fields["depth"] * fields["width"] ** 2
        columns = len(fields["exponents"]) * fields["inputs"]
        return float(0.05 + entries * (_PER_ENTRY[fields["law"].partition(":")[0]] + columns * _PER_PRODUCT))

    def run(self, cell: Cell, seed: int) -> Iterator[Mapping[str, Any]]:
        """Measure what ``measures`` names."""
        from deeplimits.experiments.residual_regimes.rows import cell_rows

        yield from cell_rows(dict(cell))

    def figures(self, table: DataFrame) -> Iterable[ExperimentFigure]:
        """Return one figure for each panel."""
        from deeplimits.experiments.residual_regimes.figures import all_figures

        return all_figures(table)
