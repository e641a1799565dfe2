"""The claims see what they are about, and tell wrong numbers."""

from collections.abc import Callable

import polars as pl
import pytest

from deeplimits.experiments import load
from deeplimits.experiments.trained_convolutions.claims import CLAIMS
from deeplimits.sweeps import judge_claims

Tables = Callable[..., pl.DataFrame]
MEASURED = ("measure", "part", "index", "network", "measured", "stopped", "origin")
STAND_IN = {"stand-in-learned", "stand-in-sparse", "stand-in-initial"}
BOTH = {"ordinary-differential-equation"}


def outcomes(table: pl.DataFrame) -> dict[str, str]:
    return {judged.claim.name: judged.outcome for judged in judge_claims(CLAIMS, table)}


@pytest.mark.parametrize("data", ["cifar10", "digits"])
def test_results_as_claimed_have_the_outcomes_declared(table_with: Tables, data: str) -> None:
    tested = {claim.name for claim in CLAIMS} - STAND_IN if data == "cifar10" else STAND_IN | BOTH
    expected = {claim.name: claim.expected if claim.name in tested else "not tested" for claim in CLAIMS}
    assert outcomes(table_with(data)) == expected


@pytest.mark.parametrize(
    ("data", "name", "shift", "beside"),
    [
        # The increments are made up as a share of the largest norm, so that they stay apart.
        ("cifar10", "largest-first", 0.15, set()),
        ("cifar10", "largest-second", -0.15, set()),
        ("cifar10", "sum-of-squares", 0.13, {"size-first", "size-second"}),
        ("cifar10", "increments", -0.15, set()),
        ("cifar10", "median", 0.35, {"size-first", "sum-of-squares"}),
        ("cifar10", "size-first", 0.13, set()),
        ("cifar10", "size-second", -0.13, set()),
        ("cifar10", "learned", 0.6, set()),
        ("digits", "stand-in-learned", 0.12, set()),
        ("digits", "stand-in-sparse", 0.45, set()),
    ],
)
def test_a_result_beyond_the_tolerance_refutes_its_claim_and_no_other(
    table_with: Tables, data: str, name: str, shift: float, beside: set[str]
) -> None:
    normal, found = outcomes(table_with(data)), outcomes(table_with(data, {name: shift}))
    assert found[name] == "deviates"
    assert {other for other in found if found[other] != normal[other]} - beside == {name}


def test_what_is_far_below_a_bound_needs_no_small_interval(table_with: Tables) -> None:
    # The median falls fast, and by how much differs between networks: by far more than the tolerance, and below all.
    table = table_with("digits", {"stand-in-sparse": -1.5})
    largest = (pl.col("measure") == "norm") & (pl.col("index") == 0)
    wobbling = pl.when(largest).then(pl.col("measured") * (1 + 2 * pl.col("network"))).otherwise(pl.col("measured"))
    (judged,) = (
        one for one in judge_claims(CLAIMS, table.with_columns(wobbling)) if one.claim.name == "stand-in-sparse"
    )
    assert judged.outcome == "reproduced"


def test_depth_18_is_left_out_of_claims_as_of_the_figures(table_with: Tables) -> None:
    table = table_with("cifar10")
    wrong = table.with_columns(
        pl.when(pl.col("depth") == 18).then(99.0).otherwise(pl.col("measured")).alias("measured")
    )
    assert outcomes(wrong) == outcomes(table)


@pytest.mark.parametrize("data", ["cifar10", "digits"])
def test_missing_cells_and_depths_at_which_all_diverged_leave_claims_undecided(table_with: Tables, data: str) -> None:
    table, depth = table_with(data), {"cifar10": 121, "digits": 30}[data]
    gone = pl.col("depth") == depth
    holes = table.with_columns(pl.when(gone).then(None).otherwise(pl.col(name)).alias(name) for name in MEASURED)
    missing = outcomes(holes.unique(maintain_order=True, subset=["cell", *MEASURED]))
    assert set(missing.values()) == {"undecided", "not tested"}
    diverged = table.filter(~gone | pl.col("part").is_null()).with_columns(
        pl.when(gone).then(None).otherwise(pl.col("measured")).alias("measured")
    )
    expected = {"undecided", "not tested"} if data == "cifar10" else {"undecided", "not tested", "deviates"}
    found = outcomes(diverged)
    learned = found.pop("learned")  # on average over the depths: one that diverges is not half of them
    assert learned == ("reproduced" if data == "cifar10" else "not tested")
    assert set(found.values()) == expected
    assert data == "cifar10" or found["stand-in-learned"] == "deviates"


def test_settings_are_those_of_the_data() -> None:
    assert load("trained-convolutions").data == "digits"  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match=r"give data_dir \(--data-dir\)"):
        load("trained-convolutions", data="cifar10")
    with pytest.raises(ValueError, match="mnist needs no folder"):
        load("trained-convolutions", data="mnist", data_dir="x")
    with pytest.raises(ValueError, match="did you mean 'digits'"):
        load("trained-convolutions", data="digit")
