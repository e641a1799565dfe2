"""What training a residual classifier gave: losses, accuracies, and the weights before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplimits._typing import Float64Array
from deeplimits.statistics import Estimate, finite_or_none, mean_over_seeds
from deeplimits.training.residual_classifier.network import ResidualClassifier
from deeplimits.training.residual_classifier.setup import ClassifierSetup
from deeplimits.weights import LayerWeights, write_weights

Float32Array = NDArray[np.float32]
MEASURES = ("train_loss", "train_accuracy", "test_loss", "test_accuracy")


@dataclass(frozen=True, eq=False)
class NetworkWeights:
    """Hold the parameters of networks, one for each seed, in single precision.

    Args:
        embedding: A, (seeds, width, input_dim).
        readout: B, (seeds, classes, width).
        outer: V, (seeds, depth, width, width).
        inner: θ, likewise; None with one matrix in a block.
        outer_bias: b, (seeds, depth, width); None without biases.
        inner_bias: c, likewise; None also with one matrix in a block.
    """

    embedding: Float32Array
    readout: Float32Array
    outer: Float32Array
    inner: Float32Array | None = None
    outer_bias: Float32Array | None = None
    inner_bias: Float32Array | None = None

    def path(self, number: int) -> Float32Array:
        """Return all matrices of one network's blocks: V_k, and θ_k beside it, (depth, matrices, width, width)."""
        matrices = [part[number] for part in (self.outer, self.inner) if part is not None]
        return np.stack(matrices, axis=1)

    def biases(self, number: int) -> Float32Array | None:
        """Return all biases of one network's blocks, (depth, matrices, width)."""
        biases = [part[number] for part in (self.outer_bias, self.inner_bias) if part is not None]
        return np.stack(biases, axis=1) if biases else None


@dataclass(frozen=True, eq=False)
class ClassifierRun(Mapping[str, Estimate]):
    """Map losses and accuracies to their means over seeds that did not diverge. A divergence is a result.

    Args:
        network: the network.
        setup: how it was trained.
        data: description of the data, as from ``LabelledData.to_dict``.
        seed: of the random numbers; network s is the s-th child of it.
        epoch_losses: mean training loss of each epoch, taken before each step, (seeds, epochs); once all networks
            have diverged no epoch follows.
        train_losses: of every training input at the end, (seeds, train_size).
        train_found: whether its class has the largest logit.
        test_losses: likewise of test inputs.
        test_found: likewise.
        start: parameters before training.
        end: parameters after it.
        wall_seconds: time that it took, compilation and other learning rates trained beside it included.
    """

    network: ResidualClassifier
    setup: ClassifierSetup
    data: Mapping[str, Any]
    seed: int
    epoch_losses: Float64Array
    train_losses: Float64Array
    train_found: NDArray[np.bool_]
    test_losses: Float64Array
    test_found: NDArray[np.bool_]
    start: NetworkWeights
    end: NetworkWeights
    wall_seconds: float

    @property
    def num_seeds(self) -> int:
        """Number of networks trained."""
        return len(self.epoch_losses)

    @property
    def diverged(self) -> NDArray[np.bool_]:
        """Which networks have a loss that is no number, in an epoch or at the end."""
        losses = np.concatenate([self.epoch_losses, self.train_losses, self.test_losses], axis=1)
        return ~np.isfinite(losses).all(axis=1)

    def by_seed(self, name: str) -> Float64Array:
        """Return train_loss, train_accuracy, test_loss or test_accuracy of each network, NaN where it diverged."""
        part, _, kind = name.partition("_")
        each = getattr(self, f"{part}_losses" if kind == "loss" else f"{part}_found")
        return np.where(self.diverged, np.nan, each.mean(axis=1, dtype=np.float64))

    def weights(self, number: int, *, trained: bool = True) -> LayerWeights:
        """Return one network's blocks, with the scale of their branches.

        Two matrices of a block are one array: V_k first, θ_k second.

        Raises:
            ValueError: it has diverged.
        """
        held = self.end if trained else self.start
        return LayerWeights(held.path(number), scale=self.network.branch_scale, bias=held.biases(number))

    @property
    def trained(self) -> list[LayerWeights]:
        """The trained blocks of each network that did not diverge, in the order of the seeds."""
        return [self.weights(number) for number in range(self.num_seeds) if not self.diverged[number]]

    def save_weights(self, path: str | Path) -> None:
        """Write the weights of the networks that did not diverge, for ``deeplimits exponents``; see `write_weights`.

        Raises:
            ValueError: all have diverged.
        """
        if not self.trained:
            raise ValueError(f"all {self.num_seeds} networks have diverged: there are no weights to save")
        write_weights(path, {self.network.depth: self.trained})

    def __getitem__(self, name: str) -> Estimate:
        """Return the mean over seeds that did not diverge."""
        if name not in MEASURES:
            raise KeyError(name)
        return mean_over_seeds(self.by_seed(name)[~self.diverged])

    def __iter__(self) -> Any:
        """Go through the measures."""
        return iter(MEASURES)

    def __len__(self) -> int:
        """Count the measures."""
        return len(MEASURES)

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the weights, JSON-ready; what is no finite number is null."""
        return {
            "network": self.network.to_dict(),
            "setup": self.setup.to_dict(),
            "data": dict(self.data),
            "seed": self.seed,
            "num_seeds": self.num_seeds,
            "diverged": self.diverged.tolist(),
            "measures": {name: self[name].to_dict() for name in self},
            "by_seed": {name: [finite_or_none(float(one)) for one in self.by_seed(name)] for name in self},
            "epoch_losses": [[finite_or_none(float(loss)) for loss in losses] for losses in self.epoch_losses],
            "wall_seconds": self.wall_seconds,
        }
