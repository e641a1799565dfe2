"""Exponents of power laws, their intervals' coverage, and the smallest wrong exponent they must see."""

import math

import numpy as np
import pytest
from scipy import stats

from deeplimits.statistics import Estimate, mean_over_seeds, scaling_exponent, student_interval

SIZES = [128, 256, 512, 1024, 2048]


def measured(exponent: float, seeds: int, noise: float, generator: np.random.Generator) -> list[Estimate]:
    scatter = 1 + noise * generator.normal(size=(len(SIZES), seeds))
    return [mean_over_seeds(row * size**exponent) for row, size in zip(scatter, SIZES, strict=True)]


def test_an_exact_law_has_its_exponent_and_slopes() -> None:
    law = scaling_exponent(SIZES[::-1], [Estimate(2 * size**-0.75, 0.0, 3) for size in SIZES[::-1]])
    assert law.value == pytest.approx(-0.75, abs=1e-12)
    assert law.local_slopes == pytest.approx([-0.75] * 4, abs=1e-12)
    assert law.sizes == tuple(SIZES)
    assert law.standard_error < 1e-12


def test_weights_follow_the_errors() -> None:
    # y = size but for the last, which is known badly: it hardly counts.
    values = [Estimate(size, 0.001 * size, 50) for size in SIZES[:-1]] + [Estimate(8000.0, 4000.0, 50)]
    assert scaling_exponent(SIZES, values).value == pytest.approx(1, abs=0.02)
    careless = [Estimate(one.value, 0.1 * one.value, 50) for one in values]
    assert scaling_exponent(SIZES, careless).value > 1.1


@pytest.mark.parametrize(("seeds", "noise"), [(3, 0.02), (5, 0.1), (20, 0.3)])
def test_intervals_cover_the_exponent_and_not_one_beside_it(seeds: int, noise: float) -> None:
    generator = np.random.default_rng(seeds)
    hits = misses = 0
    for _ in range(400):
        law = scaling_exponent(SIZES, measured(-0.5, seeds, noise, generator))
        interval = law.interval(0.05)
        hits += interval.low <= -0.5 <= interval.high
        wrong = -0.5 + 5 * law.standard_error  # the control: the smallest error to be seen in 95 % of runs
        misses += not interval.low <= wrong <= interval.high
    # 400 intervals of 95 % cover 380 (s.d. 4.4); small samples and the logarithm cost a little.
    assert hits >= 366
    assert misses >= 380


def test_the_misfit_tells_a_bent_law() -> None:
    generator = np.random.default_rng(0)
    straight = scaling_exponent(SIZES, measured(-0.5, 20, 0.02, generator))
    bent = [Estimate(one.value + 0.02, one.standard_error, one.count) for one in measured(-0.5, 20, 0.02, generator)]
    assert straight.misfit < 4 < scaling_exponent(SIZES, bent).misfit


@pytest.mark.parametrize(
    ("sizes", "values"),
    [
        ([128], [Estimate(1.0, 0.1, 3)]),
        ([128, 128], [Estimate(1.0, 0.1, 3)] * 2),
        ([128, 256], [Estimate(1.0, 0.1, 3), Estimate(0.0, 0.1, 3)]),
        ([128, 256], [Estimate(1.0, 0.1, 3), Estimate(1.0, math.inf, 1)]),
    ],
)
def test_what_has_no_exponent_is_refused(sizes: list[int], values: list[Estimate]) -> None:
    with pytest.raises(ValueError, match=r"slope needs|exponent is of positive"):
        scaling_exponent(sizes, values)


def test_students_interval_is_that_of_scipy() -> None:
    values = [1.0, 2.5, 2.0, 4.0]
    interval = student_interval(mean_over_seeds(values), 0.05)
    expected = stats.t.interval(0.95, 3, np.mean(values), stats.sem(values))
    assert (interval.low, interval.high) == pytest.approx(expected)
    assert student_interval(mean_over_seeds([1.0])).high == math.inf
