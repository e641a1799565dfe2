"""How convolutional networks are trained, as data."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from deeplimits.validation import finite_number, nonnegative_number, positive_integer, positive_number

# Digits are not themselves in a mirror, and the small ones are only 8 pixels wide.
_AUGMENTATION: dict[str, dict[str, Any]] = {
    "cifar10": {"padding": 4, "flip": True},
    "mnist": {"padding": 2, "flip": False},
    "digits": {"padding": 1, "flip": False},
}


@dataclass(frozen=True, kw_only=True)
class ConvSetup:
    """Describe how a `ConvResNet` is trained: cross-entropy, stochastic gradient descent with momentum.

    With gradient g, weight decay w and momentum m: v ← m v + g + w p, p ← p − η v, for all parameters p. The learning
    rate η falls from epoch to epoch as half a cosine, to 0 at the end. Every epoch goes through all images in a new
    random order; each is enlarged by black pixels at all sides, cut out again at a random place, and mirrored or not.

    Args:
        learning_rate: η of the first epoch.
        momentum: m.
        weight_decay: w, of all parameters.
        epochs: number of epochs.
        batch: images in a step; the last one of an epoch takes those left over.
        padding: pixels by which images are enlarged.
        flip: whether images are mirrored, left to right, half of the time.

    Raises:
        ValueError: a field is out of range.

    >>> ConvSetup(epochs=4).rate(2)
    0.05

    References: cohen2021scaling.
    """

    learning_rate: float = 0.1
    momentum: float = 0.9
    weight_decay: float = 5e-4
    epochs: int = 200
    batch: int = 128
    padding: int = 4
    flip: bool = True

    def __post_init__(self) -> None:
        """Validate every field."""
        object.__setattr__(self, "learning_rate", positive_number("learning_rate", self.learning_rate))
        object.__setattr__(self, "weight_decay", nonnegative_number("weight_decay", self.weight_decay))
        object.__setattr__(self, "momentum", finite_number("momentum", self.momentum))
        if not 0 <= self.momentum < 1:
            raise ValueError(f"momentum must be at least 0 and below 1, got {self.momentum}")
        for name in ("epochs", "batch"):
            object.__setattr__(self, name, positive_integer(name, getattr(self, name)))
        if self.padding != 0:
            object.__setattr__(self, "padding", positive_integer("padding", self.padding))
        if not isinstance(self.flip, bool):
            raise ValueError(f"flip must be True or False, got {self.flip!r}")

    def rate(self, epoch: int) -> float:
        """Return the learning rate of an epoch, 0 … epochs − 1."""
        return self.learning_rate * (1 + math.cos(math.pi * epoch / self.epochs)) / 2

    def to_dict(self) -> dict[str, Any]:
        """Return every field as JSON-ready values."""
        return asdict(self)


def augmentation(data: str) -> dict[str, Any]:
    """Return padding and flip for images of this name: the paper's for CIFAR-10, less for its stand-ins.

    >>> augmentation("cifar10")
    {'padding': 4, 'flip': True}
    """
    return dict(_AUGMENTATION.get(data, _AUGMENTATION["cifar10"]))
