"""What training is, beside the network and the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deeplimits.parametrizations.catalogue import resolve
from deeplimits.parametrizations.optimizer import Optimizer, resolve_optimizer
from deeplimits.parametrizations.parametrization import Parametrization
from deeplimits.parametrizations.weight_groups import WeightGroups
from deeplimits.validation import one_of, positive_integer, positive_number

LOSSES = ("cross-entropy", "mse")


@dataclass(frozen=True, kw_only=True)
class TrainingSetup:
    """Describe how a network is trained: loss, optimizer, learning rate, steps, batch and parametrization.

    Args:
        loss: cross-entropy (logistic with labels 0 and 1 for one output, softmax for several), the mean over samples;
            or mse, half the squared error, summed over outputs and averaged over samples.
        optimizer: gd, sgd, momentum, rmsprop or adam; in Python also an `Optimizer` with other constants.
        learning_rate: base learning rate η of every group; the parametrization's multipliers come on top.
        steps: updates of the weights.
        batch: samples in a step; all of them by default.
        parametrization: by name, as intermediate:0.75, or a `Parametrization`; standard by default.

    Raises:
        ValueError: a field is unknown or out of range, or gd is given a batch.

    >>> setup = TrainingSetup(learning_rate=0.1, steps=50, parametrization="mean-field")
    >>> setup.group_learning_rates(width=512)
    WeightGroups(input=0.4, hidden=0.1, output=0.025)
    """

    learning_rate: float
    steps: int
    loss: str = "cross-entropy"
    optimizer: Optimizer | str = "gd"
    batch: int | None = None
    parametrization: Parametrization | str = "standard"

    def __post_init__(self) -> None:
        """Validate every field; resolve the optimizer and the parametrization."""
        one_of("loss", self.loss, LOSSES)
        object.__setattr__(self, "learning_rate", positive_number("learning_rate", self.learning_rate))
        object.__setattr__(self, "steps", positive_integer("steps", self.steps))
        object.__setattr__(self, "optimizer", resolve_optimizer(self.optimizer))
        object.__setattr__(self, "parametrization", resolve(self.parametrization))
        if self.batch is not None:
            object.__setattr__(self, "batch", positive_integer("batch", self.batch))
            if self.method.name == "gd":
                raise ValueError(f"gd takes all samples in every step, got batch {self.batch}; take optimizer 'sgd'")

    @property
    def method(self) -> Optimizer:
        """The optimizer, resolved."""
        return resolve_optimizer(self.optimizer)

    @property
    def scaling(self) -> Parametrization:
        """The parametrization, resolved."""
        return resolve(self.parametrization)

    def group_learning_rates(self, width: int, depth: int | None = None) -> WeightGroups:
        """Return the learning rate of each group of weights: η times the parametrization's multiplier.

        Args:
            width: of the network.
            depth: of the network; the reference depth by default.

        Raises:
            ValueError: a size is not a positive integer.
        """
        rate = WeightGroups(input=self.learning_rate, hidden=self.learning_rate, output=self.learning_rate)
        return rate * self.scaling.learning_rates(width, depth, normalised=self.method.normalised)

    def to_dict(self) -> dict[str, Any]:
        """Return every field, resolved, as JSON-ready values: the content that identifies the setup."""
        return {
            "loss": self.loss,
            "optimizer": self.method.to_dict(),
            "learning_rate": self.learning_rate,
            "steps": self.steps,
            "batch": self.batch,
            "parametrization": self.scaling.to_dict(),
        }
