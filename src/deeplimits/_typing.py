"""Array aliases shared by the whole package.

Axis names used in annotations: ``inputs`` (k), ``input_dim``, ``output_dim``, ``width`` (n), ``layers``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray


@runtime_checkable
class SupportsArray(Protocol):
    """Anything NumPy can turn into an array (NumPy and JAX arrays among them)."""

    def __array__(self) -> NDArray[Any]:
        """Return the array."""


# Unlike numpy.typing.ArrayLike this one admits a plain float also for run-time type checkers.
ArrayLike: TypeAlias = bool | int | float | SupportsArray | Sequence[Any]
Float64Array: TypeAlias = NDArray[np.float64]
