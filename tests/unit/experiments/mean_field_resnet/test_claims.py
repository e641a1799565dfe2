"""The claims see what they are about, and tell the smallest wrong numbers."""

import polars as pl
import pytest

from deeplimits.experiments.mean_field_resnet.claims import CLAIMS
from deeplimits.sweeps import judge_claims

MEASURED = (
    "measure",
    "coordinate",
    "entry",
    "step",
    "count",
    "measured",
    "measured_standard_error",
    "predicted",
    "limit",
)
EXPECTED = {claim.name: claim.expected for claim in CLAIMS}


def outcomes(table):
    return {judged.claim.name: judged.outcome for judged in judge_claims(CLAIMS, table)}


def test_results_as_claimed_have_the_outcomes_declared(table_with):
    assert outcomes(table_with()) == EXPECTED


@pytest.mark.parametrize(
    ("name", "shift"),
    [
        ("bias", 0.05),
        ("variance", 0.08),
        ("variance-by-depth", -0.14),
        ("variance-by-particles", 0.06),
        ("shared-variance", -0.09),
        ("kernel", 0.022),
        ("kernel-at-infinite-depth", 0.07),
        ("kernel-rate", 0.06),
        ("eigenvalue-along-training", 0.005),
        ("eigenvalue-along-training-of-turning-particles", -0.017),
        ("loss-along-training", 0.22),
        ("movement", 0.023),
        ("eigenvalue-stays", 0.004),
        ("loss-bound", 0.13),
        ("loss-bound-along-the-path", 0.13),
        ("linear-convergence", -0.62),
    ],
)
def test_a_result_beyond_the_tolerance_refutes_its_claim_and_no_other(table_with, name, shift):
    found = outcomes(table_with({name: shift}))
    assert found[name] == "deviates"
    assert {other for other in found if found[other] != EXPECTED[other]} == {name}


def test_missing_cells_leave_claims_undecided(table_with):
    table = table_with()
    gone = pl.col("depth") == 32
    holes = table.with_columns(pl.when(gone).then(None).otherwise(pl.col(name)).alias(name) for name in MEASURED)
    found = outcomes(holes.unique(maintain_order=True, subset=["cell", *MEASURED]))
    names = ("kernel", "kernel-rate", "movement", "eigenvalue-stays", "loss-bound", "loss-bound-along-the-path", "lazy")
    for name in names:
        assert found[name] == "undecided"
    assert found["variance"] == "reproduced"
