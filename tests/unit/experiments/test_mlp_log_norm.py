"""The claims see the cells that they are about, and what they say is the theorem."""

import polars as pl
import pytest

from deeplimits.experiments import load, sweep
from deeplimits.experiments.mlp_log_norm import NARROW, WIDE
from deeplimits.sweeps import Grid, Inline, judge_claims, run_sweep


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    return sweep(load("mlp-log-norm"), scale="demo", executor="inline", quiet=True)


def test_the_demo_has_its_columns(table: pl.DataFrame) -> None:
    assert table["width"].to_list() == [NARROW, 64]
    assert table.null_count().sum_horizontal().item() == 0
    assert (table["ks_exact"] < table["ks_limit"] + 0.05).all()
    # The exact law's moments differ from the limit's by O(1/width): 28.5 % and 5.2 % of the variance.
    assert table["exact_variance"].to_list() == pytest.approx([6.427038, 5.260576], abs=1e-6)


def synthetic(shift: float, scale: float) -> pl.DataFrame:
    """Return results of a quick run whose means and variances are those of the theorem, shifted and scaled."""
    rows = []
    for width, depth in ((NARROW, NARROW), (WIDE, WIDE), (WIDE, 64)):
        ratio = depth / width
        rows.append(
            {
                "cell": f"{width}-{depth}",
                "width": width,
                "depth": depth,
                "count": 10**8,
                "mean": -2.5 * ratio + shift * (5 * ratio) ** 0.5,
                "mean_standard_error": 1e-4,
                "variance": 5 * ratio * scale,
                "variance_standard_error": 1e-3,
                "ks_limit": 0.01,
                "ks_limit_floor": 0.0,
                "ks_exact": 0.01,
                "ks_exact_floor": 0.0,
            }
        )
    return pl.DataFrame(rows)


@pytest.mark.parametrize(
    ("shift", "scale", "outcomes"),
    [
        (0.0, 1.0, ["reproduced"] * 5),
        (0.02, 1.04, ["reproduced"] * 5),
        (0.04, 1.0, ["deviates", *["reproduced"] * 4]),
        (0.0, 1.06, ["reproduced", "deviates", "reproduced", "reproduced", "deviates"]),
    ],
)
def test_tolerances_are_those_declared(shift: float, scale: float, outcomes: list[str]) -> None:
    judged = judge_claims(load("mlp-log-norm").claims, synthetic(shift, scale))
    assert [judgement.outcome for judgement in judged] == outcomes


def test_the_narrow_claim_must_deviate_already_in_a_small_run(tmp_path) -> None:  # type: ignore[no-untyped-def]
    experiment = load("mlp-log-norm")
    grid = Grid.cells([{"width": NARROW, "depth": NARROW, "num_networks": 3000}])
    result = run_sweep(experiment, grid, out=tmp_path / "run", executor=Inline())
    (narrow,) = [judged for judged in result.judgements if judged.claim.expected == "deviates"]
    assert (narrow.outcome, narrow.as_expected) == ("deviates", True)
    assert narrow.distance is not None
    assert narrow.distance.low < 6.427 / 5 - 1 < narrow.distance.high
