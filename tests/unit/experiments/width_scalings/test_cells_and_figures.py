"""One small cell of each kind, and every figure from it."""

import math
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from deeplimits.experiments import load
from deeplimits.experiments.width_scalings.figures import PANELS, all_figures
from deeplimits.experiments.width_scalings.grid import BASE, DEEP, DEFAULTS, LIMITS, NORMALISED, map_run
from deeplimits.sweeps import Cell
from deeplimits.sweeps.experiment import resolve

EXPERIMENT = load("width-scalings", data="synthetic")
SMALL = {**DEFAULTS, "data": "synthetic", "train_size": 20, "test_size": 20, "seeds": 2, "optimizer": "gd", "seed": 0}


def run(**fields: Any) -> list[dict[str, Any]]:
    cell = Cell({**SMALL, **fields}, "0" * 16, 0)
    return [dict(row) for row in EXPERIMENT.run(cell, cell.key)]


def made_up(kinds: list[tuple[int, str, int, list[str]]], **more: Any) -> pl.DataFrame:
    """Return a table with every measure that a figure shows, growing with the width."""
    rows = []
    measures = ["variance_initial", "variance_output", "variance_input", "variance_mixed", "variance_change"]
    measures += ["test_loss", "input_increment", "output_increment", "kernel_change"]
    measures += ["divergence_start", "divergence"]
    for hidden, optimizer, steps, runs in kinds:
        for width in (128, 256, 512):
            fields = {
                **SMALL,
                "hidden": hidden,
                "optimizer": optimizer,
                "steps": steps,
                "width": width,
                "runs": runs,
                **more,
            }
            about = {"cell": f"{hidden}-{optimizer}-{steps}-{width}", **fields}
            for name in runs:
                end = [(measure, None) for measure in measures]
                for measure, step in [*end, *(("test_loss", step) for step in (0, 10, 50))]:
                    row = {"run": name, "parametrization": name.partition("@")[0], "measure": measure, "step": step}
                    values = {"measured": 0.1 * (width / 128) ** 0.3, "measured_standard_error": 0.01, "count": 3}
                    rows.append({**about, **row, **values, "predicted_exponent": 0.25})
    return pl.DataFrame(rows, infer_schema_length=None)


TABLE = pl.concat(
    [
        made_up(
            [
                (1, "gd", 50, BASE),
                (1, "gd", 250, DEEP),
                (2, "gd", 50, DEEP),
                (3, "gd", 50, DEEP),
                (3, "rmsprop", 50, NORMALISED),
                (1, "gd", 1, [map_run(-1.0, 1.0), map_run(-0.5, 0.0)]),
            ]
        ),
        made_up([(1, "gd", 50, LIMITS)], beside_width=128),
    ]
)


@pytest.mark.parametrize("parts", ["all", "base", "plane"])
def test_every_figure_is_drawn_from_whatever_is_there(draw_every: Callable[..., int], parts: str) -> None:
    chosen = {
        "all": TABLE,
        "base": TABLE.filter(pl.col("cell") == "1-gd-50-256"),
        "plane": TABLE.filter(steps=1),
    }[parts]
    assert draw_every(all_figures(chosen)) > 0
    assert len(all_figures(chosen)) == len(PANELS)
    claims = {claim.name for claim in EXPERIMENT.claims}
    assert set().union(*(figure.claims for figure in all_figures(chosen))) == claims


def test_a_cell_measures_every_run_with_what_theory_says_of_it() -> None:
    rows = run(width=8, hidden=1, steps=3, runs=["mean-field@0.001", "standard@1e+30"])
    by_run = {name: [row for row in rows if row["run"] == name] for name in ("mean-field@0.001", "standard@1e+30")}
    good = {row["measure"]: row for row in by_run["mean-field@0.001"] if row["step"] is None}
    assert good["terms_residual"]["measured"] < 1e-5
    assert good["input_increment"]["predicted_exponent"] == 0.0
    assert good["test_loss"]["count"] == 2 and good["test_loss"]["diverged"] == 0
    assert "synthetic: " in good["test_loss"]["origin"]
    assert [row["step"] for row in by_run["mean-field@0.001"] if row["measure"] == "train_loss"] == [None, 0, 1, 2, 3]
    # A run of which every seed diverges is a result too, without numbers.
    assert {row["diverged"] for row in by_run["standard@1e+30"]} == {2}
    assert {row["measured"] for row in by_run["standard@1e+30"]} == {None}


@pytest.mark.parametrize("scale", ["demo", "quick", "paper"])
def test_every_cell_of_every_scale_can_be_run(scale: str) -> None:
    from deeplimits.experiments.width_scalings.rows import parametrization_of

    cells = resolve(EXPERIMENT, EXPERIMENT.grid(scale))
    assert len(cells) == len(EXPERIMENT.grid(scale))
    for cell in cells:
        fields: dict[str, Any] = dict(cell.fields)
        for name in fields["runs"]:
            parametrization_of(name)
        assert fields["batch"] == 0 or fields["optimizer"] != "gd"


def test_the_law_of_the_logits_is_compared_with_that_of_another_width() -> None:
    rows = run(width=8, hidden=1, steps=3, seeds=6, runs=["mean-field@0.02"], beside_width=128)
    end = {row["measure"]: row for row in rows if row["step"] is None}
    # Mean field takes 128 / 8 times the variance of the initial logits, whose spread is all that there is at the start.
    expected = (16 - 1 - math.log(16)) / 2
    assert end["divergence_start"]["measured"] == pytest.approx(expected, rel=0.6)
    (same,) = (
        row
        for row in run(width=128, hidden=1, steps=1, seeds=6, runs=["ntk@0.02"], beside_width=128)
        if row["measure"] == "divergence"
    )
    assert abs(same["measured"]) < 0.5 < end["divergence"]["measured"]
