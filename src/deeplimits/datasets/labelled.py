"""Labelled data: training and test vectors with their classes, and where they are from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplimits._typing import Float64Array
from deeplimits.datasets.fingerprint import fingerprint_of

Labels = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LabelledData:
    """Hold what classifiers are trained and tested on.

    Args:
        name: short name, as given to `load_data`.
        origin: where the numbers are from, in one line; every output names it.
        train_inputs: float64 array (train_size, input_dim).
        train_labels: class of each training input, 0 … num_classes − 1.
        test_inputs: float64 array (test_size, input_dim).
        test_labels: class of each test input.
        num_classes: number of classes.

    Raises:
        ValueError: shapes disagree, a number is not finite, or a label is no class.

    >>> data = LabelledData("two", "made up", np.eye(2), np.array([0, 1]), np.eye(2), np.array([0, 1]), 2)
    >>> data.input_dim, data.train_size, str(data)
    (2, 2, 'two: made up; 2 classes, 2 training and 2 test inputs of dimension 2')
    """

    name: str
    origin: str
    train_inputs: Float64Array
    train_labels: Labels
    test_inputs: Float64Array
    test_labels: Labels
    num_classes: int

    def __post_init__(self) -> None:
        """Convert to arrays and check them."""
        for part in ("train", "test"):
            inputs = np.asarray(getattr(self, f"{part}_inputs"), dtype=np.float64)
            labels = np.asarray(getattr(self, f"{part}_labels"))
            if inputs.ndim != 2 or labels.shape != inputs.shape[:1] or not inputs.size:
                raise ValueError(
                    f"{part} inputs must be rows with one label each, got shapes {inputs.shape} and {labels.shape}"
                )
            if not np.all(np.isfinite(inputs)):
                raise ValueError(f"{part} inputs must be finite")
            if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= self.num_classes:
                raise ValueError(f"{part} labels must be whole numbers from 0 to {self.num_classes - 1}")
            object.__setattr__(self, f"{part}_inputs", inputs)
            object.__setattr__(self, f"{part}_labels", labels.astype(np.int64))
        if self.num_classes < 2 or self.train_inputs.shape[1] != self.test_inputs.shape[1]:
            raise ValueError("classifiers need two classes, and training and test inputs of one dimension")

    @property
    def input_dim(self) -> int:
        """Entries of an input vector."""
        return int(self.train_inputs.shape[1])

    @property
    def train_size(self) -> int:
        """Number of training inputs."""
        return int(self.train_inputs.shape[0])

    @property
    def test_size(self) -> int:
        """Number of test inputs."""
        return int(self.test_inputs.shape[0])

    def __str__(self) -> str:
        """Say which data these are."""
        sizes = f"{self.train_size} training and {self.test_size} test inputs of dimension {self.input_dim}"
        return f"{self.name}: {self.origin}; {self.num_classes} classes, {sizes}"

    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits that tell these numbers from others."""
        return fingerprint_of((self.train_inputs, self.train_labels, self.test_inputs, self.test_labels))

    def to_dict(self) -> dict[str, Any]:
        """Return what identifies the data, JSON-ready."""
        sizes = {name: getattr(self, name) for name in ("num_classes", "input_dim", "train_size", "test_size")}
        return {"name": self.name, "origin": self.origin, **sizes, "fingerprint": self.fingerprint()}
