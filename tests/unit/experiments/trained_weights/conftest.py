"""A quick run's results that follow the claims, or miss them by what a test says."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import polars as pl
import pytest

from deeplimits.experiments.trained_weights.experiment import TrainedWeights
from deeplimits.experiments.trained_weights.grid import RELU, SLOW, TANH
from deeplimits.sweeps.experiment import resolve
from deeplimits.weights import LayerWeights
from deeplimits.weights.scaling.kept_statistics import log_statistics

EXPERIMENT = TrainedWeights()
# Claim → (run, statistic, exponent): those of other statistics are 0.
EXPONENTS = {
    "tanh-weights": (TANH, "weight.max_norm", -0.25),
    "tanh-scale": (TANH, "scale.max_norm", -0.75),
    "tanh-product": (TANH, "max_norm", -1.0),
    "tanh-increments": (TANH, "scaled_max_increment", -1.0),
    "relu-product": (RELU, "max_norm", -0.5),
    "relu-increments": (RELU, "scaled_max_increment", 0.0),
    "relu-root-sum-of-squares": (RELU, "root_sum_of_squares", 0.0),
}
NAMES = list(log_statistics(LayerWeights(np.ones((40, 2, 2)), scale=1.0, bias=np.ones((40, 2)))))
Shifts = dict[str, float]


def rows_of(fields: dict[str, Any], shifts: Shifts) -> Iterator[dict[str, Any]]:
    run, depth = fields["run"], fields["depth"]
    tanh = run == TANH
    for network in range(fields["seeds"]):
        about = {"network": network, "count": 1, "statistic": None, "layer": None, "measured_standard_error": None}
        wiggle = 1e-3 * (-1) ** network
        if fields["measures"] == "denoising":
            ratio = shifts.get("tanh-trend-suffices", 0.0) if tanh else 1.8 + shifts.get("relu-trend-does-not", 0.0)
            for layer in fields["depths"]:
                yield {**about, "measure": "log_denoised_ratio", "layer": layer, "measured": ratio + wiggle}
            continue
        loss = 0.001 + shifts.get("tanh-loss" if tanh else "relu-loss", 0.0)
        yield {**about, "measure": "train_loss", "measured": loss + 1e-3 * wiggle}
        slow = "slow-" if fields["learning_rate"] == SLOW else ""
        for name in NAMES:
            slope = sum(
                exponent + shifts.get(slow + claim, 0.0)
                for claim, (of, statistic, exponent) in EXPONENTS.items()
                if (of, statistic) == (run, name)
            )
            value = slope * math.log(depth) + wiggle
            yield {**about, "measure": "log_statistic", "statistic": name, "measured": value}
    if fields["measures"] == "scaling" and fields["compares"]:
        yield from compared(run, depth, shifts)


def compared(run: str, depth: int, shifts: Shifts) -> Iterator[dict[str, Any]]:
    about = {"network": None, "count": 6, "layer": None}
    trend = -1.0 + shifts.get("tanh-is-an-ode", 0.0) if run == TANH else shifts.get("relu-is-no-ode", 0.0)
    slopes = {"trend": trend, "linear": -1.0 + shifts.get("tanh-is-a-linear-ode", 0.0)}
    for equation in ("trend", "linear") if run == TANH else ("trend",):
        error = 0.3 * depth ** slopes[equation]
        row = {"measure": "path_error", "statistic": equation, "measured": error}
        yield {**about, **row, "measured_standard_error": 0.01 * error}
    for name in ("network", "trend", "denoised", "sde"):
        yield {**about, "measure": "loss", "statistic": name, "measured": 0.001, "measured_standard_error": 1e-5}
    for layer in range(depth):
        for statistic in ("product", "scale"):
            row = {"measure": "entry", "statistic": statistic, "measured": math.sin(layer), "layer": layer}
            yield {**about, **row, "count": 1, "measured_standard_error": None}


@pytest.fixture(scope="session")
def table_with() -> Callable[..., pl.DataFrame]:
    def made(shifts: Shifts | None = None) -> pl.DataFrame:
        rows = []
        for cell in resolve(EXPERIMENT, EXPERIMENT.grid("quick")):
            fields: dict[str, Any] = dict(cell.fields)
            rows += [{"cell": cell.id, **fields, **one} for one in rows_of(fields, shifts or {})]
        return pl.DataFrame(rows, infer_schema_length=None)

    return made
