"""The sketch's rank error never exceeds its bound, for any values, orders and merge trees."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deeplimits.statistics import QuantileSketch, quantile_sketch


@pytest.fixture(autouse=True)
def small_capacity(monkeypatch):
    """The same code with room for 16 values: compactions are many and the examples small."""
    monkeypatch.setattr(quantile_sketch, "CAPACITY", 16)


def largest_rank_error(sketch, values):
    """Exact in integers: weight at or below y minus number of values ≤ y, over all y."""
    points, weights = sketch.points()
    grid = np.union1d(points, values)
    weighed = np.concatenate([[0], np.cumsum(weights)])[np.searchsorted(points, grid, side="right")]
    counted = np.searchsorted(np.sort(values), grid, side="right")
    return int(np.max(weighed - counted)), int(np.max(counted - weighed))


def check(sketch, values):
    over, under = largest_rank_error(sketch, values)
    assert over <= sketch.over and under <= sketch.under
    assert max(over, under) <= sketch.rank_error * len(values) + 1e-9
    assert sketch.count == len(values) == sketch.points()[1].sum()
    for height, level in enumerate(sketch.levels):
        assert sum(chunk.size for chunk in level) <= 16 - (height > 0)


orders = st.sampled_from(["as drawn", "rising", "falling", "alternating ends"])


def arrange(values, order):
    ordered = np.sort(values)
    if order == "alternating ends":
        ordered = np.concatenate([ordered[::2], ordered[1::2][::-1]])
    return {"as drawn": values, "rising": ordered, "falling": ordered[::-1], "alternating ends": ordered}[order]


@given(
    st.lists(st.integers(-20, 20) | st.integers(-(10**6), 10**6), min_size=1, max_size=400),
    orders,
    st.lists(st.integers(1, 60), min_size=1, max_size=8),
)
def test_streams(values, order, blocks):
    values = arrange(np.array(values, dtype=float), order)
    sketch, start, step = QuantileSketch(), 0, 0
    while start < len(values):
        size = blocks[step % len(blocks)]
        sketch = sketch.merge(QuantileSketch.from_values(values[start : start + size]))
        start, step = start + size, step + 1
    check(sketch, values)


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 300), min_size=1, max_size=12), st.data())
def test_merge_trees(seed, sizes, data):
    rng = np.random.default_rng(seed)
    parts = [(values, QuantileSketch.from_values(values)) for values in (rng.normal(size=size) for size in sizes)]
    while len(parts) > 1:
        first = parts.pop(data.draw(st.integers(0, len(parts) - 1)))
        second = parts.pop(data.draw(st.integers(0, len(parts) - 1)))
        parts.append((np.concatenate([first[0], second[0]]), first[1].merge(second[1])))
    values, sketch = parts[0]
    if len(values):
        check(sketch, values)


@given(st.integers(0, 2**32 - 1), st.integers(17, 2000))
def test_greedy_adversary(seed, count):
    """Always add the value at which the rank error is largest, which is where compactions can hurt most."""
    rng = np.random.default_rng(seed)
    values, sketch = np.empty(0), QuantileSketch()
    while len(values) < count:
        block = rng.normal(size=8)
        if len(values):
            points, weights = sketch.points()
            error = np.cumsum(weights) - np.searchsorted(np.sort(values), points, side="right")
            block = np.full(8, points[np.argmax(np.abs(error))]) + rng.choice([-1e-9, 1e-9], size=8)
        sketch, values = sketch.merge(QuantileSketch.from_values(block)), np.concatenate([values, block])
    check(sketch, values)


def test_a_bound_one_rank_too_small_is_seen():
    """Control: the check sees books that are wrong by one."""
    values = np.arange(400.0)
    sketch = QuantileSketch()
    for block in np.split(values, 50):
        sketch = sketch.merge(QuantileSketch.from_values(block))
    over, under = largest_rank_error(sketch, values)
    smaller = QuantileSketch(sketch.levels, sketch.count, over - 1, under)
    with pytest.raises(AssertionError):
        check(smaller, values)
