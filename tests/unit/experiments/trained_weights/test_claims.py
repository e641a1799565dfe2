"""The claims see what they are about, and tell numbers beyond their tolerance."""

import math

import polars as pl
import pytest

from deeplimits.experiments.trained_weights.claims import CLAIMS
from deeplimits.experiments.trained_weights.distances import denoised
from deeplimits.sweeps import judge_claims

MEASURED = ("measure", "statistic", "network", "layer", "count", "measured", "measured_standard_error")
# What no cell of a quick run tests: images.
UNTESTED = {"mnist-tanh-product", "mnist-relu-product"}


def outcomes(table):
    return {judged.claim.name: judged.outcome for judged in judge_claims(CLAIMS, table)}


def declared():
    return {claim.name: "not tested" if claim.name in UNTESTED else claim.expected for claim in CLAIMS}


def test_results_as_claimed_have_the_outcomes_declared(table_with):
    assert outcomes(table_with()) == declared()


@pytest.mark.parametrize(
    ("name", "shift", "beside"),
    [
        ("tanh-weights", 0.17, {}),
        ("tanh-weights", -0.17, {}),
        ("tanh-scale", 0.27, {}),
        ("tanh-product", 0.22, {}),
        ("tanh-increments", 0.77, {}),
        ("relu-product", -0.17, {}),
        ("relu-increments", -0.27, {}),
        ("relu-root-sum-of-squares", 0.22, {}),
        ("slow-tanh-product", 0.22, {}),
        ("slow-relu-product", 0.17, {}),
        ("tanh-is-an-ode", 0.3, {}),
        ("tanh-is-a-linear-ode", 0.8, {}),
        ("relu-is-no-ode", -0.3, {}),
        ("tanh-trend-suffices", 0.43, {}),
        ("relu-trend-does-not", -1.2, {}),
        ("tanh-loss", 0.01, {}),
        ("relu-loss", 0.01, {}),
    ],
)
def test_a_result_beyond_the_tolerance_refutes_its_claim_and_no_other(table_with, name, shift, beside):
    found, expected = outcomes(table_with({name: shift})), declared()
    assert found[name] == "deviates"
    assert {other for other in found if found[other] != expected[other]} == {name, *beside}


def test_the_control_would_be_reproduced_by_an_ode(table_with):
    assert outcomes(table_with({"relu-is-no-ode": -1.0}))["relu-is-an-ode"] == "reproduced"


def test_missing_cells_leave_claims_undecided(table_with):
    table = table_with()
    gone = (pl.col("depth") == 95) & (pl.col("run") == "tanh-shared")
    holes = table.with_columns(pl.when(gone).then(None).otherwise(pl.col(name)).alias(name) for name in MEASURED)
    found = outcomes(holes.unique(maintain_order=True, subset=["cell", *MEASURED]))
    for name in ("tanh-weights", "tanh-product", "tanh-is-an-ode", "tanh-trend-suffices", "tanh-loss"):
        assert found[name] == "undecided"
    assert found["relu-product"] == "reproduced"


def test_networks_that_diverged_are_no_networks_of_zero_loss(table_with):
    table = table_with()
    lost = (pl.col("measure") == "train_loss") & (pl.col("network") == 0) & (pl.col("depth") == 95)
    holes = table.with_columns(measured=pl.when(lost).then(None).otherwise(pl.col("measured")))
    assert outcomes(holes)["relu-loss"] == "undecided"


def test_one_network_left_to_compare_leaves_claims_of_paths_undecided(table_with):
    lost = (pl.col("measure") == "path_error") & (pl.col("depth") == 95)
    lonely = table_with().with_columns(
        measured_standard_error=pl.when(lost).then(None).otherwise(pl.col("measured_standard_error"))
    )
    assert outcomes(lonely)["tanh-is-an-ode"] == "undecided"


def test_three_depths_have_no_exponent(table_with):
    few = table_with().filter((pl.col("measures") == "denoising") | pl.col("depth").is_in([10, 46, 95]))
    assert {outcomes(few)[name] for name in ("tanh-product", "tanh-increments")} == {"undecided"}


def test_networks_that_lose_far_more_than_twice_as_much_are_told_from_those_that_lose_twice():
    rows = [
        {"measures": "denoising", "run": "relu-per-layer", "data": "ode", "learning_rate": 0.01, "depth": 95}
        | {"layer": 95, "measure": "log_denoised_ratio", "measured": ratio}
        for ratio in (2.6, 3.4, 2.2, 4.1, 3.0, 2.0, 3.9, 2.7)
    ]
    (distance,) = denoised("relu-per-layer", math.log(4), pl.DataFrame(rows), at_least=True)
    assert distance.interval(3e-4).high < math.log(2)
