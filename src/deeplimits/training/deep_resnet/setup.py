"""How very deep networks are trained, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deeplimits.parametrizations import Optimizer, resolve_optimizer
from deeplimits.validation import nonnegative_number, positive_integer, positive_number


@dataclass(frozen=True, kw_only=True)
class DeepSetup:
    """Describe how a `DeepResNet` is trained: mean squared error, one constant learning rate for everything.

    The error is averaged over samples and entries. Training ends, after an epoch whose mean training loss

    - is below ``epsilon``: converged;
    - is the ``patience``-th one in a row that is not below 0.99 times the best before it: stalled;
    - is the last of ``epochs``;
    - is no finite number: diverged.

    Note: every epoch goes through all samples in a new random order; its last step takes those that are left over. The
    paper's code shuffles batches in a way that loses some and repeats others, and needs batches that divide the number
    of samples. Text and code of the paper disagree on the optimizer (SGD, Adam), and the published figures' learning
    rates, batches and ε are not recorded; ours are those of its run script, with 200 epochs in place of 10.

    Args:
        optimizer: gd, sgd, momentum, rmsprop or adam; in Python also an `Optimizer` with other constants.
        learning_rate: of all parameters, whatever the depth.
        batch: samples in a step; None for all, as gd always takes.
        epochs: at most.
        epsilon: loss at which training has converged; 0 for never.
        patience: epochs without progress after which it is given up.

    Raises:
        ValueError: a field is unknown or out of range.

    >>> DeepSetup(optimizer="sgd", learning_rate=0.1).method.name
    'sgd'

    References: cohen2021scaling.
    """

    optimizer: Optimizer | str = "adam"
    learning_rate: float = 0.01
    batch: int | None = 32
    epochs: int = 200
    epsilon: float = 1e-3
    patience: int = 5

    def __post_init__(self) -> None:
        """Validate every field and resolve the optimizer."""
        object.__setattr__(self, "optimizer", resolve_optimizer(self.optimizer))
        object.__setattr__(self, "learning_rate", positive_number("learning_rate", self.learning_rate))
        object.__setattr__(self, "epsilon", nonnegative_number("epsilon", self.epsilon))
        for name in ("epochs", "patience"):
            object.__setattr__(self, name, positive_integer(name, getattr(self, name)))
        if self.method.name == "gd":
            object.__setattr__(self, "batch", None)
        if self.batch is not None:
            object.__setattr__(self, "batch", positive_integer("batch", self.batch))

    @property
    def method(self) -> Optimizer:
        """The optimizer, resolved."""
        return resolve_optimizer(self.optimizer)

    def to_dict(self) -> dict[str, Any]:
        """Return every field, resolved, as JSON-ready values."""
        fields = {name: getattr(self, name) for name in ("learning_rate", "batch", "epochs", "epsilon", "patience")}
        return {"optimizer": self.method.to_dict(), **fields}
