"""A quick run's results that follow the claims, or miss them by what a test says."""

from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pytest

from deeplimits.experiments.inherited_regularity.experiment import InheritedRegularity
from deeplimits.limits.residual_regimes import critical_exponent
from deeplimits.sweeps.experiment import resolve

EXPERIMENT = InheritedRegularity()


def row(measure: str, value: float, error: float, **about: Any) -> dict[str, Any]:
    return {"measure": measure, "measured": value, "measured_standard_error": error, **about}


def path_rows(fields: dict[str, Any], shifts: dict[str, float]) -> Iterator[dict[str, Any]]:
    smooth = fields["law"] == "rbf"
    level = 1.0 if smooth else 0.0
    name = "smooth-stays-smooth" if smooth else "rough-stays-rough"
    for stage in ("start", "end", "move"):
        shift = shifts.get(name, 0.0) if stage == "end" else 0.0
        yield row("autocorrelation", level + shift, 1e-3, stage=stage)
        yield row("holder", level + (shifts.get("inherited", 0.0) if stage == "end" else 0.0), 1e-3, stage=stage)
    yield row("movement", 0.08 + shifts.get("moved", 0.0), 1e-3)
    yield row("test_accuracy", 0.93, 0.01)
    for stage in ("start", "end"):
        for layer in range(100):
            value = layer / 100 if smooth else float(layer % 2)
            yield {"stage": stage, "layer": layer, "measure": "entry", "measured": value}


def map_rows(fields: dict[str, Any], shifts: dict[str, float]) -> Iterator[dict[str, Any]]:
    law, exponent = fields["law"], fields["exponent"]
    distance = exponent - critical_exponent(law)
    value = 0.9 if distance > -0.25 else 0.12
    if (law, exponent) == ("fbm:0.9", 0.1):
        value = 0.1 + shifts.get("chance-when-exploding", 0.0)
    elif distance < -0.25:
        value += shifts.get("below-the-line", 0.0)
    elif (law, exponent) == ("fbm:0.5", 0.5):
        value += shifts.get("accurate-on-the-line", 0.0)
    elif (law, exponent) == ("fbm:0.1", 0.9):
        value += shifts.get("above-the-line", 0.0)
    for measure in ("best_accuracy", "chosen_accuracy"):
        yield row(measure, value, 5e-3, rate=1e-2)


@pytest.fixture(scope="session")
def table_with() -> Callable[..., pl.DataFrame]:
    def made(shifts: dict[str, float] | None = None) -> pl.DataFrame:
        rows = []
        for cell in resolve(EXPERIMENT, EXPERIMENT.grid("quick")):
            fields: dict[str, Any] = dict(cell.fields)
            about = {"cell": cell.id, **fields, "count": fields["seeds"], "critical": critical_exponent(fields["law"])}
            found = path_rows if fields["measures"] == "paths" else map_rows
            rows += [{"stage": None, **about, **one} for one in found(fields, shifts or {})]
        return pl.DataFrame(rows, infer_schema_length=None)

    return made
