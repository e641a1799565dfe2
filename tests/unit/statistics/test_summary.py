import math

import numpy as np
import pytest

from deeplimits.statistics import Summary, SummaryList


def test_blocks_merge_into_the_whole(rng):
    values = rng.normal(2.0, 3.0, size=3000)
    summary = Summary.empty()
    for block in np.split(values, 6):
        summary = summary.merge(Summary.from_values(block))
    assert summary.count == 3000
    assert summary.mean.value == pytest.approx(values.mean(), rel=1e-13)
    assert summary.variance.value == pytest.approx(values.var(ddof=1), rel=1e-13)
    assert (summary.minimum, summary.maximum) == (values.min(), values.max())
    assert summary.sketch.quantile(0.5) == np.sort(values)[1499]
    assert (summary.skewness, summary.excess_kurtosis) == (summary.moments.skewness, summary.moments.excess_kurtosis)


def test_merging_changes_neither_operand(rng):
    first, second = Summary.from_values(rng.normal(size=10)), Summary.from_values(rng.normal(size=20))
    merged = first.merge(second)
    assert (first.count, second.count, merged.count) == (10, 20, 30)


def test_empty_summary_is_neutral(rng):
    summary = Summary.from_values(rng.normal(size=10))
    for merged in (summary.merge(Summary.empty()), Summary.empty().merge(summary)):
        assert merged.moments == summary.moments
        assert (merged.minimum, merged.maximum) == (summary.minimum, summary.maximum)
    assert Summary.from_values(np.empty(0)).minimum == math.inf
    assert Summary.empty().unreliable == ()


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_values_that_are_not_finite_are_refused(bad):
    with pytest.raises(ValueError, match="got 1 of 3 that are not"):
        Summary.from_values(np.array([0.0, bad, 1.0]))


def test_values_with_two_axes_are_refused():
    with pytest.raises(ValueError, match=r"one axis.*\(2, 2\)"):
        Summary.from_values(np.ones((2, 2)))


def test_heavy_tails_are_flagged_and_light_ones_are_not(rng):
    normal = rng.normal(size=20_000)
    assert Summary.from_values(normal).unreliable == ()
    assert Summary.from_values(np.exp(normal)).unreliable == ()
    assert Summary.from_values(np.exp(2 * normal)).unreliable == ("variance",)
    assert Summary.from_values(np.exp(4 * normal)).unreliable == ("mean", "variance")


def test_one_large_value_among_few_is_no_heavy_tail():
    assert Summary.from_values(np.array([1.0, 1.0, 1.0, 7.0])).unreliable == ()


def test_list_gives_each_statistic_in_input_order(rng):
    summaries = SummaryList([Summary.from_values(rng.normal(i, 1.0, size=50)) for i in range(3)])
    for statistic in ("mean", "variance", "skewness", "excess_kurtosis"):
        assert getattr(summaries, statistic) == [getattr(summary, statistic) for summary in summaries]
