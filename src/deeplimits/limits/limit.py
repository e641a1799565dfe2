"""A limit: a theorem that predicts, or refuses and says why."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from deeplimits.architectures import Architecture
from deeplimits.datasets import Inputs
from deeplimits.limits.prediction import Prediction, Refusal


@dataclass(frozen=True)
class Limit(ABC):
    """A theorem about what a network becomes as its width, its depth, or both grow.

    Subclasses are final, stateless and registered in ``limits.CATALOGUE``.
    """

    name: ClassVar[str]
    claim: ClassVar[str]
    regime: ClassVar[str]
    accuracy: ClassVar[str]
    references: ClassVar[tuple[str, ...]]

    @abstractmethod
    def predict(self, architecture: Architecture, inputs: Inputs) -> Prediction | Refusal:
        """Return what the theorem says of ``architecture`` at ``inputs``, or why it says nothing."""
