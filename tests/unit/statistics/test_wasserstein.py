import math

import numpy as np
import pytest
from scipy import integrate, stats

from deeplimits.statistics import QuantileSketch, wasserstein_distance, wasserstein_to_point


def to_law(values, law):
    return wasserstein_distance(QuantileSketch.from_values(np.asarray(values)), law.cdf, law.ppf)


@pytest.mark.parametrize(
    ("values", "distance"),
    # ∫ |1{y ≥ v} − y| = (v² + (1 − v)²) / 2 for one value in [0, 1]; beyond it every point moves the whole way.
    [([0.5], 0.25), ([0.0], 0.5), ([0.25], 0.3125), ([3.0], 2.5), ([0.25, 0.75], 0.125)],
)
def test_distance_to_the_uniform_law_by_hand(values, distance):
    assert to_law(values, stats.uniform()).value == pytest.approx(distance, abs=1e-8)


@pytest.mark.parametrize("count", [3, 50, 4000])
def test_distance_to_a_gaussian_by_quadrature(rng, count):
    """Against ∫ |sorted values − quantile| dp with the mean of the quantile over each step in closed form."""
    values, law = np.sort(rng.normal(0.4, 1.2, size=count)), stats.norm()
    levels = np.concatenate([[0.0], np.arange(1, count) / count, [1.0]])
    crossing = np.clip(law.cdf(values), levels[:-1], levels[1:])

    def integral(low, high):  # ∫ quantile dp = density(quantile(low)) − density(quantile(high))
        return law.pdf(law.ppf(low)) - law.pdf(law.ppf(high))

    below = values * (crossing - levels[:-1]) - integral(levels[:-1], crossing)
    above = integral(crossing, levels[1:]) - values * (levels[1:] - crossing)
    assert to_law(values, law).value == pytest.approx(np.sum(below + above), abs=3e-6)


def test_shift_of_a_whole_law_is_its_distance():
    levels = (np.arange(20_000) + 0.5) / 20_000
    assert to_law(stats.norm.ppf(levels) + 0.7, stats.norm()).value == pytest.approx(0.7, abs=1e-4)


def test_a_law_with_jumps():
    law = stats.randint(0, 3)
    result = to_law([0.0, 0.0, 2.0], law)  # moves one third by 1
    assert result.value == pytest.approx(1 / 3, abs=1e-9)


def test_noise_of_one_value_is_exact():
    # E |F_1 − F| = 2 F (1 − F), whose integral is 1 / sqrt(π) twice over for a Gaussian: the mean |difference| of two.
    assert to_law([0.0], stats.norm()).noise == pytest.approx(2 / math.sqrt(math.pi), rel=1e-4)


def test_noise_of_many_values_is_gaussian():
    sketch = QuantileSketch.from_values(np.linspace(-1, 1, 100_000))
    root, _ = integrate.quad(lambda y: math.sqrt(stats.norm.cdf(y) * stats.norm.sf(y)), -10, 10)
    noise = wasserstein_distance(sketch, stats.norm.cdf, stats.norm.ppf).noise
    assert noise == pytest.approx(math.sqrt(2 / math.pi / 100_000) * root, rel=1e-3)


def test_standard_error_of_a_law_shifted_as_a_whole_is_that_of_the_mean(rng):
    values = rng.uniform(size=400) + 5.0  # every value lies above the law, so W1 = mean difference
    result = to_law(values, stats.uniform())
    assert result.value == pytest.approx(values.mean() - 0.5, abs=1e-8)
    assert result.standard_error == pytest.approx(values.std(ddof=1) / 20, rel=1e-8)


def test_distance_to_a_point():
    result = wasserstein_to_point(QuantileSketch.from_values(np.array([1.0, 3.0, 4.0, 4.0])), 2.0)
    assert (result.value, result.noise) == (1.5, 0.0)
    assert result.standard_error == pytest.approx(np.std([1, 1, 2, 2], ddof=1) / 2)


def test_infinite_quantiles_are_said_and_not_nan():
    result = wasserstein_distance(
        QuantileSketch.from_values(np.array([0.0])),
        lambda y: np.full(np.shape(y), 0.5),
        lambda p: np.where(p < 0.5, -np.inf, 0.0),
    )
    assert result.to_dict() == {"value": None, "standard_error": None, "noise": None}


def test_empty_sketches_are_refused():
    with pytest.raises(ValueError, match="empty sketch"):
        wasserstein_distance(QuantileSketch(), stats.norm.cdf, stats.norm.ppf)
    with pytest.raises(ValueError, match="empty sketch"):
        wasserstein_to_point(QuantileSketch(), 0.0)
