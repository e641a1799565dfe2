"""What a mean-field ResNet is trained on, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.validation import positive_number


@dataclass(frozen=True, eq=False)
class Task:
    """Hold inputs (inputs, 2), targets (inputs,), the readout (2,) and the factor α of every branch."""

    inputs: Float64Array
    targets: Float64Array
    readout: Float64Array
    scale: float

    @classmethod
    def of(cls, inputs: ArrayLike, targets: ArrayLike, readout: ArrayLike, scale: float) -> Task:
        """Return the task with these numbers.

        Raises:
            ValueError: one has another shape or is not finite, or ``scale`` is not above 0.
        """
        points, wanted, out = (np.asarray(part, np.float64) for part in (inputs, targets, readout))
        if points.ndim != 2 or points.shape[1:] != (2,) or not len(points):
            raise ValueError(f"inputs must be a matrix with two columns, got shape {points.shape}")
        if wanted.shape != (len(points),):
            raise ValueError(f"targets must be {len(points)} numbers, one for each input, got shape {wanted.shape}")
        if out.shape != (2,):
            raise ValueError(f"readout must be two numbers, got shape {out.shape}")
        if not all(np.isfinite(part).all() for part in (points, wanted, out)):
            raise ValueError("inputs, targets and readout must be finite numbers")
        return cls(points, wanted, out, positive_number("scale", scale))

    def arrays(self) -> tuple[Any, Any, Any, Any]:
        """Return everything in single precision."""
        inputs, targets, readout = (np.asarray(x, np.float32) for x in (self.inputs, self.targets, self.readout))
        return inputs, targets, readout, np.float32(self.scale)
