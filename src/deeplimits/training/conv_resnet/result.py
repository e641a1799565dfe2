"""What training one convolutional network gave: losses along the way, why it ended, and the norms of its kernels."""

from __future__ import annotations

from dataclasses import dataclass

from deeplimits._typing import Float64Array
from deeplimits.training.conv_resnet.network import ConvResNet
from deeplimits.weights import LayerNorms


@dataclass(frozen=True, eq=False)
class ConvRun:
    """Hold one trained network. A divergence is a result.

    Args:
        network: the network.
        stopped: why training ended: epochs or diverged.
        epoch_losses: mean training loss of each epoch, taken before each step, of images as they were moved.
        train_loss: of all training images as they are; None where it diverged, as all below.
        train_accuracy: share of training images that are told right.
        test_loss: of the test images.
        test_accuracy: share of test images that are told right.
        norms: part of a block (first: A, second: Δ) → norms over blocks; empty where it diverged.
        wall_seconds: time that it took, compilation included.
    """

    network: ConvResNet
    stopped: str
    epoch_losses: Float64Array
    train_loss: float | None
    train_accuracy: float | None
    test_loss: float | None
    test_accuracy: float | None
    norms: dict[str, LayerNorms]
    wall_seconds: float

    @property
    def diverged(self) -> bool:
        """Whether a loss or a weight has left the range of numbers."""
        return self.stopped == "diverged"
