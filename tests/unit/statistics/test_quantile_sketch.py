import numpy as np
import pytest

from deeplimits.statistics import QuantileSketch
from deeplimits.statistics.quantile_sketch import CAPACITY


def stream(values, block):
    sketch = QuantileSketch()
    for start in range(0, len(values), block):
        sketch = sketch.merge(QuantileSketch.from_values(values[start : start + block]))
    return sketch


def largest_error(sketch, values):
    """sup |cdf − fraction ≤ y|, which is reached at a value or just below one."""
    ordered = np.sort(values)
    at = np.searchsorted(ordered, ordered, side="right") / len(ordered)
    below = np.searchsorted(ordered, ordered, side="left") / len(ordered)
    just_below = sketch.cdf(np.nextafter(ordered, -np.inf))
    error = max(np.max(np.abs(sketch.cdf(ordered) - at)), np.max(np.abs(just_below - below)))
    return round(error * len(values)) / len(values)  # a whole number of ranks


@pytest.fixture(scope="module")
def long_stream():
    values = np.random.default_rng(5).normal(size=1_000_000)
    return values, stream(values, 1024)


@pytest.mark.parametrize("block", [1024, 1000, CAPACITY])
def test_nothing_is_lost_up_to_the_capacity(rng, block):
    values = rng.normal(size=CAPACITY)
    sketch = stream(values, block)
    points, weights = sketch.points()
    assert sketch.rank_error == 0.0
    assert np.array_equal(points, np.sort(values))
    assert np.all(weights == 1)
    assert stream(np.append(values, 0.0), block).rank_error > 0


def test_repeated_values_share_a_point():
    points, weights = QuantileSketch.from_values(np.array([2.0, -0.0, 2.0, 0.0, 1.0])).points()
    assert points.tolist() == [0.0, 1.0, 2.0]
    assert weights.tolist() == [2, 1, 2]


def test_cdf_and_quantile_are_those_of_the_values():
    sketch = QuantileSketch.from_values(np.array([1.0, 2.0, 2.0, 4.0]))
    assert sketch.cdf([0.0, 1.0, 1.5, 2.0, 4.0]).tolist() == [0.0, 0.25, 0.25, 0.75, 1.0]
    assert sketch.quantile([0.0, 0.25, 0.26, 0.75, 0.76, 1.0]).tolist() == [1.0, 1.0, 2.0, 2.0, 4.0, 4.0]


def test_bound_holds_and_is_small_after_a_million_values(long_stream):
    values, sketch = long_stream
    assert 0 < largest_error(sketch, values) <= sketch.rank_error <= 2e-5
    assert sketch.count == sketch.points()[1].sum() == 1_000_000


def test_a_bound_half_as_large_would_be_wrong(long_stream):
    """The bound is near to what really happens: a claim of half of it is refuted."""
    values, sketch = long_stream
    assert largest_error(sketch, values) > sketch.rank_error / 2


def test_memory_is_bounded(long_stream):
    _, sketch = long_stream
    for _ in range(7):  # 1.28e8 values
        sketch = sketch.merge(sketch)
    size = sum(chunk.nbytes for level in sketch.levels for chunk in level)
    assert sketch.count == 128_000_000
    assert size <= CAPACITY * 8 * len(sketch.levels) <= 13_000_000
    assert sketch.rank_error < 1e-4


def test_a_stream_keeps_half_a_capacity_at_each_level(long_stream):
    _, sketch = long_stream
    sizes = [sum(chunk.size for chunk in level) for level in sketch.levels]
    assert max(sizes[1:]) <= CAPACITY / 2 + 1024


@pytest.mark.parametrize("order", ["rising", "falling", "organ pipe"])
def test_bound_holds_in_adversarial_orders(order):
    values = np.arange(600_000.0)
    if order == "falling":
        values = values[::-1]
    elif order == "organ pipe":
        values = np.concatenate([values[::2], values[::-2]])
    sketch = stream(values, 4096)
    assert largest_error(sketch, values) <= sketch.rank_error < 2e-5


def test_the_same_merges_give_the_same_bits(long_stream):
    values, sketch = long_stream
    again = stream(values, 1024)
    for name, array in sketch.to_arrays().items():
        assert np.array_equal(array, again.to_arrays()[name]), name


def test_arrays_hold_the_state_and_its_future(long_stream):
    values, sketch = long_stream
    copy = QuantileSketch.from_arrays(sketch.to_arrays())
    assert (copy.count, copy.over, copy.under) == (sketch.count, sketch.over, sketch.under)
    more = QuantileSketch.from_values(values[:200_000] + 1)
    for name, array in sketch.merge(more).to_arrays().items():
        assert np.array_equal(array, copy.merge(more).to_arrays()[name]), name


def test_merging_changes_neither_operand(rng):
    first, second = (QuantileSketch.from_values(rng.normal(size=100_000)) for _ in range(2))
    before = first.to_arrays()
    merged = first.merge(second)
    assert merged.rank_error > 0
    assert all(np.array_equal(before[name], first.to_arrays()[name]) for name in before)


def test_empty_sketch():
    empty = QuantileSketch.from_values(np.empty(0))
    assert empty.count == 0 and empty.rank_error == 0.0
    assert empty.cdf(0.0) == 0.0
    assert QuantileSketch.from_arrays(empty.to_arrays()).count == 0
    assert empty.merge(QuantileSketch.from_values(np.ones(2))).count == 2
    with pytest.raises(ValueError, match="empty sketch"):
        empty.quantile(0.5)


@pytest.mark.parametrize("probability", [-0.1, 1.1, float("nan")])
def test_probabilities_outside_the_unit_interval_are_refused(probability):
    with pytest.raises(ValueError, match="between 0 and 1"):
        QuantileSketch.from_values(np.ones(3)).quantile(probability)
