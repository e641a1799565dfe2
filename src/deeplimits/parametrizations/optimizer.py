"""Optimizers, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deeplimits.validation import finite_number, nonnegative_number, one_of

NAMES = ("gd", "sgd", "momentum", "rmsprop", "adam")
_NORMALISED = ("rmsprop", "adam")
_SQUARE_DECAY = {"rmsprop": 0.99, "adam": 0.999}


@dataclass(frozen=True, kw_only=True)
class Optimizer:
    """Describe an optimizer; the learning rate is the setup's.

    gd and sgd: θ ← θ − η g. momentum: m ← momentum m + g, θ ← θ − η m. rmsprop: v ← square_decay v +
    (1 − square_decay) g² from v = 0, θ ← θ − η g / (√v + epsilon). adam: the same with g averaged with weight momentum,
    both averages corrected for their start at 0.

    Args:
        name: gd (full batch), sgd, momentum, rmsprop or adam.
        momentum: of momentum and adam; 0.9 by default.
        square_decay: of rmsprop (0.99 by default) and adam (0.999).
        epsilon: of rmsprop and adam.

    Raises:
        ValueError: the name is unknown, or a value is out of range.

    >>> Optimizer(name="rmsprop").square_decay
    0.99
    """

    name: str
    momentum: float = 0.9
    square_decay: float = None  # type: ignore[assignment]  # None only until __post_init__ resolves it
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        """Validate every field and resolve the default decay."""
        one_of("optimizer", self.name, NAMES)
        if self.square_decay is None:
            object.__setattr__(self, "square_decay", _SQUARE_DECAY.get(self.name, 0.999))
        for field in ("momentum", "square_decay"):
            value = finite_number(field, getattr(self, field))
            if not 0 <= value < 1:
                raise ValueError(f"{field} must be from 0 to below 1, got {value!r}")
            object.__setattr__(self, field, value)
        object.__setattr__(self, "epsilon", nonnegative_number("epsilon", self.epsilon))

    @property
    def normalised(self) -> bool:
        """Whether it divides gradients by their size."""
        return self.name in _NORMALISED

    def to_dict(self) -> dict[str, Any]:
        """Return the name and the numbers that this optimizer uses."""
        numbers: dict[str, Any] = {"name": self.name}
        if self.name in ("momentum", "adam"):
            numbers["momentum"] = self.momentum
        if self.normalised:
            numbers |= {"square_decay": self.square_decay, "epsilon": self.epsilon}
        return numbers


def resolve_optimizer(optimizer: Optimizer | str) -> Optimizer:
    """Return ``optimizer`` as an `Optimizer`: by name with its defaults, or as it is.

    Raises:
        ValueError: the name is unknown.
    """
    return optimizer if isinstance(optimizer, Optimizer) else Optimizer(name=str(optimizer).strip().lower())
