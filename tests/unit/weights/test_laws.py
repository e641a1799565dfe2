"""Laws of layer weights: covariances exact to rounding, sizes, seeds, mistakes."""

import math

import numpy as np
import pytest
from scipy.linalg import toeplitz

from deeplimits.weights.laws import (
    draw_layers,
    fbm,
    fractional_brownian_path,
    fractional_gaussian_noise,
    iid,
    planted_rough,
    planted_smooth,
    planted_sparse,
    rbf,
)
from deeplimits.weights.laws.circulant import stationary_gaussian


class EachInTurn(np.random.Generator):
    """Noise that is 1 in one place and 0 elsewhere, each place in turn: what is linear in noise shows its matrix."""

    def __init__(self) -> None:
        super().__init__(np.random.PCG64(0))

    def standard_normal(self, size, *_):  # type: ignore[no-untyped-def]
        return np.eye(math.prod(size[1:])).reshape(size)


@pytest.mark.parametrize("hurst", [0.05, 0.2, 0.5, 0.8, 0.97])
@pytest.mark.parametrize("length", [1, 2, 16, 17])
def test_the_generator_has_the_covariance_exactly(hurst: float, length: int) -> None:
    def covariance(lags: np.ndarray) -> np.ndarray:
        return (abs(lags - 1) ** (2 * hurst) - 2 * lags ** (2 * hurst) + (lags + 1) ** (2 * hurst)) / 2

    half = 1 << (max(length - 1, 1) - 1).bit_length()
    matrix = stationary_gaussian(covariance, length, count=2 * (half + 1), generator=EachInTurn())
    np.testing.assert_allclose(matrix.T @ matrix, toeplitz(covariance(np.arange(length))), atol=1e-12)


def test_what_cannot_be_embedded_is_refused() -> None:
    def decays_too_slowly(lags: np.ndarray) -> np.ndarray:
        return np.exp(-((lags / 50) ** 2))

    with pytest.raises(ValueError, match="raise half_period"):
        stationary_gaussian(decays_too_slowly, 20, count=1, generator=EachInTurn())


def test_independent_entries_have_variance_one_over_fan_in() -> None:
    uniform, gaussian = iid(2000, (5, 10)), iid(2000, (5, 10), law="gaussian")
    assert np.abs(uniform).max() <= math.sqrt(0.3) < np.abs(gaussian).max()
    for weights in (uniform, gaussian, fbm(2000, (5, 10), hurst=0.4)):
        assert weights.shape == (2000, 5, 10)
        assert weights.var() == pytest.approx(0.1, rel=0.02)


def test_rbf_weights_are_smooth_and_normalised() -> None:
    weights = rbf(400, (6, 6))
    assert weights.std(axis=(1, 2)).mean() == pytest.approx(1 / math.sqrt(6))
    change = np.diff(weights, axis=0)
    # The derivative of a process with length scale ℓ = 0.1 has increments of relative variance 3 / (ℓ L)².
    assert change.std() / weights.std() == pytest.approx(math.sqrt(3) / 40, rel=0.15)
    # Rounding is not amplified: second differences are as small as those of the process.
    assert np.diff(change, axis=0).std() / weights.std() == pytest.approx(math.sqrt(15) / 40**2, rel=0.2)


def test_a_fractional_path_starts_at_zero_and_ends_with_unit_variance() -> None:
    paths = fractional_brownian_path(64, hurst=0.8, count=4000)
    assert paths.shape == (4000, 65)
    assert not paths[:, 0].any()
    assert paths[:, -1].var() == pytest.approx(1, abs=0.1)
    assert paths[:, 16].var() == pytest.approx(0.25**1.6, rel=0.1)


def test_seeds_and_laws_are_independent_and_repeatable() -> None:
    drawn = [fractional_gaussian_noise(50, hurst=0.5, seed=seed) for seed in (0, 0, 1)]
    assert np.array_equal(drawn[0], drawn[1]) and not np.array_equal(drawn[0], drawn[2])
    assert not np.allclose(iid(5, (2, 2), law="gaussian"), fbm(5, (2, 2), hurst=0.5))
    rough = planted_rough(8, (3, 3), exponent=0.0), planted_rough(16, (3, 3), exponent=0.0)
    assert not np.allclose(rough[0], rough[1][:8])


def test_a_name_draws_its_law() -> None:
    assert np.array_equal(draw_layers("iid", 9, (4, 4), seed=2), iid(9, (4, 4), seed=2))
    assert np.array_equal(draw_layers("iid:gaussian", 9, (4, 4)), iid(9, (4, 4), law="gaussian"))
    assert np.array_equal(draw_layers("rbf", 9, (4, 4)), rbf(9, (4, 4), variance=0.01))
    assert np.array_equal(draw_layers("rbf:0.1", 9, (4, 4)), rbf(9, (4, 4), variance=0.1))
    assert np.array_equal(draw_layers("fbm:0.8", 9, (4, 4), seed=1), fbm(9, (4, 4), hurst=0.8, seed=1))


def test_planted_smooth_weights_are_one_function_at_all_depths() -> None:
    shallow, deep = planted_smooth(20, (3, 3), exponent=0.5), planted_smooth(40, (3, 3), exponent=0.5)
    np.testing.assert_allclose(shallow, math.sqrt(2) * deep[::2])


def test_planted_sparse_weights_have_few_large_layers() -> None:
    norms = np.linalg.norm(planted_sparse(200, (10, 10), layers=4).reshape(200, -1), axis=1)
    assert np.count_nonzero(norms > 5) == 4
    assert np.median(norms) < 0.1
    assert (np.linalg.norm(planted_sparse(3, (10, 10), layers=4).reshape(3, -1), axis=1) > 5).all()


@pytest.mark.parametrize(
    ("law", "message"),
    [
        ("gauss", "unknown law of layers 'gauss'"),
        ("iid:cauchy", "unknown law of independent weights 'cauchy'"),
        ("fbm", "needs its Hurst index, as in fbm:0.8"),
        ("fbm:1", "between 0 and 1"),
        ("fbm:x", "must be a number, got 'x'"),
        ("rbf:-1", "variance must be above 0"),
    ],
)
def test_a_wrong_name_is_refused(law: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw_layers(law, 5, (2, 2))


def test_wrong_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="depth must be an integer of at least 1"):
        iid(0, (2, 2))
    with pytest.raises(ValueError, match="at least one axis"):
        iid(3, ())
    with pytest.raises(ValueError, match="has only one"):
        rbf(3, (1, 1))
