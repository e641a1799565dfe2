"""Trend and noise: what is planted is recovered, and the two losses are those of the two weights."""

import numpy as np
import pytest

from deeplimits.weights import denoising_test, rescaled_partial_sums, trend_and_noise
from deeplimits.weights.laws import planted_rough, planted_smooth

DEPTHS = (500, 650, 730, 1000)
LEVELS = np.random.default_rng(1).normal(size=(10, 2, 3))


def planted(depth: int, exponent: float) -> np.ndarray:
    """Return L^-exponent times a function of k/L that is constant on ten pieces, in the mean over each layer."""
    edges = np.arange(depth + 1) / depth
    integral = np.concatenate([np.zeros((1, 2, 3)), np.cumsum(LEVELS, axis=0) / 10])
    whole = np.minimum((10 * edges).astype(int), 9)
    at_edges = integral[whole] + (edges - whole / 10)[:, None, None] * LEVELS[whole]
    return float(depth) ** -exponent * depth * np.diff(at_edges, axis=0)


def test_a_piecewise_constant_derivative_is_recovered() -> None:
    found = trend_and_noise({depth: planted(depth, 0.2) for depth in DEPTHS}, 0.2, points=100)
    np.testing.assert_allclose(100 * np.diff(found.integral, axis=0), np.repeat(LEVELS, 10, axis=0), atol=1e-9)
    for depth in (500, 1000):  # whose layers do not straddle the pieces
        np.testing.assert_allclose(found.trend[depth], planted(depth, 0.2), atol=1e-12)
        assert abs(found.noise[depth]).max() < 1e-11


def test_whole_layers_only_recover_it_where_they_divide() -> None:
    weights = planted(1000, 0.2)
    coarse = rescaled_partial_sums(weights, 0.2, points=100, interpolate=False)
    np.testing.assert_allclose(coarse, rescaled_partial_sums(weights, 0.2, points=100))
    uneven = planted(650, 0.2)
    rough = 100 * np.diff(rescaled_partial_sums(uneven, 0.2, points=100, interpolate=False), axis=0)
    # 6 or 7 layers are taken for 6.5.
    relative = rough / np.repeat(LEVELS, 10, axis=0)
    assert relative.min() == pytest.approx(6 / 6.5) and relative.max() == pytest.approx(7 / 6.5)


def test_trend_and_noise_add_up_to_the_weights() -> None:
    weights = {depth: planted_rough(depth, (2, 2), exponent=0.5) for depth in (60, 80, 100)}
    found = trend_and_noise(weights, 0.5, points=20, trend_depths=(80, 100))
    assert found.trend_depths == (80, 100)
    for depth, path in weights.items():
        rebuilt = found.trend[depth] + depth**0.5 * np.diff(found.noise[depth], axis=0, prepend=np.zeros((1, 2, 2)))
        np.testing.assert_allclose(rebuilt, path, atol=1e-12)


def test_noise_of_an_ode_vanishes_and_noise_of_an_sde_stays() -> None:
    sizes = (400, 800, 1600, 3200)
    trend = {depth: planted_smooth(depth, (5, 5), exponent=0.5) for depth in sizes}
    mixed = {depth: path + planted_rough(depth, (5, 5), exponent=0.5) for depth, path in trend.items()}
    ode, sde = trend_and_noise(trend, 0.5, points=100), trend_and_noise(mixed, 0.5, points=100)
    assert max(abs(noise).max() for noise in ode.noise.values()) < 0.02
    # L^{β-1} times a sum of L terms of size L^-1/2: with β = 1/2 it falls as L^-1/2, but with 1 as exponent it stays.
    scaled = [np.sqrt(depth) * np.sqrt((sde.noise[depth] ** 2).mean()) for depth in sizes]
    assert min(scaled) > 0.2 and max(scaled) / min(scaled) < 2.5


def test_losses_are_those_of_the_two_weights() -> None:
    weights = {depth: planted_rough(depth, (2, 2), exponent=0.5) for depth in DEPTHS}
    asked: list[int] = []

    def loss(depth: int, values: np.ndarray) -> float:
        asked.append(depth)
        return float((values**2).sum())

    found = denoising_test(weights, 0.5, loss, points=100)
    trend = trend_and_noise(weights, 0.5, points=100).trend
    assert [one.depth for one in found] == list(DEPTHS) and asked == sorted(2 * DEPTHS)
    for one in found:
        assert one.original == pytest.approx((weights[one.depth] ** 2).sum())
        assert one.denoised == pytest.approx((trend[one.depth] ** 2).sum())
        assert one.ratio == one.denoised / one.original


def test_depths_and_points_that_do_not_fit_are_refused() -> None:
    weights = {depth: np.ones((depth, 1)) for depth in (10, 20)}
    with pytest.raises(ValueError, match=r"must be among the depths \[10, 20\], got \[30\]"):
        trend_and_noise(weights, 0.5, trend_depths=[30], points=5)
    with pytest.raises(ValueError, match="500 points need as many layers"):
        trend_and_noise(weights, 0.5)
