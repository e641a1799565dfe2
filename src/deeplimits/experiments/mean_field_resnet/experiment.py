"""The experiment: its name, grid, costs, claims, and what computes and draws it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from deeplimits.experiments.mean_field_resnet.claims import CLAIMS
from deeplimits.experiments.mean_field_resnet.grid import DEFAULTS, grid
from deeplimits.sweeps import Cell, Claim, Experiment, ExperimentFigure, Grid
from deeplimits.sweeps.table import DataFrame
from deeplimits.sweeps.values import Value

# For costs only: seconds for a particle of a layer, forward, with its kernel, and in a step of training.
_PER_PARTICLE = {"forward": 6e-8, "kernel": 4e-7, "training": 1e-7}
_COMPILE = {"forward": 0.8, "kernel": 1.0, "training": 2.0}
_PER_LIMIT_STEP = 6e-4  # of infinitely many particles, for each layer


class MeanFieldResNet(Experiment):
    """Draw and train residual networks x_{l+1} = x_l + (1/(LM)) Σ_m a_m tanh(w_m · x_l), L layers of M particles.

    Forward, the state at the end beside its differential equation: bias c/L, variance v/(LM), or v'/M where layers
    share their particles. At initialisation, LM times the Gram matrix of gradients beside its limit. In training by
    gradient descent with rates times LM, losses, smallest eigenvalues and movements beside those of infinitely many
    particles, and the bound on the loss that an eigenvalue gives. That layers do not average, that particles rest, and
    that the initial eigenvalue bounds the loss whatever the law, are the negative controls.
    """

    name: ClassVar[str] = "mean-field-resnet"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "ResNets of L layers of M particles are one mean-field model, up to 1/L and 1/sqrt(LM)"
    references: ClassVar[tuple[str, ...]] = ("chen2024generalization", "ding2021overparameterization")
    defaults: ClassVar[Mapping[str, Value]] = DEFAULTS
    columns: ClassVar[tuple[str, ...]] = (
        "measure",
        "coordinate",
        "entry",
        "step",
        "count",
        "measured",
        "measured_standard_error",
        "predicted",
        "limit",
    )
    claims: ClassVar[tuple[Claim, ...]] = CLAIMS

    def grid(self, scale: str) -> Grid:
        """Return the cells of ``scale``."""
        return grid(scale)

    def cost(self, cell: Cell) -> float:
        """Return the seconds for all particles of all layers, steps and networks, and for the limit."""
        fields: dict[str, Any] = dict(cell)
        kind = fields["measures"]
        last = max(fields["steps"], default=1)
        work = fields["num_networks"] * fields["depth"] * fields["particles"] * last * _PER_PARTICLE[kind]
        limit = _PER_LIMIT_STEP * last * fields["depth"] if kind == "training" else 0.0
        return float(_COMPILE[kind] + work + limit)

    def run(self, cell: Cell, seed: int) -> Iterator[Mapping[str, Any]]:
        """Measure what ``measures`` names."""
        from deeplimits.experiments.mean_field_resnet.rows import cell_rows

        yield from cell_rows(dict(cell))

    def figures(self, table: DataFrame) -> Iterable[ExperimentFigure]:
        """Return one figure for each panel."""
        from deeplimits.experiments.mean_field_resnet.figures import all_figures

        return all_figures(table)
