"""The files of a sweep over depths: the weights, and beside them the losses and the settings."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deeplimits.datasets import RegressionData
from deeplimits.files import write_atomically
from deeplimits.training.deep_resnet.network import DeepResNet
from deeplimits.training.deep_resnet.result import DeepRun, finite_or_none
from deeplimits.training.deep_resnet.setup import DeepSetup
from deeplimits.weights import LayerWeights, read_weights, write_weights

_SCHEMA = 1
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
        if path.suffix != ".npz":
            raise ValueError(f"weights are written to a file ending in .npz, got {str(path)!r}")
        if not path.parent.is_dir():
            raise ValueError(f"the folder {str(path.parent)!r} for {path.name!r} does not exist")
        self.weights_path = path
        self.records_path = path.with_suffix(".training.json")
        described = {name: value for name, value in network.to_dict().items() if name != "depth"}
        self._settings = {**described, **setup.to_dict(), "data": data.to_dict(), "seeds": seeds, "seed": seed}

    def read(self) -> tuple[Records, Weights]:
        """Return what an earlier call has left: nothing if there is no file.

        Raises:
            ValueError: the files are from other settings, or only one of them is there.
        """
        if not self.records_path.exists():
            if self.weights_path.exists():
                raise ValueError(
                    f"{str(self.weights_path)!r} is there without {self.records_path.name!r}, so that its settings are "
                    "unknown; give another file"
                )
            return {}, {}
        try:
            stored = json.loads(self.records_path.read_text(encoding="utf-8"))
            schema, settings = stored["schema"], stored["settings"]
            records = {record["depth"]: DepthRecord(**record) for record in stored["depths"]}
        except (ValueError, KeyError, TypeError):
            raise ValueError(
                f"{str(self.records_path)!r} is damaged or no record of a training; give another file"
            ) from None
        if schema != _SCHEMA:
            raise ValueError(f"{str(self.records_path)!r} has schema {schema}, this version reads {_SCHEMA}")
        self._require_same(settings)
        survived = [depth for depth, record in records.items() if set(record.stopped) != {"diverged"}]
        weights = read_weights(self.weights_path) if survived else {}
        if not set(survived) <= set(weights):
            raise ValueError(f"{str(self.weights_path)!r} lacks depths that {self.records_path.name!r} has")
        return records, {depth: weights[depth] for depth in survived}

    def write(self, records: Records, weights: Weights) -> None:
        """Replace both files; weights first, so that a record says that its weights are there."""
        if weights:
            write_weights(self.weights_path, weights)
        content = {
            "schema": _SCHEMA,
            "settings": self._settings,
            "depths": [asdict(records[depth]) for depth in sorted(records)],
        }
        write_atomically(self.records_path, json.dumps(content, allow_nan=False).encode())

    def _require_same(self, settings: dict[str, Any]) -> None:
        differing = [
            f"{name} is {settings.get(name)} there, {value} here"
            for name, value in self._settings.items()
            if settings.get(name) != value
        ]
        if differing:
            raise ValueError(
                f"{str(self.weights_path)!r} is from other settings: {'; '.join(differing)}. "
                "Give another file, or these settings"
            )
