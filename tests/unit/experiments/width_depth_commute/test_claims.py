"""The claims see what they are about, and tell the smallest wrong numbers."""

import polars as pl
import pytest

from deeplimits.experiments import load
from deeplimits.sweeps import judge_claims

CLAIMS = load("width-depth-commute").claims


def outcomes(table):
    return {judged.claim.name: judged.outcome for judged in judge_claims(CLAIMS, table)}


def test_results_as_claimed_have_the_outcomes_declared(table_with):
    assert outcomes(table_with()) == {claim.name: claim.expected for claim in CLAIMS}


@pytest.mark.parametrize(
    ("shifts", "refuted"),
    [
        ({"mean": 0.025}, {"one-limit", "depth-bias"}),
        ({"bias": 0.2}, {"depth-bias"}),
        ({"error": 0.13}, {"error-law"}),
        ({"error": 0.2}, {"error-law", "error-rates"}),
        ({"variance": -0.13}, {"width-constant", "smooth-activations"}),
        ({"slope": 0.15}, {"diagonal", "error-law", "error-rates", "width-constant", "smooth-activations"}),
        ({"log_variance": 0.15}, {"log-norm-on-the-diagonal"}),
        ({"path": 0.015}, {"correlation-path"}),
        ({"gaussian": 0.045}, {"gaussian"}),
        ({"regression_width": 0.15}, {"regression-width"}),
        ({"regression_depth": -0.15}, {"regression-depth"}),
        ({"missed": 0.04}, {"regression-error"}),
    ],
    ids=lambda given: " ".join(sorted(given)),  # a set has another order in each process
)
def test_a_result_beyond_the_tolerance_refutes_its_claim_and_no_other(table_with, shifts, refuted):
    expected = {claim.name: "deviates" if claim.name in refuted else claim.expected for claim in CLAIMS}
    assert outcomes(table_with(**shifts)) == expected


def test_controls_that_behave_like_the_rest_are_found_out(table_with):
    # Were branches of size 1 to behave as those of size 1/√depth, the declared deviations would not be there.
    same = (
        table_with()
        .filter(pl.col("branch") == "stable")
        .with_columns(pl.lit("fixed").alias("branch"), pl.col("num_networks") * 1)
    )
    found = outcomes(pl.concat([table_with().filter(pl.col("branch") == "stable"), same]))
    assert found["log-norm-without-scaling"] == found["correlation-without-scaling"] == "reproduced"


@pytest.mark.parametrize("width", [64, 1024])
def test_missing_cells_leave_claims_undecided(table_with, width):
    table = table_with()
    gone = (pl.col("measures") == "square") & (pl.col("width") == width)
    named = [name for name in table.columns if name not in _FIELDS]
    holes = table.with_columns(pl.when(gone).then(None).otherwise(pl.col(name)).alias(name) for name in named)
    found = outcomes(holes.unique(maintain_order=True))
    assert found["diagonal"] == found["log-norm-on-the-diagonal"] == "undecided"
    assert found["error-law"] == ("undecided" if width == 64 else "reproduced")


_FIELDS = ("cell", "measures", "width", "depth", "branch", "activation", "data", "num_networks", "seed")
_FIELDS += ("input_correlations",)
