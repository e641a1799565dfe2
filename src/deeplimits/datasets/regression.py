"""Regression data: training and test vectors with their target vectors, and where they are from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.datasets.fingerprint import fingerprint_of


@dataclass(frozen=True, eq=False)
class RegressionData:
    """Hold what networks that map vectors to vectors of the same dimension are trained and tested on.

    Args:
        name: short name, as given to `load_regression`.
        origin: where the numbers are from, in one line; every output names it.
        train_inputs: float64 array (train_size, width).
        train_targets: likewise.
        test_inputs: float64 array (test_size, width); no rows for none.
        test_targets: likewise.

    Raises:
        ValueError: shapes disagree or a number is not finite.

    >>> str(RegressionData("two", "made up", np.eye(2), np.eye(2), np.eye(2), np.eye(2)))
    'two: made up; 2 training and 2 test samples of dimension 2'
    """

    name: str
    origin: str
    train_inputs: Float64Array
    train_targets: Float64Array
    test_inputs: Float64Array
    test_targets: Float64Array

    def __post_init__(self) -> None:
        """Convert to arrays and check them."""
        for part in ("train", "test"):
            inputs, targets = (self._numbers(f"{part}_{kind}") for kind in ("inputs", "targets"))
            if inputs.ndim != 2 or inputs.shape != targets.shape or not inputs.shape[1]:
                raise ValueError(
                    f"{part} inputs and targets must be rows, as many of one as of the other and of one dimension, got "
                    f"shapes {inputs.shape} and {targets.shape}"
                )
        if not self.train_size or self.train_inputs.shape[1] != self.test_inputs.shape[1]:
            raise ValueError(
                "there must be training samples, and test samples of their dimension, got shapes "
                f"{self.train_inputs.shape} and {self.test_inputs.shape}"
            )

    def _numbers(self, field: str) -> Float64Array:
        values = np.asarray(getattr(self, field), dtype=np.float64)
        if not np.all(np.isfinite(values)):
            raise ValueError(f"{field.replace('_', ' ')} must be finite")
        object.__setattr__(self, field, values)
        return values

    @property
    def width(self) -> int:
        """Dimension of inputs and targets."""
        return int(self.train_inputs.shape[1])

    @property
    def train_size(self) -> int:
        """Number of training samples."""
        return int(self.train_inputs.shape[0])

    @property
    def test_size(self) -> int:
        """Number of test samples."""
        return int(self.test_inputs.shape[0])

    def __str__(self) -> str:
        """Say which data these are."""
        sizes = f"{self.train_size} training and {self.test_size} test samples of dimension {self.width}"
        return f"{self.name}: {self.origin}; {sizes}"

    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that tell these numbers from others."""
        return fingerprint_of((self.train_inputs, self.train_targets, self.test_inputs, self.test_targets))

    def to_dict(self) -> dict[str, Any]:
        """Return what identifies the data, JSON-ready."""
        sizes = {name: getattr(self, name) for name in ("width", "train_size", "test_size")}
        return {"name": self.name, "origin": self.origin, **sizes, "fingerprint": self.fingerprint()}
