"""The files of a sweep over depths: norms of the kernels, and beside them the losses and the settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from deeplimits.datasets import LabelledImages
from deeplimits.statistics import finite_or_none
from deeplimits.training.conv_resnet.network import ConvResNet
from deeplimits.training.conv_resnet.norms import PARTS
from deeplimits.training.conv_resnet.result import ConvRun
from deeplimits.training.conv_resnet.setup import ConvSetup
from deeplimits.training.settings_file import SettingsFile
from deeplimits.weights import LayerNorms, read_norms, write_norms
from deeplimits.weights.norm_file import NormsByDepth

Records = dict[int, "ConvRecord"]


@dataclass(frozen=True)
class ConvRecord:
    """Hold how training ended at one depth, one entry for each network; what is no finite number is None.

    Args:
        depth: residual blocks, L.
        stages: blocks of each stage.
        stopped: epochs or diverged.
        train_loss: of all training images at the end, as they are.
        train_accuracy: share of them told right.
        test_loss: of the test images.
        test_accuracy: share of them told right.
        epoch_losses: mean training loss of each epoch.
        wall_seconds: time that all networks took.
    """

    depth: int
    stages: list[int]
    stopped: list[str]
    train_loss: list[float | None]
    train_accuracy: list[float | None]
    test_loss: list[float | None]
    test_accuracy: list[float | None]
    epoch_losses: list[list[float | None]]
    wall_seconds: float

    @classmethod
    def of(cls, runs: Sequence[ConvRun]) -> ConvRecord:
        """Return the record of the networks of one depth."""
        return cls(
            depth=runs[0].network.depth,
            stages=list(runs[0].network.stages),
            stopped=[run.stopped for run in runs],
            train_loss=[run.train_loss for run in runs],
            train_accuracy=[run.train_accuracy for run in runs],
            test_loss=[run.test_loss for run in runs],
            test_accuracy=[run.test_accuracy for run in runs],
            epoch_losses=[[finite_or_none(loss) for loss in run.epoch_losses] for run in runs],
            wall_seconds=sum(run.wall_seconds for run in runs),
        )

    @property
    def trained(self) -> int:
        """Number of networks that did not diverge."""
        return sum(reason != "diverged" for reason in self.stopped)


class DepthFiles:
    """Read and replace ``NAME.npz`` and ``NAME.training.json``."""

    def __init__(
        self, path: Path, network: ConvResNet, data: LabelledImages, setup: ConvSetup, seeds: int, seed: int
    ) -> None:
        described = {name: value for name, value in network.to_dict().items() if name != "stages"}
        settings = {**described, **setup.to_dict(), "data": data.to_dict(), "seeds": seeds, "seed": seed}
        self._file = SettingsFile(path, settings)

    @property
    def norms_path(self) -> Path:
        """Where the norms are."""
        return self._file.arrays_path

    def read(self) -> tuple[Records, dict[str, NormsByDepth]]:
        """Return what an earlier call has left: nothing if there is no file.

        Raises:
            ValueError: the files are from other settings, or only one of them is there.
        """
        records = {one.depth: one for one in self._file.read(lambda stored: ConvRecord(**stored))}
        norms: dict[str, NormsByDepth] = {part: {} for part in PARTS}
        if any(record.trained for record in records.values()):
            norms |= read_norms(self.norms_path)
        for depth, record in records.items():
            if any(len(norms[part].get(depth, ())) != record.trained for part in PARTS):
                raise ValueError(f"{str(self.norms_path)!r} lacks networks that {self._file.records_path.name!r} has")
        return records, norms

    def write(self, records: Records, norms: dict[str, dict[int, list[LayerNorms]]]) -> None:
        """Replace both files; norms first, so that a record says that its norms are there."""
        if any(norms.values()):
            write_norms(self.norms_path, norms)
        self._file.write([asdict(records[depth]) for depth in sorted(records)])
