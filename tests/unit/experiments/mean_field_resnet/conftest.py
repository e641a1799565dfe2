"""A quick run's results that follow the claims, or miss them by what a test says."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pytest

from deeplimits.experiments.mean_field_resnet.experiment import MeanFieldResNet
from deeplimits.experiments.mean_field_resnet.grid import LEARNING_RATE
from deeplimits.sweeps.experiment import resolve

EXPERIMENT = MeanFieldResNet()


def row(measure: str, value: float, error: float, predicted: float | None = None, **about: Any) -> dict[str, Any]:
    limit = about.pop("limit", predicted)
    numbers = {"measured": value, "measured_standard_error": error, "predicted": predicted, "limit": limit}
    return {"measure": measure, **numbers, **about}


def rows_of(fields: dict[str, Any], shifts: dict[str, float]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a cell."""
    made = {"forward": forward_rows, "kernel": kernel_rows, "training": training_rows}
    yield from made[fields["measures"]](fields, shifts)


def forward_rows(fields: dict[str, Any], shifts: dict[str, float]) -> Iterator[dict[str, Any]]:
    shared = fields["layers"] == "shared"
    for coordinate in (1, 2):
        about = {"coordinate": coordinate}
        if not shared:
            yield row("bias", 0.2 + shifts.get("bias", 0.0), 1e-3, 0.2, **about)
        shift = 1 + shifts.get("shared-variance" if shared else "variance", 0.0)
        power = (fields["depth"] / 4) ** shifts.get("variance-by-depth", 0.0)
        power *= (fields["particles"] / 64) ** shifts.get("variance-by-particles", 0.0)
        said = 0.6 * (1.0 if shared else power)
        yield row("variance", said * shift, 1e-3, said, **about)


def kernel_rows(fields: dict[str, Any], shifts: dict[str, float]) -> Iterator[dict[str, Any]]:
    far = shifts.get("kernel-at-infinite-depth", 0.0)
    yield row("entry", 1.0 + shifts.get("kernel", 0.0), 1e-3, 1.0, entry="1,1", limit=1.0 + far)
    size = fields["depth"] * fields["particles"]
    yield row("spread", 3 * size ** (-0.5 + shifts.get("kernel-rate", 0.0)), 1e-3 * size**-0.5)
    yield row("smallest_eigenvalue", 0.2, 1e-3, 0.2)


def training_rows(fields: dict[str, Any], shifts: dict[str, float]) -> Iterator[dict[str, Any]]:
    resting = fields["law"] == "resting"
    at_path = "eigenvalue-along-training" + ("" if resting else "-of-turning-particles")
    for step in fields["steps"]:
        time, at = LEARNING_RATE * step, {"step": step}
        loss = 0.1 * math.exp(-0.1 * time)
        eigenvalue = 0.05 + 1e-4 * time if resting else 0.3 - 0.2 * (step > 0)
        eigenvalue -= shifts.get("eigenvalue-stays", 0.0) * (step > 0) if resting else 0.0
        movement = 0.4 * (step > 0) + 1e-3 * step
        yield row("loss", loss * (1 + shifts.get("loss-along-training", 0.0)), 1e-3 * loss, loss, **at)
        yield row("smallest_eigenvalue", eigenvalue + shifts.get(at_path, 0.0), 1e-4, eigenvalue, **at)
        yield row("movement", movement + shifts.get("movement", 0.0), 1e-4, movement, **at)
        if step:
            late = 1.0 if resting or time < 60 else 20.0
            yield row("over_initial_bound", 0.9 * late + (shifts.get("loss-bound", 0.0) if resting else 0), 1e-3, **at)
            yield row("over_path_bound", 0.9 + shifts.get("loss-bound-along-the-path", 0.0), 1e-3, **at)
            yield row("rate", 1.5 + shifts.get("linear-convergence", 0.0), 0.01, **at)


@pytest.fixture(scope="session")
def table_with() -> Callable[..., pl.DataFrame]:
    def made(shifts: dict[str, float] | None = None) -> pl.DataFrame:
        rows = []
        nothing = {"coordinate": None, "entry": None, "step": None}
        for cell in resolve(EXPERIMENT, EXPERIMENT.grid("quick")):
            fields: dict[str, Any] = dict(cell.fields)
            about = {"cell": cell.id, **fields, **nothing, "count": fields["num_networks"]}
            rows += [{**about, **one} for one in rows_of(fields, shifts or {})]
        return pl.DataFrame(rows, infer_schema_length=None)

    return made
