"""A quick run's results that follow the claims, or miss them by what a test says."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pytest

from deeplimits.experiments import load
from deeplimits.sweeps.experiment import resolve

EXPERIMENT = load("width-depth-commute")


def rows_of(fields: dict[str, Any], shifts: dict[str, float]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a cell: each measure and what else it has."""
    shift = {name: shifts.get(name, 0.0) for name in ("mean", "bias", "error", "variance", "log_variance", "path")}
    width, depth = fields["width"], fields["depth"]
    if fields["measures"] == "square":
        size = 4.0 if fields["branch"] == "fixed" else 4.675 / width * (width / 64) ** shift["log_variance"]
        yield {"measure": "log_variance", "measured": size, "measured_standard_error": 1e-3 * size}
        if fields["branch"] == "fixed":
            return
        end, variance, bias = math.exp(0.5), 12.7 / width, -0.206 / depth
        mean = end + bias * (1 + shift["bias"]) + end * shift["mean"]
        error = variance + bias**2
        about = {"infinite": end, "predicted": end + bias, "measured": mean, "measured_standard_error": 1e-4}
        yield {"measure": "mean", **about}
        for measure, value in (("variance", variance), ("error", error)):
            measured = value * (1 + shift[measure]) * (width / 64) ** shifts.get("slope", 0.0)
            known = {"predicted": value, "asymptotic": value, "constant": 12.7, "infinite": 0.0}
            yield {"measure": measure, "measured": measured, "measured_standard_error": 5e-3 * value, **known}
    elif fields["measures"] == "pair":
        for correlation in fields["input_correlations"]:
            for layer in (0, 20, 50, 100):
                said = correlation + layer * 1e-3
                measured = said + shift["path"] if fields["branch"] == "stable" else 0.98 - 0.001 * (100 - layer)
                about = {"layer": layer, "input_correlation": correlation, "predicted": said}
                yield {"measure": "correlation", "measured": measured, "measured_standard_error": 1e-3, **about}
    elif fields["measures"] == "marginal":
        distance = 0.09 if width == 2 else 0.005 + shifts.get("gaussian", 0.0)
        yield {"measure": "ks", "measured": distance, "floor": 0.0, "predicted": 0.0}
        for low in (-1.0, 0.0):
            about = {"low": low, "high": low + 1, "predicted": 0.3}
            yield {"measure": "density", "measured": 0.3, "measured_standard_error": 0.01, **about}
    else:
        yield from regression_rows(fields, shifts)


def regression_rows(fields: dict[str, Any], shifts: dict[str, float]) -> Iterator[dict[str, Any]]:
    width = fields["width"]
    for depth in (1, 8, 64):
        value = 0.1 * depth ** (-1 + shifts.get("regression_depth", 0.0))
        yield {"measure": "depth_difference", "size": depth, "measured": value, "measured_standard_error": 0.0}
    value = width ** (-0.5 + shifts.get("regression_width", 0.0))
    yield {"measure": "width_difference", "size": width, "measured": value, "measured_standard_error": 0.01 * value}
    missed = {"predicted": 0.1, "measured": 0.1 + shifts.get("missed", 0.0), "measured_standard_error": 1e-3}
    yield {"measure": "error_network", "size": width, **missed}
    if fields["data"] == "circle":
        for low in (0.0, 1.0, 2.0):
            about = {"low": low, "scatter": 0.1, "predicted": 0.5}
            yield {"measure": "curve", "measured": 0.5, "measured_standard_error": 0.01, **about}


@pytest.fixture(scope="session")
def table_with() -> Callable[..., pl.DataFrame]:
    def made(**shifts: float) -> pl.DataFrame:
        rows = []
        for cell in resolve(EXPERIMENT, EXPERIMENT.grid("quick")):
            fields: dict[str, Any] = dict(cell.fields)
            about = {"cell": cell.id, **fields, "count": fields["num_networks"]}
            rows += [{**about, **row} for row in rows_of(fields, shifts)]
        table = pl.DataFrame(rows, infer_schema_length=None)
        missing = [name for name in EXPERIMENT.columns if name not in table.columns]
        return table.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in missing)

    return made
