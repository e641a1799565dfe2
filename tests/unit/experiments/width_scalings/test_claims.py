"""The claims see the exponents that they are about, and tell the smallest wrong ones."""

from typing import Any

import polars as pl
import pytest

from deeplimits.experiments import load
from deeplimits.experiments.width_scalings.grid import MAP, RATE_EXPONENTS, WEIGHT_EXPONENTS, map_run
from deeplimits.experiments.width_scalings.rows import parametrization_of, predicted
from deeplimits.limits.width_scalings import width_scaling_at
from deeplimits.sweeps import judge_claims
from deeplimits.sweeps.experiment import resolve

EXPERIMENT = load("width-scalings")
OF_RUNS = {"mean-field": 0.0, "intermediate:0.75": -0.5, "ntk": -1.0}  # of the mixed term and the kernel


def exponents(fields: dict[str, Any], run: str) -> dict[str, float]:
    """Return the exponents that the claims state, for every measure of a run."""
    mode = run.partition("@")[0]
    if fields["steps"] == 1:
        weight, rate = (float(part) for part in mode.removeprefix("exponents:").split(","))
        change = 2 * weight + rate + 1 if weight + rate <= 0 else 0.0
        return {"variance_change": 2 * change}
    if fields["hidden"] == 3:
        return {"variance_change": -3.0 if (fields["optimizer"], mode) == ("gd", "mean-field") else 0.0}
    moved = OF_RUNS.get(mode, 0.0)
    return {
        "input_increment": moved / 2,
        "output_increment": -1.0 if mode != "standard" else 0.0,
        "variance_mixed": 2 * moved,
        "variance_input": 0.0,
        "kernel_change": moved,
        "test_loss": 0.0,
    }


def synthetic(shifts: dict[str, float], seeds: int = 50, kept: float = 0.1) -> pl.DataFrame:
    """Return a quick run's results that follow the claims, some exponents shifted."""
    rows = []
    for cell in resolve(EXPERIMENT, EXPERIMENT.grid("quick")):
        fields: dict[str, Any] = dict(cell.fields)
        for run in fields["runs"]:
            if fields["beside_width"]:
                value = kept if run.startswith("init-corrected") else 0.5
                result = {"run": run, "measure": "divergence", "step": None, "count": seeds, "measured": value}
                rows.append({"cell": cell.id, **fields, **result, "measured_standard_error": 1e-3})
                continue
            for measure, exponent in exponents(fields, run).items():
                factor = 2 if measure.startswith("variance_") else 1
                value = (fields["width"] / 128) ** (exponent + factor * shifts.get(measure, 0.0))
                result = {"run": run, "measure": measure, "step": None, "count": seeds, "measured": value}
                rows.append({"cell": cell.id, **fields, **result, "measured_standard_error": 1e-3 * value})
    return pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"step": pl.Int64})


def outcomes(table: pl.DataFrame) -> dict[str, str]:
    return {judged.claim.name: judged.outcome for judged in judge_claims(EXPERIMENT.claims, table)}


def test_results_that_follow_the_theory_reproduce_every_claim_but_those_declared() -> None:
    assert outcomes(synthetic({})) == {claim.name: claim.expected for claim in EXPERIMENT.claims}


@pytest.mark.parametrize(
    ("measure", "shift", "claims"),
    [
        ("input_increment", 0.11, {"features"}),
        ("input_increment", 0.09, set()),
        ("output_increment", -0.16, {"readout"}),
        ("variance_mixed", 0.16, {"mixed-term"}),
        ("variance_input", -0.11, {"input-term"}),
        ("kernel_change", 0.16, {"kernel"}),
        ("test_loss", 0.06, {"flat-loss"}),
        ("variance_change", 0.3, {"deep-rmsprop", "first-step"}),
        ("variance_change", -0.3, {"deep-rmsprop", "first-step"}),  # faster than n^-1 is trivial too
    ],
)
def test_tolerances_are_those_declared(measure: str, shift: float, claims: set[str]) -> None:
    expected = {claim.name: claim.expected for claim in EXPERIMENT.claims} | dict.fromkeys(claims, "deviates")
    assert outcomes(synthetic({measure: shift})) == expected


def test_a_width_that_is_missing_leaves_its_claims_undecided() -> None:
    table = synthetic({})
    results = ("run", "measure", "count", "measured", "measured_standard_error")
    gone = (pl.col("width") == 2048) & (pl.col("steps") == 50)
    emptied = table.with_columns(pl.when(gone).then(None).otherwise(pl.col(name)).alias(name) for name in results)
    found = outcomes(emptied.unique(maintain_order=True))
    assert found["features"] == "undecided"
    assert found["deep-rmsprop"] == found["first-step"] == "reproduced"


def test_the_first_steps_claimed_are_those_of_the_theory() -> None:
    for weight in WEIGHT_EXPONENTS:
        for rate in RATE_EXPONENTS:
            said = width_scaling_at(weight, rate).first_step.logits
            assert said == pytest.approx(max(2 * weight + rate + 1, 3 * weight + 2 * rate + 1))


def test_a_run_is_written_and_read_alike() -> None:
    assert len(set(MAP)) == len(WEIGHT_EXPONENTS) * len(RATE_EXPONENTS)
    scaling, rate = parametrization_of(map_run(-0.75, 0.5))
    between, _ = parametrization_of("intermediate:0.75@0.02")
    assert (scaling.width, rate, scaling.reference_width) == (between.width, 0.02, 128)
    said = predicted(between, {"hidden": 1, "optimizer": "gd", "steps": 50})
    assert (said["input_increment"], said["output_increment"], said["variance_mixed"]) == (-0.25, -1.0, -1.0)
    assert said["kernel_change"] == -0.5


def test_data_are_part_of_every_cell_and_wrong_ones_are_refused() -> None:
    digits = load("width-scalings", data="digits")
    ids = [{cell.id for cell in resolve(one, one.grid("demo"))} for one in (EXPERIMENT, digits)]
    assert not ids[0] & ids[1]
    with pytest.raises(ValueError, match="give data_dir"):
        load("width-scalings", data="cifar2")
    with pytest.raises(ValueError, match="did you mean 'digits'"):
        load("width-scalings", data="digit")
    with pytest.raises(ValueError, match="log-gaussian has no setting 'data'"):
        load("log-gaussian", data="digits")


def test_initial_logits_that_are_not_kept_are_seen() -> None:
    assert outcomes(synthetic({}, kept=0.56))["kept-logits"] == "deviates"
