"""The claims see what they are about, and tell the smallest wrong numbers."""

import polars as pl
import pytest

from deeplimits.experiments.inherited_regularity.claims import CLAIMS
from deeplimits.sweeps import judge_claims

MEASURED = ("measure", "stage", "layer", "rate", "count", "measured", "measured_standard_error", "critical")


def outcomes(table):
    return {judged.claim.name: judged.outcome for judged in judge_claims(CLAIMS, table)}


def test_results_as_claimed_have_the_outcomes_declared(table_with):
    assert outcomes(table_with()) == {claim.name: claim.expected for claim in CLAIMS}


@pytest.mark.parametrize(
    ("name", "shift", "beside"),
    [
        ("rough-stays-rough", 0.35, set()),
        ("smooth-stays-smooth", -0.07, set()),
        ("inherited", 0.12, set()),
        ("moved", -0.07, set()),
        ("chance-when-exploding", 0.08, set()),
        ("accurate-on-the-line", -0.16, {"above-the-line"}),
        ("above-the-line", -0.16, set()),
        ("below-the-line", 0.45, set()),
    ],
)
def test_a_result_beyond_the_tolerance_refutes_its_claim_and_no_other(table_with, name, shift, beside):
    expected = {claim.name: claim.expected for claim in CLAIMS}
    found = outcomes(table_with({name: shift}))
    assert found[name] == "deviates"
    assert {other for other in found if found[other] != expected[other]} == {name} | beside


def test_what_is_better_than_claimed_is_no_deviation(table_with):
    found = outcomes(table_with({"moved": 1.0, "above-the-line": 0.09, "below-the-line": -0.1}))
    assert found == {claim.name: claim.expected for claim in CLAIMS}


def test_controls_would_be_refuted_by_weights_that_become_smooth_and_accuracies_without_an_effect(table_with):
    assert outcomes(table_with({"rough-stays-rough": 1.0}))["training-smooths"] == "reproduced"
    assert outcomes(table_with({"chance-when-exploding": 0.8}))["exponent-without-effect"] == "reproduced"


def test_missing_cells_leave_claims_undecided(table_with):
    table = table_with()
    gone = (pl.col("law") == "iid") | ((pl.col("law") == "fbm:0.9") & (pl.col("exponent") == 0.1))
    holes = table.with_columns(pl.when(gone).then(None).otherwise(pl.col(name)).alias(name) for name in MEASURED)
    found = outcomes(holes.unique(maintain_order=True, subset=["cell", *MEASURED]))
    undecided = {name for name, outcome in found.items() if outcome == "undecided"}
    assert undecided == {
        "rough-stays-rough",
        "inherited",
        "moved",
        "training-smooths",
        "chance-when-exploding",
        "below-the-line",
        "exponent-without-effect",
    }


def test_other_data_and_short_trainings_have_no_thresholds_of_accuracy(table_with):
    for change in (pl.lit("cifar10").alias("data"), pl.lit(500).alias("train_size")):
        found = outcomes(table_with().with_columns(change))
        for name in ("accurate-on-the-line", "above-the-line", "below-the-line"):
            assert found[name] == "not tested"
