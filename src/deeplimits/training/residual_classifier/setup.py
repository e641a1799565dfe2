"""How residual classifiers are trained, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deeplimits.parametrizations import Optimizer, resolve_optimizer
from deeplimits.validation import positive_integer, positive_number


@dataclass(frozen=True, kw_only=True)
class ClassifierSetup:
    """Describe how a `ResidualClassifier` is trained: cross-entropy, and a learning rate that falls in steps.

    Every epoch goes through all samples in a new random order; its last step takes those that are left over. Training
    ends after ``epochs``.

    Note: defaults are those with which the paper's code makes its figures of trained networks. A block of its
    configuration that is named after the figure of trained weights (300 epochs, rate 0.01) is not used there.

    Args:
        optimizer: gd, sgd, momentum, rmsprop or adam; in Python also an `Optimizer` with other constants.
        learning_rate: of all parameters, in the first epochs.
        batch: samples in a step; None for all, as gd always takes.
        epochs: how many.
        decay_every: epochs after which the learning rate is multiplied by ``decay``, again and again.
        decay: factor of the learning rate.

    Raises:
        ValueError: a field is unknown or out of range.

    >>> [ClassifierSetup().rate_at(epoch) for epoch in (0, 4, 5, 9)]
    [0.001, 0.001, 0.0001, 0.0001]

    References: marion2025scaling.
    """

    optimizer: Optimizer | str = "adam"
    learning_rate: float = 1e-3
    batch: int | None = 128
    epochs: int = 10
    decay_every: int = 5
    decay: float = 0.1

    def __post_init__(self) -> None:
        """Validate every field and resolve the optimizer."""
        object.__setattr__(self, "optimizer", resolve_optimizer(self.optimizer))
        for name in ("learning_rate", "decay"):
            object.__setattr__(self, name, positive_number(name, getattr(self, name)))
        for name in ("epochs", "decay_every"):
            object.__setattr__(self, name, positive_integer(name, getattr(self, name)))
        if self.method.name == "gd":
            object.__setattr__(self, "batch", None)
        if self.batch is not None:
            object.__setattr__(self, "batch", positive_integer("batch", self.batch))

    @property
    def method(self) -> Optimizer:
        """The optimizer, resolved."""
        return resolve_optimizer(self.optimizer)

    def rate_at(self, epoch: int) -> float:
        """Return the learning rate of an epoch, counted from 0."""
        return self.learning_rate * self.decay_at(epoch)

    def decay_at(self, epoch: int) -> float:
        """Return what is left of the learning rate in an epoch, as a share."""
        return float(self.decay ** (epoch // self.decay_every))

    def to_dict(self) -> dict[str, Any]:
        """Return every field, resolved, as JSON-ready values."""
        names = ("learning_rate", "batch", "epochs", "decay_every", "decay")
        return {"optimizer": self.method.to_dict(), **{name: getattr(self, name) for name in names}}
