"""The files of a sweep over depths: the weights, and beside them the losses and the settings."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from deeplimits.datasets import RegressionData
from deeplimits.training.deep_resnet.network import DeepResNet
from deeplimits.training.deep_resnet.result import DeepRun, finite_or_none
from deeplimits.training.deep_resnet.setup import DeepSetup
from deeplimits.training.settings_file import SettingsFile
from deeplimits.weights import LayerWeights, read_weights, write_weights

Records = dict[int, "DepthRecord"]
Weights = dict[int, list[LayerWeights]]


@dataclass(frozen=True)
class DepthRecord:
    """Hold how training ended at one depth, a number for each network; what is no finite number is None.

    Args:
        depth: residual layers.
        epochs: trained for.
        stopped: converged, stalled, epochs or diverged.
        train_loss: of all training inputs at the end.
        test_loss: of the test inputs.
        epoch_losses: mean training loss of each epoch.
        wall_seconds: time that all networks took.
    """

    depth: int
    epochs: list[int]
    stopped: list[str]
    train_loss: list[float | None]
    test_loss: list[float | None]
    epoch_losses: list[list[float | None]]
    wall_seconds: float

    @classmethod
    def of(cls, run: DeepRun) -> DepthRecord:
        """Return the record of a run."""
        return cls(
            depth=run.network.depth,
            epochs=list(run.epochs),
            stopped=list(run.stopped),
            train_loss=finite_or_none(run.train_loss),
            test_loss=finite_or_none(run.test_loss),
            epoch_losses=[finite_or_none(losses) for losses in run.epoch_losses],
            wall_seconds=run.wall_seconds,
        )


class DepthFiles:
    """Read and replace ``NAME.npz`` and ``NAME.training.json``."""

    def __init__(
        self, path: Path, network: DeepResNet, data: RegressionData, setup: DeepSetup, seeds: int, seed: int
    ) -> None:
        described = {name: value for name, value in network.to_dict().items() if name != "depth"}
        settings = {**described, **setup.to_dict(), "data": data.to_dict(), "seeds": seeds, "seed": seed}
        self._file = SettingsFile(path, settings)

    @property
    def weights_path(self) -> Path:
        """Where the weights are."""
        return self._file.arrays_path

    def read(self) -> tuple[Records, Weights]:
        """Return what an earlier call has left: nothing if there is no file.

        Raises:
            ValueError: the files are from other settings, or only one of them is there.
        """
        records = {one.depth: one for one in self._file.read(lambda stored: DepthRecord(**stored))}
        survived = [depth for depth, record in records.items() if set(record.stopped) != {"diverged"}]
        weights = read_weights(self.weights_path) if survived else {}
        if not set(survived) <= set(weights):
            raise ValueError(f"{str(self.weights_path)!r} lacks depths that {self._file.records_path.name!r} has")
        return records, {depth: weights[depth] for depth in survived}

    def write(self, records: Records, weights: Weights) -> None:
        """Replace both files; weights first, so that a record says that its weights are there."""
        if weights:
            write_weights(self.weights_path, weights)
        self._file.write([asdict(records[depth]) for depth in sorted(records)])
