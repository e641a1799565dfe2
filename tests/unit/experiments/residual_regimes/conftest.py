"""A quick run's results that follow the claims, or miss them by what a test says."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pytest

from deeplimits.experiments.residual_regimes.experiment import ResidualRegimes
from deeplimits.experiments.residual_regimes.recorded import LOG_DISPLACEMENT, UNIT_DISPLACEMENT
from deeplimits.experiments.residual_regimes.rows import SIDES
from deeplimits.sweeps.experiment import resolve

EXPERIMENT = ResidualRegimes()
PREDICTED = {"log_mean": 0.245, "log_deviation": 0.0707, "mean": 1.2808, "deviation": 0.0907}


def mean_displacement(law: str, depth: int, exponent: float, shifts: dict[str, float]) -> float:
    if law == "rbf":
        rate = {2.0: -1.0, 1.0: 0.0, 0.5: 5.0}[exponent]
        level = {2.0: 0.2 + shifts.get("smooth-identity", 0.0), 1.0: 0.2 + shifts.get("smooth-non-trivial", 0.0)}
        return level[exponent] * depth**rate if exponent in level else 1200 * (depth / 450) ** rate
    level = {1.0: 0.0224 + shifts.get("identity", 0.0), 0.5: 0.80 + shifts.get("non-trivial", 0.0), 0.25: 2200.0}
    rate = {1.0: -0.5 + shifts.get("identity-rate", 0.0), 0.5: shifts.get("non-trivial-rate", 0.0), 0.25: 1.3}
    return level[exponent] * (depth / 1000) ** rate[exponent]


def map_value(hurst: float, depth: int, exponent: float, side: int, shifts: dict[str, float]) -> float:
    """Return recorded values where there are some at the largest depth, and lines that cross where they should."""
    border = UNIT_DISPLACEMENT[hurst][0] + shifts.get("unit-displacement", 0.0)
    critical = max(0.5, hurst) + shifts.get("critical-line", 0.0)
    if depth == 1000 and (hurst, exponent) in LOG_DISPLACEMENT:
        shift = shifts.get("map-of-explosions" if exponent == 0.25 else "map", 0.0)
        return LOG_DISPLACEMENT[hurst, exponent][side] + shift
    here = 3 * (border - exponent)
    return here if depth == 1000 else here - (critical - exponent)


def rows_of(fields: dict[str, Any], shifts: dict[str, float]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a cell."""
    depth, law = fields["depth"], fields["law"]
    for i, side in enumerate(SIDES):
        for exponent in fields["exponents"]:
            for row in rows_at(fields, law, depth, exponent, i, shifts):
                yield {"side": side, "exponent": exponent, **row}


def rows_at(
    fields: dict[str, Any], law: str, depth: int, exponent: float, side: int, shifts: dict[str, float]
) -> Iterator[dict[str, Any]]:
    if fields["measures"] == "depth":
        mean = mean_displacement(law, depth, exponent, shifts)
        yield row("displacement", mean, 2e-3 * mean)
        yield row("square", mean**2, 4e-3 * mean**2, mean**2 if law == "iid" else None)
        yield row("log10", math.log10(mean), 1e-3)
        name = "smooth-explosion" if law == "rbf" else "explosion"
        yield row("median_log10", math.log10(mean) + shifts.get(name, 0.0), 1e-2)
    elif fields["measures"] == "square":
        excess = 1.09 if fields["block"] == "one-matrix" else 1 + shifts.get("exact-moment", 0.0)
        yield row("square", 0.6467 * excess, 2e-3, 0.6467)
    elif fields["measures"] == "histogram":
        for name, said in PREDICTED.items():
            yield row(name, said + shifts.get(f"log-normal-{name.replace('_', '-')}", 0.0), 1e-4, said)
        for low in (1.1, 1.2, 1.3):
            yield {**row("density", 3.0, 0.2, 3.1), "low": low, "high": low + 0.1}
    else:
        hurst = float(law.removeprefix("fbm:"))
        yield row("log10", map_value(hurst, depth, exponent, side, shifts), 5e-3)


def row(measure: str, value: float, error: float, predicted: float | None = None) -> dict[str, Any]:
    return {"measure": measure, "measured": value, "measured_standard_error": error, "predicted": predicted}


@pytest.fixture(scope="session")
def table_with() -> Callable[..., pl.DataFrame]:
    def made(shifts: dict[str, float] | None = None) -> pl.DataFrame:
        rows = []
        for cell in resolve(EXPERIMENT, EXPERIMENT.grid("quick")):
            fields: dict[str, Any] = dict(cell.fields)
            about = {"cell": cell.id, **fields, "count": fields["num_networks"]}
            rows += [{**about, **one} for one in rows_of(fields, shifts or {})]
        return pl.DataFrame(rows, infer_schema_length=None)

    return made
