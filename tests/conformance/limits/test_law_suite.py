"""One suite for every law: what it must obey whatever it describes."""

import math
import time

import numpy as np
import pytest

from deeplimits.architectures import MLP, ResNet
from deeplimits.limits import LogChiSquare, MomentsOnly, Normal, PointMass, predict

DISTRIBUTIONS = {
    "normal": Normal(-3.0, 0.2),
    "ln-chi-square-1": LogChiSquare(1, 2.0),
    "ln-chi-square-10": LogChiSquare(10),
    "ln-chi-square-10000": LogChiSquare(10_000, -5.0),
    **{
        f"log-gaussian-{out}-{width}-{depth}": predict(
            ResNet(width=width, depth=depth, output_dim=out), limit="log-gaussian"
        )["log_squared_norm"]
        for out in (1, 10, 10_000)
        for width, depth in ((10**7, 1), (100, 50), (10, 20_000))
    },
    "exact-narrow": predict(MLP(width=2, depth=3, output_dim=1), limit="exact")["log_squared_norm"],
    "exact-single": predict(MLP(width=1, depth=1, output_dim=1), limit="exact")["log_squared_norm"],
    "exact-square": predict(MLP(width=100, depth=50), limit="exact")["log_norm_hidden"],
    "exact-wide": predict(MLP(width=10_000, depth=3, output_dim=1000), limit="exact")["log_squared_norm"],
    "exact-linear": predict(ResNet(width=20, depth=10, activation="identity"), limit="exact")["log_squared_norm"],
}
ALL = {**DISTRIBUTIONS, "point-mass": PointMass(0.5), "moments": MomentsOnly(0.5, 0.1)}


@pytest.fixture(params=DISTRIBUTIONS, scope="module")
def law(request):
    return DISTRIBUTIONS[request.param]


@pytest.fixture(scope="module")
def grid(law):
    """Many points that cover all but 1e-10 of the probability, and the tails."""
    low, high = law.quantile([1e-10, 1 - 1e-10])
    deviation = math.sqrt(law.variance)
    return np.linspace(low - 2 * deviation, high + deviation, 60_001)


@pytest.mark.parametrize("name", ALL)
def test_moments_are_floats(name):
    law = ALL[name]
    assert isinstance(law.mean, float) and isinstance(law.variance, float)
    assert law.variance >= 0 and (law.variance == 0) == law.is_point_mass


def test_cdf_is_monotone_between_zero_and_one(law, grid):
    values = law.cdf(grid)
    assert np.all((values >= 0) & (values <= 1))
    assert np.all(np.diff(values) >= -1e-15)
    assert values[0] < 1e-9 and values[-1] > 1 - 1e-9
    np.testing.assert_array_equal(law.cdf([-np.inf, np.inf]), [0, 1])


def test_quantile_inverts_the_cdf(law):
    p = np.concatenate([np.geomspace(1e-9, 0.1, 40), np.linspace(0.1, 0.9, 40), 1 - np.geomspace(1e-9, 0.1, 40)])
    np.testing.assert_allclose(law.cdf(law.quantile(p)), p, rtol=1e-9, atol=1e-12)
    assert np.all(np.diff(law.quantile(np.sort(p))) >= 0)


def test_density_integrates_to_the_cdf(law, grid):
    density = np.exp(law.log_prob(grid))
    # Simpson on a fine grid.
    step = grid[1] - grid[0]
    mass = step / 3 * (density[0] + density[-1] + 4 * density[1:-1:2].sum() + 2 * density[2:-1:2].sum())
    assert mass == pytest.approx(1.0, abs=1e-8)
    slope = (law.cdf(grid[2:]) - law.cdf(grid[:-2])) / (2 * step)
    assert np.max(np.abs(slope - density[1:-1])) < 2e-6 * density.max()


def test_moments_agree_with_the_density(law, grid):
    density = np.exp(law.log_prob(grid))
    step = grid[1] - grid[0]
    mean = step * np.sum(density * grid)
    variance = step * np.sum(density * (grid - mean) ** 2)
    assert mean == pytest.approx(law.mean, abs=1e-7 * math.sqrt(law.variance))
    assert variance == pytest.approx(law.variance, rel=1e-6)


def test_log_density_stays_finite_and_falls_in_the_tails(law):
    deviation = math.sqrt(law.variance)
    for side in (-1, 1):
        values = law.log_prob(law.mean + side * deviation * np.linspace(4, 60, 200))
        assert not np.any(np.isnan(values))
        assert np.all(np.diff(values) < 0)


def test_samples_follow_the_law(law):
    draws = law.sample(20_000, seed=1)
    assert draws.shape == (20_000,)
    np.testing.assert_array_equal(draws[:100], law.sample(20_000, seed=1)[:100])
    assert not np.array_equal(draws[:100], law.sample(100, seed=2))
    # Inversion of uniforms: the uniforms come back, to rounding.
    np.testing.assert_allclose(law.cdf(draws), np.random.default_rng(1).uniform(size=20_000), atol=1e-11)
    error = math.sqrt(law.variance / 20_000)
    assert abs(draws.mean() - law.mean) < 5 * error
    spread = (draws - law.mean) ** 2
    assert abs(spread.mean() - law.variance) < 5 * spread.std() / math.sqrt(20_000)


def test_numerical_error_is_small_and_stated(law):
    assert 0 <= law.numerical_error < 1e-9


def test_a_hundred_thousand_points_take_under_a_tenth_of_a_second(law):
    points = law.sample(100_000)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        law.cdf(points)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.1


@pytest.mark.parametrize("name", [name for name in ALL if name != "moments"])
def test_shapes_are_kept(name):
    law = ALL[name]
    assert law.cdf(0.5).shape == () and law.cdf([[0.1, 0.2]]).shape == (1, 2)
    assert law.quantile(0.5).shape == () and law.quantile(np.full((2, 2), 0.3)).shape == (2, 2)
