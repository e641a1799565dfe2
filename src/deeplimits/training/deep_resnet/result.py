"""What training a very deep network gave: losses along the way, why it ended, and the weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplimits._typing import Float64Array
from deeplimits.training.deep_resnet.network import DeepResNet
from deeplimits.training.deep_resnet.setup import DeepSetup
from deeplimits.weights import LayerWeights, write_weights

Float32Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class DeepRun:
    """Hold trained networks of one depth, one for each seed. A divergence is a result.

    Args:
        network: the network.
        setup: how it was trained.
        data: description of the data, as from ``RegressionData.to_dict``.
        seed: of the random numbers; network s is the s-th child of it.
        epoch_losses: for each network the mean training loss of each epoch, taken before each step.
        stopped: for each network why training ended: converged, stalled, epochs or diverged.
        weight: A_k at the end, shape (seeds, depth, width, width).
        bias: b_k, shape (seeds, depth, width).
        scale: δ as it acts: |δ|, shape (seeds,), if shared; δ_k, (seeds, depth), per layer; None if there is none.
        train_loss: of all training inputs at the end, (seeds,); not a number where it diverged.
        test_loss: likewise of the test inputs; not a number if there are none.
        wall_seconds: time that it took, compilation included.
    """

    network: DeepResNet
    setup: DeepSetup
    data: Mapping[str, Any]
    seed: int
    epoch_losses: tuple[Float64Array, ...]
    stopped: tuple[str, ...]
    weight: Float32Array
    bias: Float32Array
    scale: Float32Array | None
    train_loss: Float64Array
    test_loss: Float64Array
    wall_seconds: float

    @property
    def num_seeds(self) -> int:
        """Number of networks trained."""
        return len(self.stopped)

    @property
    def epochs(self) -> tuple[int, ...]:
        """Epochs that each network was trained for."""
        return tuple(losses.size for losses in self.epoch_losses)

    @property
    def trained(self) -> list[LayerWeights]:
        """The weights of each network that did not diverge, in the order of the seeds."""
        return [
            LayerWeights(self.weight[s], scale=None if self.scale is None else self.scale[s], bias=self.bias[s])
            for s in range(self.num_seeds)
            if self.stopped[s] != "diverged"
        ]

    def save_weights(self, path: str | Path) -> None:
        """Write the weights of the networks that did not diverge, for ``deeplimits exponents``; see `write_weights`.

        Raises:
            ValueError: all have diverged.
        """
        if not self.trained:
            raise ValueError(f"all {self.num_seeds} networks have diverged: there are no weights to save")
        write_weights(path, {self.network.depth: self.trained})

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the weights, JSON-ready; losses that are no finite numbers are null."""
        return {
            "network": self.network.to_dict(),
            "setup": self.setup.to_dict(),
            "data": dict(self.data),
            "seed": self.seed,
            "epochs": list(self.epochs),
            "stopped": list(self.stopped),
            "train_loss": finite_or_none(self.train_loss),
            "test_loss": finite_or_none(self.test_loss),
            "epoch_losses": [finite_or_none(losses) for losses in self.epoch_losses],
            "wall_seconds": self.wall_seconds,
        }


def finite_or_none(values: Float64Array) -> list[float | None]:
    """Return ``values`` as JSON can hold them."""
    return [float(value) if np.isfinite(value) else None for value in values]
