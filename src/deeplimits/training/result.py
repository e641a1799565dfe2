"""What a training run measured, seed by seed, with means and intervals over seeds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.architectures import Architecture
from deeplimits.parametrizations import TrainingSetup
from deeplimits.statistics import Estimate, Interval, mean_over_seeds, student_interval


@dataclass(frozen=True, eq=False)
class TrainingRun(Mapping[str, Estimate]):
    """Map each measure to its mean over seeds, with the standard error.

    A seed whose training loss leaves the range of numbers has diverged: that is a result, recorded in `diverged_at`.
    Means and intervals are over the seeds that did not.

    Args:
        architecture: the network.
        setup: how it was trained.
        data: description of the data, as from ``LabelledData.to_dict``.
        seed: of the random numbers; seed s of the run is its s-th child.
        weight_law: of the initial weights.
        method: span or full: how the first layer was trained.
        train_loss: before each step, on that step's samples, and at last on all; shape (seeds, steps + 1).
        train_accuracy: likewise.
        gradient_norm: Euclidean norm of the gradient of each step's loss by all effective weights, shape (seeds,
            steps); (seeds, 0) if it was not measured.
        test_steps: after how many steps the test inputs were evaluated.
        test_loss: then, shape (seeds, evaluations).
        test_accuracy: likewise.
        start_logits: of the test inputs, shape (seeds, output_dim, test inputs).
        end_logits: after the last step.
        by_seed: measure → one number for each seed.
        wall_seconds: time that it took, compilation included.
    """

    architecture: Architecture
    setup: TrainingSetup
    data: Mapping[str, Any]
    seed: int
    weight_law: str
    method: str
    train_loss: Float64Array
    train_accuracy: Float64Array
    gradient_norm: Float64Array
    test_steps: tuple[int, ...]
    test_loss: Float64Array
    test_accuracy: Float64Array
    start_logits: Float64Array
    end_logits: Float64Array
    by_seed: Mapping[str, Float64Array]
    wall_seconds: float

    @property
    def num_seeds(self) -> int:
        """Number of networks trained."""
        return int(self.train_loss.shape[0])

    @property
    def diverged_at(self) -> tuple[int | None, ...]:
        """For each seed the number of steps after which the loss was no number any more; None if it always was."""
        bad = ~np.isfinite(self.train_loss)
        return tuple(int(row.argmax()) if row.any() else None for row in bad)

    @property
    def finite(self) -> Any:
        """Which seeds did not diverge, shape (seeds,)."""
        return np.isfinite(self.train_loss).all(axis=1) & np.isfinite(self.end_logits).all(axis=(1, 2))

    @property
    def num_diverged(self) -> int:
        """Number of seeds that diverged."""
        return self.num_seeds - int(self.finite.sum())

    def values(self, name: str | None = None) -> Any:
        """Return a measure of each seed that did not diverge; without a name, every measure's estimate."""
        if name is None:
            return super().values()
        return self.by_seed[name][self.finite]

    def interval(self, name: str, delta: float = 0.05) -> Interval:
        """Return Student's interval of a measure's mean over seeds, which misses with probability ``delta``."""
        return student_interval(self[name], delta)

    def path(self, name: str) -> tuple[Estimate, ...]:
        """Return the estimates along training of train_ or test_loss, train_ or test_accuracy, or gradient_norm."""
        return tuple(mean_over_seeds(column) for column in getattr(self, name)[self.finite].T)

    def __getitem__(self, name: str) -> Estimate:
        """Return the mean over seeds."""
        return mean_over_seeds(self.values(name))

    def __iter__(self) -> Iterator[str]:
        """Go through the measures."""
        return iter(self.by_seed)

    def __len__(self) -> int:
        """Count the measures."""
        return len(self.by_seed)

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the logits, JSON-ready."""
        return {
            "schema": 1,
            "architecture": self.architecture.to_dict(),
            "setup": self.setup.to_dict(),
            "data": dict(self.data),
            "seed": self.seed,
            "num_seeds": self.num_seeds,
            "weight_law": self.weight_law,
            "method": self.method,
            "num_diverged": self.num_diverged,
            "diverged_at": list(self.diverged_at),
            "measures": {name: {**self[name].to_dict(), "interval": self._interval_of(name)} for name in self},
            "paths": {
                "train_loss": [estimate.to_dict() for estimate in self.path("train_loss")],
                "train_accuracy": [estimate.to_dict() for estimate in self.path("train_accuracy")],
                "gradient_norm": [estimate.to_dict() for estimate in self.path("gradient_norm")],
                "test_steps": list(self.test_steps),
                "test_loss": [estimate.to_dict() for estimate in self.path("test_loss")],
                "test_accuracy": [estimate.to_dict() for estimate in self.path("test_accuracy")],
            },
            "wall_seconds": self.wall_seconds,
        }

    def _interval_of(self, name: str) -> list[float] | None:
        interval = self.interval(name)
        return [interval.low, interval.high] if math.isfinite(interval.low) else None
