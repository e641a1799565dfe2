"""Results that follow the claims, or miss them by what a test says."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import polars as pl
import pytest

from deeplimits.experiments.trained_convolutions import TrainedConvolutions
from deeplimits.sweeps.experiment import resolve

Shifts = dict[str, float]


def norms_at(depth: int, part: str, data: str, shifts: Shifts) -> tuple[np.ndarray, np.ndarray]:
    """Return norms and increments with the claimed exponents: a largest one, a bulk at the median, and one between."""
    first = part == "first"
    if data != "cifar10":
        median = 2.0 * (depth / 6) ** (-0.5 + shifts.get("stand-in-sparse", 0.0))
        return np.r_[3.0, np.full(depth - 1, median)], np.full(depth - 3, 1.0)
    largest = 7.5 * (depth / 8) ** (
        shifts.get("largest-first", 0.0) if first else -0.1 + shifts.get("largest-second", 0.0)
    )
    size = (11.0 if first else 11.5) * (1 + shifts.get(f"size-{part}", 0.0))
    size *= (depth / 30) ** shifts.get("sum-of-squares", 0.0)
    median = 2.0 * (depth / 8) ** (-0.5 + (shifts.get("median", 0.0) if first else 0.0))
    bulk = np.full(depth // 2 + 1, median)
    # A few more large ones make up the sum of squares.
    left = size**2 - largest**2 - np.sum(bulk**2)
    rest = np.full(depth - 1 - len(bulk), np.sqrt(max(left, 0.0) / (depth - 1 - len(bulk))))
    increment = 0.7 * largest * (depth / 8) ** shifts.get("increments", 0.0)
    return np.r_[largest, bulk, rest], np.full(depth - 5, increment)


def rows_of(fields: dict[str, Any], shifts: Shifts) -> Iterator[dict[str, Any]]:
    for network in range(fields["seeds"]):
        about = {"network": network, "stopped": "epochs", "origin": "made up"}
        wobble = np.exp(0.003 * np.random.default_rng([fields["depth"], network]).normal())
        for part in ("first", "second"):
            norms, increments = norms_at(fields["depth"], part, fields["data"], shifts)
            kinds = {"norm": norms, "increment": increments}
            if fields["initial"]:
                kinds["initial_norm"] = np.full(fields["depth"], 1.2) + np.eye(fields["depth"])[0]
            for kind, values in kinds.items():
                for index, value in enumerate(wobble * values):
                    yield {**about, "measure": kind, "part": part, "index": index, "measured": value}
        wrong = 0.03 + shifts.get("stand-in-learned", 0.0) + shifts.get("learned", 0.0)
        yield {**about, "measure": "test_accuracy", "measured": 1 - wrong}
        yield {**about, "measure": "train_loss", "measured": 0.01}


@pytest.fixture(scope="session")
def table_with() -> Callable[..., pl.DataFrame]:
    def made(data: str, shifts: Shifts | None = None) -> pl.DataFrame:
        experiment = TrainedConvolutions(data=data, data_dir="anywhere" if data == "cifar10" else None)
        rows = []
        for cell in resolve(experiment, experiment.grid("paper" if data == "cifar10" else "quick")):
            fields: dict[str, Any] = dict(cell.fields)
            rows += [{"cell": cell.id, **fields, **one} for one in rows_of(fields, shifts or {})]
        return pl.DataFrame(rows, infer_schema_length=None)

    return made
