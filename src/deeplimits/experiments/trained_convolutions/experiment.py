"""The experiment: its grid, what a cell measures, its claims and its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from deeplimits.datasets import IMAGES
from deeplimits.experiments.trained_convolutions.claims import CLAIMS
from deeplimits.experiments.trained_convolutions.grid import DEFAULTS, grid
from deeplimits.experiments.user_data import checked_data, data_settings
from deeplimits.sweeps import Cell, Claim, Experiment, ExperimentFigure, Grid
from deeplimits.sweeps.experiment import NUMERICAL_LIBRARIES
from deeplimits.sweeps.table import DataFrame
from deeplimits.sweeps.values import Value

_SIDE, _TRAIN_SIZE = {"cifar10": 32, "mnist": 28, "digits": 8}, {"cifar10": 50_000, "mnist": 4000, "digits": 1400}
# Of one core, for costs only.
_FLOPS_PER_SECOND, _SECONDS_TO_COMPILE = 1.2e10, 3.0


class TrainedConvolutions(Experiment):
    """Train convolutional residual networks of many depths and measure the operator norms of their kernels.

    Each row holds one number of one network: the norm of one block's first convolution A or second one Δ, or of its
    increment, after training and, if the cell asks for it, before; or how training ended. Stand-ins for CIFAR-10 are
    small images and small networks: they show the trend, not the paper's numbers, and only claims of their own speak of
    them. The scale paper is for CIFAR-10 and a GPU, which it was written for and not tested on.

    Args:
        data: digits or mnist (stand-ins bundled with installed packages), or cifar10.
        data_dir: folder of your copy of CIFAR-10.

    Raises:
        ValueError: the data are unknown, or are CIFAR-10 without a folder.
    """

    name: ClassVar[str] = "trained-convolutions"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "In deep trained convolutional networks few blocks keep their size and most vanish"
    references: ClassVar[tuple[str, ...]] = ("cohen2021scaling",)
    defaults: ClassVar[Mapping[str, Value]] = DEFAULTS
    effort: ClassVar[frozenset[str]] = frozenset({"seeds"})
    libraries: ClassVar[tuple[str, ...]] = (*NUMERICAL_LIBRARIES, "optax")
    columns: ClassVar[tuple[str, ...]] = ("measure", "part", "index", "network", "measured", "stopped", "origin")
    claims: ClassVar[tuple[Claim, ...]] = CLAIMS

    def __init__(self, data: str = "digits", data_dir: str | Path | None = None) -> None:
        self.data, self.data_dir = checked_data(data, data_dir, IMAGES)

    def grid(self, scale: str) -> Grid:
        """Return the cells of ``scale``."""
        return grid(scale, self.data)

    def settings(self) -> Mapping[str, Any]:
        """Return where a user's data are."""
        return data_settings(self.data_dir)

    def cost(self, cell: Cell) -> float:
        """Return the seconds to compile, and those of the convolutions of every image, there and back."""
        fields: dict[str, Any] = dict(cell)
        side, flops = _SIDE[fields["data"]], 0.0
        for stage, (blocks, channels) in enumerate(zip(fields["stages"], fields["channels"], strict=True)):
            flops += 6 * blocks * 18 * channels**2 * (side / 2**stage) ** 2
        images = (fields["train_size"] or _TRAIN_SIZE[fields["data"]]) * fields["epochs"] * fields["seeds"]
        return float(_SECONDS_TO_COMPILE * len(fields["channels"]) + images * flops / _FLOPS_PER_SECOND)

    def run(self, cell: Cell, seed: int) -> Iterator[Mapping[str, Any]]:
        """Train the networks of one depth."""
        from deeplimits.experiments.trained_convolutions.rows import rows

        return rows(dict(cell), self.data_dir)

    def figures(self, table: DataFrame) -> Iterable[ExperimentFigure]:
        """Return the norms of all blocks, their sizes and increments, and how training ended, against depth."""
        from deeplimits.experiments.trained_convolutions.figures import all_figures

        return all_figures(table)
