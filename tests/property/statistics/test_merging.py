"""Merged summaries of parts are the summary of the whole, however the parts are cut."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deeplimits.statistics import Moments, QuantileSketch, Summary

seeds = st.integers(0, 2**32 - 1)
laws = st.sampled_from(["normal", "gamma", "lattice", "bimodal"])
offsets = st.sampled_from([0.0, -3.0, 50.0])


def draw(seed, law, count, offset=0.0):
    rng = np.random.default_rng(seed)
    values = {
        "normal": lambda: rng.normal(size=count),
        "gamma": lambda: rng.gamma(0.7, size=count),
        "lattice": lambda: rng.integers(0, 5, size=count).astype(float),
        "bimodal": lambda: rng.choice([-1.0, 1.0], size=count) + 0.1 * rng.normal(size=count),
    }[law]()
    return values + offset


def cut(values, cuts):
    return np.split(values, sorted(int(fraction * len(values)) for fraction in cuts))


@given(seeds, laws, st.integers(2, 3000), offsets, st.lists(st.floats(0, 1), max_size=6))
def test_merged_moments_are_those_of_the_whole(seed, law, count, offset, cuts):
    values = draw(seed, law, count, offset)
    whole, merged = Moments.from_values(values), Moments()
    for part in cut(values, cuts):
        merged = merged.merge(Moments.from_values(part))
    assert merged.count == whole.count
    assert abs(merged.centre - whole.centre) <= 1e-12 * np.max(np.abs(values))
    for order, (got, expected) in enumerate(zip(merged.sums, whole.sums, strict=True), start=2):
        # Odd sums cancel; the terms' size is the scale of the error, and the rounding of values near the offset adds.
        scale = np.sum(np.abs(values - whole.centre) ** order)
        assert abs(got - expected) <= 1e-12 * (1 + abs(offset)) * scale + 1e-300, order


@given(seeds, laws, st.integers(2, 500), st.floats(-100, 100), st.floats(0.1, 10))
def test_moments_follow_an_affine_map(seed, law, count, shift, factor):
    values = draw(seed, law, count)
    moments, mapped = Moments.from_values(values), Moments.from_values(shift + factor * values)
    scale = np.sum(np.abs(values - moments.centre) ** 8) + 1e-6
    assert abs(mapped.sums[-1] / factor**8 - moments.sums[-1]) <= 1e-7 * scale
    assert abs(mapped.mean.value - (shift + factor * moments.mean.value)) <= 1e-11


@given(seeds, laws, st.integers(0, 400), st.lists(st.floats(0, 1), max_size=5))
def test_an_exact_sketch_does_not_depend_on_order_or_parts(seed, law, count, cuts):
    values = draw(seed, law, count)
    merged = QuantileSketch()
    for part in reversed(cut(values, cuts)):
        merged = merged.merge(QuantileSketch.from_values(part[::-1]))
    for got, expected in zip(merged.points(), np.unique(values, return_counts=True), strict=True):
        assert np.array_equal(got, expected)


@given(seeds, laws, st.integers(1, 300), st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_quantile_is_the_smallest_value_that_reaches_the_probability(seed, law, count, probabilities):
    sketch = QuantileSketch.from_values(draw(seed, law, count))
    values = sketch.points()[0]
    for probability in probabilities:
        quantile = sketch.quantile(probability)
        assert sketch.cdf(quantile) >= probability
        assert np.all(sketch.cdf(values[values < quantile]) < probability)


@given(seeds, st.integers(1, 100), st.integers(1, 100))
def test_summary_of_two_parts_keeps_extremes_and_counts(seed, first, second):
    a, b = draw(seed, "normal", first), draw(seed + 1, "gamma", second)
    merged = Summary.from_values(a).merge(Summary.from_values(b))
    assert (merged.minimum, merged.maximum) == (min(a.min(), b.min()), max(a.max(), b.max()))
    assert merged.count == merged.sketch.count == first + second
