"""The claims see what they are about, and tell the smallest wrong numbers."""

import polars as pl
import pytest

from deeplimits.experiments.residual_regimes.claims import CLAIMS
from deeplimits.experiments.residual_regimes.crossings import crossing
from deeplimits.sweeps import judge_claims

MEASURED = ("measure", "side", "exponent", "low", "high", "count", "measured", "measured_standard_error", "predicted")


def outcomes(table):
    return {judged.claim.name: judged.outcome for judged in judge_claims(CLAIMS, table)}


def test_results_as_claimed_have_the_outcomes_declared(table_with):
    assert outcomes(table_with()) == {claim.name: claim.expected for claim in CLAIMS}


@pytest.mark.parametrize(
    ("name", "shift"),
    [
        ("exact-moment", 0.045),
        ("identity", 0.002),
        ("identity-rate", 0.045),
        ("non-trivial", -0.06),
        ("non-trivial-rate", 0.045),
        ("explosion", 0.35),
        ("log-normal-mean", 0.010),
        ("log-normal-deviation", -0.008),
        ("log-normal-log-mean", 0.008),
        ("log-normal-log-deviation", 0.006),
        ("smooth-non-trivial", 0.04),
        ("smooth-identity", 0.04),
        ("smooth-explosion", -0.75),
        ("map", 0.3),
        ("map-of-explosions", -0.3),
        ("critical-line", 0.13),
    ],
)
def test_a_result_beyond_the_tolerance_refutes_its_claim_and_no_other(table_with, name, shift):
    beside = {"map": {"unit-displacement", "critical-line"}}.get(name, set())
    expected = {claim.name: claim.expected for claim in CLAIMS}
    found = outcomes(table_with({name: shift}))
    assert found[name] == "deviates"
    assert {other for other in found if found[other] != expected[other]} - beside == {name}


def test_a_displacement_of_one_elsewhere_is_seen(table_with):
    found = outcomes(table_with({"unit-displacement": 0.12}))
    assert found["unit-displacement"] == "deviates"


def test_missing_cells_leave_claims_undecided(table_with):
    table = table_with()
    gone = pl.col("depth") == 1000
    holes = table.with_columns(pl.when(gone).then(None).otherwise(pl.col(name)).alias(name) for name in MEASURED)
    found = outcomes(holes.unique(maintain_order=True, subset=["cell", *MEASURED]))
    for name in ("identity", "identity-rate", "non-trivial", "smooth-identity", "map", "critical-line"):
        assert found[name] == "undecided"
    assert found["exact-moment"] == "reproduced"
    assert found["explosion-rate"] == "undecided"


def test_a_crossing_is_where_a_line_is_zero():
    exponents = [0.2, 0.3, 0.4, 0.5]
    found = crossing(exponents, [0.5 - 2 * beta for beta in exponents], [0.02] * 4, 7)
    assert found is not None
    assert found.value == pytest.approx(0.25)
    assert found.standard_error == pytest.approx(0.01)
    assert crossing(exponents, [1.0, 0.8, 0.6, 0.4], [0.02] * 4, 7) is None
    assert crossing(exponents, [-1.0, -2.0, -3.0, -4.0], [0.02] * 4, 7) is None
