"""What a network asks of a Gaussian weight matrix: products with it, and nothing else."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, TypeAlias

from jaxtyping import Array, Float

from deeplimits.randomness.keys import Key

State: TypeAlias = Any


@dataclass(frozen=True)
class Matrix(ABC):
    """A random matrix W with i.i.d. N(0, 1) entries, known only through its answers.

    Args:
        rows: length of an answer W v.
        columns: length of a question v.
    """

    rows: int
    columns: int

    @abstractmethod
    def init(self, key: Key) -> State:
        """Return the state of a matrix that has not been asked anything yet."""

    @abstractmethod
    def query(self, state: State, vectors: Float[Array, "k columns"]) -> tuple[Float[Array, "k rows"], State]:
        """Return W v for each row v of ``vectors``, and the state that remembers the answers."""
