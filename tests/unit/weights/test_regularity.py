"""Regularity of paths whose regularity is known."""

import numpy as np
import pytest

from deeplimits.weights import holder_exponent, lag_autocorrelation, relative_movement
from deeplimits.weights.laws import draw_layers, fractional_brownian_path


@pytest.mark.parametrize("hurst", [0.2, 0.5, 0.8])
def test_fractional_brownian_paths_have_their_hurst_index(hurst: float) -> None:
    found = holder_exponent(fractional_brownian_path(2000, hurst=hurst, count=50).T)
    assert abs(found.value - hurst) < 5 * found.standard_error < 0.03


def test_noise_has_exponent_and_correlation_zero_and_smooth_weights_one() -> None:
    noise, smooth = (draw_layers(law, 1000, (10, 10)) for law in ("iid", "rbf"))
    for found in (holder_exponent(noise), lag_autocorrelation(noise)):
        assert abs(found.value) < 5 * found.standard_error < 0.03
    assert holder_exponent(smooth).value == pytest.approx(1, abs=0.01)
    assert lag_autocorrelation(smooth).value > 0.995


def test_the_correlation_is_that_of_fractional_noise_at_any_lag() -> None:
    path = draw_layers("fbm:0.3", 4000, (8, 8))
    for lag in (1, 2):
        said = ((lag - 1) ** 0.6 - 2 * lag**0.6 + (lag + 1) ** 0.6) / 2
        found = lag_autocorrelation(path, lag)
        assert abs(found.value - said) < 5 * found.standard_error < 0.02


def test_standard_errors_are_the_scatter_over_draws() -> None:
    draws = [draw_layers("iid", 200, (6, 6), seed=seed) for seed in range(200)]
    moved = [draw + 0.3 * draw_layers("iid", 200, (6, 6), seed=1000 + seed) for seed, draw in enumerate(draws)]
    for found in (
        [lag_autocorrelation(draw) for draw in draws],
        [holder_exponent(draw) for draw in draws],
        [relative_movement(*pair) for pair in zip(draws, moved, strict=True)],
    ):
        scatter = np.std([one.value for one in found])
        assert np.mean([one.standard_error for one in found]) == pytest.approx(scatter, rel=0.2)


def test_a_common_shift_and_constant_entries_do_not_count() -> None:
    path = draw_layers("iid", 300, (3, 3))
    shifted = np.concatenate([path.reshape(300, -1) + 5.0, np.ones((300, 2))], axis=1)
    assert lag_autocorrelation(shifted).value == pytest.approx(lag_autocorrelation(path).value)
    assert holder_exponent(shifted).value == pytest.approx(holder_exponent(path).value)
    assert relative_movement(path, path).value == 0


def test_what_has_no_regularity_is_refused() -> None:
    with pytest.raises(ValueError, match="needs more than 4 of them"):
        holder_exponent(np.ones((4, 3)))
    with pytest.raises(ValueError, match="at least two entries must change"):
        lag_autocorrelation(np.ones((9, 3)))
    with pytest.raises(ValueError, match="lag must be at least 2"):
        holder_exponent(np.eye(9), lag=1)
    with pytest.raises(ValueError, match="of one shape"):
        relative_movement(np.ones((9, 2)), np.ones((9, 3)))
    with pytest.raises(ValueError, match="at least two entries"):
        relative_movement(np.ones((9, 1)), np.ones((9, 1)))
