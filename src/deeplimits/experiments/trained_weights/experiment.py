"""The experiment: its grid, what a cell measures, its claims and its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from deeplimits.experiments.trained_weights.claims import CLAIMS
from deeplimits.experiments.trained_weights.grid import DEFAULTS, grid
from deeplimits.sweeps import Cell, Claim, Experiment, ExperimentFigure, Grid
from deeplimits.sweeps.experiment import NUMERICAL_LIBRARIES
from deeplimits.sweeps.table import DataFrame
from deeplimits.sweeps.values import Value

# For costs only, of one core.
_EPOCHS = 12  # until networks have converged, mostly
_STEPS = {"ode": 32, "mnist": 125}
_PER_LAYER = {"ode": 5e-6, "mnist": 4e-5}  # seconds of a step for each layer of each network
_COMPILING, _COMPARING = 0.7, 6.0  # programs are shared between similar depths


class TrainedWeights(Experiment):
    """Train residual networks of many depths and measure with which powers of the depth their weights scale.

    h' = h + δ φ(A h + b), with tanh and one δ for all layers, and with ReLU and a δ for each. The first are said to
    have an ODE as limit, the second an SDE: sizes and increments of T = δ A say which, the hidden path of the fitted
    equation is put beside the network's own, and networks are rebuilt from the trend of their weights. Each regime is
    the other's negative control.
    """

    name: ClassVar[str] = "trained-weights"
    version: ClassVar[int] = 1
    title: ClassVar[str] = (
        "Weights of very deep trained networks: an ODE for tanh with one δ, an SDE for ReLU with many"
    )
    references: ClassVar[tuple[str, ...]] = ("cohen2021scaling",)
    defaults: ClassVar[Mapping[str, Value]] = DEFAULTS
    effort: ClassVar[frozenset[str]] = frozenset({"seeds"})
    libraries: ClassVar[tuple[str, ...]] = (*NUMERICAL_LIBRARIES, "optax", "diffrax", "mlxtend")
    columns: ClassVar[tuple[str, ...]] = (
        "measure",
        "statistic",
        "network",
        "layer",
        "count",
        "measured",
        "measured_standard_error",
        "origin",
    )
    claims: ClassVar[tuple[Claim, ...]] = CLAIMS

    def grid(self, scale: str) -> Grid:
        """Return the cells of ``scale``."""
        return grid(scale)

    def cost(self, cell: Cell) -> float:
        """Return the seconds of training until most networks converge, of compilation, and of solving equations."""
        fields: dict[str, Any] = dict(cell)
        layers = sum(fields["depths"]) or fields["depth"]
        step = _PER_LAYER[fields["data"]] * _STEPS[fields["data"]]
        training = (
            layers
            * fields["seeds"]
            * _EPOCHS
            * step
            * (2 if fields["learning_rate"] < DEFAULTS["learning_rate"] else 1)
        )
        comparing = _COMPARING + fields["depth"] ** 2 * 2e-6 * fields["seeds"] if fields["compares"] else 0.0
        return float(_COMPILING + training + comparing)

    def run(self, cell: Cell, seed: int) -> Iterator[Mapping[str, Any]]:
        """Train the networks of one depth, or of several for the denoising test."""
        from deeplimits.experiments.trained_weights.rows import cell_rows

        yield from cell_rows(dict(cell))

    def figures(self, table: DataFrame) -> Iterable[ExperimentFigure]:
        """Return one figure for each panel of the paper, and the equations beside the networks."""
        from deeplimits.experiments.trained_weights.figures import all_figures

        return all_figures(table)
