import math

import numpy as np
import pytest
from scipy import stats

from deeplimits.statistics import QuantileSketch, deviation_bound, ks_distance, ks_p_value, ks_two_sample


def uniform(y):
    return np.clip(y, 0.0, 1.0)


@pytest.mark.parametrize(
    ("values", "distance"),
    [([0.5], 0.5), ([0.25, 0.75], 0.25), ([1.0], 1.0), ([0.9, 0.95], 0.9), ([0.05, 0.1], 0.9), ([0.5, 0.5, 0.5], 0.5)],
)
def test_distance_to_the_uniform_law_by_hand(values, distance):
    assert ks_distance(QuantileSketch.from_values(np.array(values)), uniform, delta=0.05).value == pytest.approx(
        distance
    )


@pytest.mark.parametrize("shift", [-0.3, 0.0, 0.02, 1.0])
def test_distance_and_p_value_are_those_of_scipy(rng, shift):
    values = rng.normal(shift, 1.0, size=1500)
    expected = stats.kstest(values, stats.norm.cdf)
    distance = ks_distance(QuantileSketch.from_values(values), stats.norm.cdf, delta=0.05).value
    assert distance == pytest.approx(expected.statistic, abs=1e-14)
    assert ks_p_value(distance, 1500) == pytest.approx(expected.pvalue, rel=1e-9, abs=1e-300)


def test_a_law_with_jumps_has_distance_zero_to_its_own_values():
    values = np.repeat([0.0, 1.0, 2.0], [10, 20, 10])
    law = QuantileSketch.from_values(values)
    assert ks_distance(law, law.cdf, delta=0.05).value == 0.0


def test_a_jump_below_a_value_counts():
    # F jumps to 1 at 0.5, where the sample still has nothing: the gap is seen just below the value at 0.7.
    distance = ks_distance(
        QuantileSketch.from_values(np.array([0.7])), lambda y: np.where(y >= 0.5, 1.0, 0.0), delta=0.05
    )
    assert distance.value == 1.0


def test_interval_adds_deviation_sketch_and_numerical_error(rng):
    sketch = QuantileSketch.from_values(rng.uniform(size=300_000))
    distance = ks_distance(sketch, uniform, delta=0.01, numerical_error=1e-3)
    half_width = math.sqrt(math.log(200) / 600_000) + sketch.rank_error + 1e-3
    assert sketch.rank_error > 0
    assert deviation_bound(300_000, 0.01) == pytest.approx(math.sqrt(math.log(200) / 600_000))
    assert distance.high == pytest.approx(distance.value + half_width, rel=1e-12)
    assert distance.low == max(0.0, distance.value - half_width)


def test_interval_stays_within_zero_and_one():
    distance = ks_distance(QuantileSketch.from_values(np.array([0.5])), uniform, delta=0.05)
    assert (distance.low, distance.high) == (0.0, 1.0)


def test_sketch_distance_is_within_its_error(rng):
    values = rng.normal(size=500_000)
    sketch = QuantileSketch.from_values(values[:1])
    for block in np.split(values[1:], range(4096, len(values), 4096)):
        sketch = sketch.merge(QuantileSketch.from_values(block))
    exact = stats.kstest(values, stats.norm.cdf).statistic
    assert abs(ks_distance(sketch, stats.norm.cdf, delta=0.05).value - exact) <= sketch.rank_error
    assert 0 < sketch.rank_error < 1e-4


def test_error_makes_the_p_value_larger():
    assert ks_p_value(0.05, 1000, error=0.01) == ks_p_value(0.04, 1000) > ks_p_value(0.05, 1000)
    assert ks_p_value(0.01, 1000, error=0.02) == 1.0


def test_two_samples_agree_with_scipy(rng):
    first, second = rng.normal(size=3000), rng.normal(0.1, 1.0, size=2000)
    expected = stats.ks_2samp(first, second, method="asymp")
    distance, p_value = ks_two_sample(QuantileSketch.from_values(first), QuantileSketch.from_values(second))
    assert distance == pytest.approx(expected.statistic, abs=1e-14)
    assert p_value == pytest.approx(expected.pvalue, rel=1e-9)


def test_empty_sketches_are_refused():
    empty, one = QuantileSketch(), QuantileSketch.from_values(np.ones(1))
    with pytest.raises(ValueError, match="empty sketch"):
        ks_distance(empty, uniform, delta=0.05)
    with pytest.raises(ValueError, match="empty sketch"):
        ks_two_sample(one, empty)
