import math

import polars as pl
import pytest

from deeplimits.sweeps import Claim, LawDistance, MomentDistance, judge_claims, law_distances, moment_distances

TABLE = pl.DataFrame(
    {
        "cell": ["a", "b", "c"],
        "width": [10, 100, 1000],
        "mean": [1.30, 1.01, None],
        "mean_standard_error": [0.01, 0.001, None],
        "ks": [0.2, 0.001, None],
        "floor": [0.0, 0.0, None],
        "count": [10_000, 1_000_000, None],
    },
    strict=False,
)


def claim(width: list[int], tolerance: float = 0.05, expected: str = "reproduced") -> Claim:
    def measure(table: pl.DataFrame) -> list[MomentDistance]:
        chosen = table.filter(pl.col("width").is_in(width))
        return moment_distances(chosen, "mean", claimed=pl.lit(1.0), scale=pl.lit(1.0))

    return Claim("name", "the mean is 1", "hanin2019products, theorem 1", tolerance, measure, expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("width", "outcome", "reason"),
    [
        ([100], "reproduced", ""),
        ([10], "deviates", ""),
        ([10, 100], "deviates", ""),
        ([10, 1000], "deviates", ""),
        ([100, 1000], "undecided", "1 of its 2 cells are missing"),
        ([1000], "undecided", "its cells are missing"),
        ([7], "not tested", "no cell of this grid tests it"),
    ],
)
def test_outcomes(width: list[int], outcome: str, reason: str) -> None:
    (judged,) = judge_claims([claim(width)], TABLE)
    assert (judged.outcome, judged.reason) == (outcome, reason)


def test_it_says_by_how_much_and_where() -> None:
    (judged,) = judge_claims([claim([10, 100])], TABLE)
    assert judged.where == "mean at width 10"
    assert judged.distance is not None
    assert judged.distance.value == pytest.approx(0.30)
    # Two distances share 5 %: the normal quantile at 0.0125.
    assert judged.distance.high - judged.distance.value == pytest.approx(0.01 * 2.2414, rel=1e-4)


def test_undecided_says_what_would_decide() -> None:
    (judged,) = judge_claims([claim([100], tolerance=0.0105)], TABLE)
    assert judged.outcome == "undecided"
    assert judged.networks_to_decide is not None
    assert judged.networks_to_decide > 1_000_000
    assert judged.reason.endswith("networks at width 100 would decide")


def test_expected_outcomes() -> None:
    found = judge_claims([claim([10], expected="deviates"), claim([100], expected="deviates"), claim([10])], TABLE)
    assert [judged.as_expected for judged in found] == [True, False, False]
    (undecided,) = judge_claims([claim([1000], expected="deviates")], TABLE)
    assert undecided.as_expected is None


def test_confidence_is_shared_by_all_claims_and_missing_cells_do_not_change_it() -> None:
    filled = TABLE.with_columns(pl.col("mean", "mean_standard_error").fill_null(1.0), pl.col("count").fill_null(100))
    (alone,) = judge_claims([claim([10])], TABLE)
    (together, _) = judge_claims([claim([10]), claim([100, 1000])], TABLE)
    (later, _) = judge_claims([claim([10]), claim([100, 1000])], filled)
    assert alone.distance is not None
    assert together.distance is not None
    assert later.distance is not None
    assert together.distance.high > alone.distance.high
    assert together.distance == later.distance


def test_laws_have_the_interval_of_the_design() -> None:
    near, far = law_distances(TABLE.filter(pl.col("width") < 1000), "ks", floor="floor")[::-1]
    assert near.where == "ks at width 100"
    half_width = math.sqrt(math.log(2 / 0.05) / (2 * 1_000_000))
    assert near.interval(0.05).high == pytest.approx(0.001 + half_width)
    assert far.interval(0.05).low == pytest.approx(0.2 - 10 * half_width)
    assert LawDistance("x", 0.019, 10_000, floor=0.0).networks_to_decide(0.02, 0.05) > 10_000
    assert LawDistance("x", 0.015, 10_000, floor=0.01).interval(0.05).high == pytest.approx(
        0.015 + 10 * half_width + 0.01
    )


def test_a_table_without_results_decides_nothing() -> None:
    (judged,) = judge_claims([claim([10])], None)
    assert (judged.outcome, judged.reason) == ("undecided", "no cell is finished")


def test_json_has_the_declaration_and_no_function() -> None:
    content = judge_claims([claim([10])], TABLE)[0].to_dict()
    assert content["tolerance"] == 0.05
    assert content["outcome"] == "deviates"
    assert content["as_expected"] is False
    assert set(content["distance"]) == {"value", "low", "high"}
