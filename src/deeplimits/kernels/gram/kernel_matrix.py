"""A Gram matrix that says which kernel it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from deeplimits.architectures import Architecture


@dataclass(frozen=True, eq=False, repr=False)
class KernelMatrix:
    """Hold the values of a kernel and what they are values of.

    Args:
        values: float64 array (inputs, inputs of x2 or of x), or the array that was given as ``out``.
        kind: ``nngp`` or ``ntk``.
        limit: ``infinite-width`` (width → ∞ at the network's depth) or ``infinite-depth`` (depth → ∞ too).
        parametrization: ``ntk`` or ``standard``; no difference to an NNGP.
        architecture: the network.
        numerical_error: the largest error found, of K(x, x') over √(K(x, x) K(x', x')): that of the tables against the
            recursion at random pairs, 0 where there are none. Rounding is not included: about 1e-15 a layer, which a
            chaotic network multiplies, but of an NTK up to 1e-8 a layer where φ has a kink, biases or a normalization
            make lengths count, and inputs of unequal lengths are within an angle of 1e-6.
        symmetric: whether rows and columns are the same inputs.
    """

    values: Any
    kind: str
    limit: str
    parametrization: str
    architecture: Architecture
    numerical_error: float
    symmetric: bool

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and of columns."""
        rows, columns = self.values.shape
        return int(rows), int(columns)

    def condition(self) -> float:
        """Return the largest eigenvalue over the smallest; inf if that is not above the rounding of the largest.

        Raises:
            ValueError: rows and columns are different inputs.
        """
        if not self.symmetric:
            raise ValueError("a condition number is that of a kernel of x with itself; this one is of x and x2")
        eigenvalues = np.linalg.eigvalsh(np.asarray(self.values[:, :]))
        smallest, largest = float(eigenvalues[0]), float(eigenvalues[-1])
        if smallest <= len(eigenvalues) * np.finfo(np.float64).eps * largest:
            return float("inf")
        return largest / smallest

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> np.ndarray:
        """Return the values."""
        return np.array(self.values[:, :], dtype=dtype, copy=copy)

    def __len__(self) -> int:
        """Count the rows."""
        return self.shape[0]

    def __getitem__(self, index: Any) -> Any:
        """Return values; for arithmetic with them all, take ``values`` or ``np.asarray``."""
        return self.values[index]

    def __repr__(self) -> str:
        """Say in one line which kernel this is."""
        rows, columns = self.shape
        error = f", numerical_error={self.numerical_error:.1g}" if self.numerical_error else ""
        return (
            f"KernelMatrix({self.kind}, {rows} × {columns}, {self.limit}, {self.parametrization} parametrization, "
            f"{type(self.architecture).__name__} of depth {self.architecture.depth}{error})"
        )
