"""Statistics of a path over layers, against closed forms and against their definitions written as loops."""

import numpy as np
import pytest

from deeplimits.weights import depth_grid, detrended, p_variation, path_statistics, scaled_increment
from deeplimits.weights.laws import planted_rough, planted_smooth
from deeplimits.weights.scaling.path_statistics import squares_of

PATH = np.array([[[3.0, 0.0], [0.0, 4.0]], [[0.0, 0.0], [0.0, 4.0]], [[0.0, 12.0], [0.0, 4.0]]])
NORMS, INCREMENTS = np.array([5.0, 4.0, np.sqrt(160.0)]), np.array([3.0, 12.0])


def test_each_statistic_is_its_definition() -> None:
    found = path_statistics(PATH)
    expected = {
        "rms_norm": np.sqrt(np.mean(NORMS**2)),
        "max_norm": NORMS.max(),
        "median_norm": 5.0,
        "rms_increment": np.sqrt((9 + 144) / 2),
        "max_increment": 12.0,
        "scaled_rms_increment": np.sqrt((9 + 144) / 2) / np.sqrt(np.mean(NORMS**2)),
        "scaled_max_increment": 12 / np.sqrt(160),
        "root_sum_of_squares": np.sqrt(np.sum(NORMS**2)),
        "quadratic_variation": 153.0,
        "total_variation": 15.0,
        "sobolev_norm": np.sqrt(3 * 153),
        "partial_sum": np.sqrt(np.mean(np.sum(np.cumsum(PATH, axis=0) ** 2, axis=(1, 2)))),
        "detrended_partial_sum": np.sqrt(max(np.sum(part**2) for part in detrended(np.cumsum(PATH, axis=0)))),
    }
    assert found == pytest.approx(expected, rel=1e-12)
    assert p_variation(PATH, 2) == pytest.approx(153.0)
    assert p_variation(PATH, 3) == pytest.approx(27 + 1728)
    assert scaled_increment(PATH, 0.5) == pytest.approx(np.sqrt(3) * 12)


@pytest.mark.parametrize("depth", [4, 9, 10, 11, 47, 200])
def test_detrending_is_the_window_written_as_a_loop(depth: int) -> None:
    sums = np.cumsum(np.random.default_rng(depth).normal(size=(depth, 2)), axis=0)
    slow = np.empty_like(sums)
    for k in range(depth):
        if depth < 10:
            slow[k] = sums[k] - (k + 1) / depth * sums[-1]
        else:
            half = min(max(3, int(0.1 * depth)), k, depth - 1 - k)
            slow[k] = sums[k] - sums[k - half : k + half + 1].mean(axis=0)
    np.testing.assert_allclose(detrended(sums), slow, atol=1e-12)


@pytest.mark.parametrize(("entries", "groups"), [(7, 7), (7, 3), (100, 8), (5, 1)])
def test_groups_of_entries_hold_every_entry_once(entries: int, groups: int) -> None:
    path = np.random.default_rng(0).normal(size=(6, entries))
    squares = squares_of(path, groups)
    assert squares.norms.shape == (6, groups)
    np.testing.assert_allclose(squares.norms.sum(axis=1), (path**2).sum(axis=1))
    np.testing.assert_allclose(squares.norms[:, 0], (path[:, ::groups] ** 2).sum(axis=1))


def slope(depths: list[int], values: list[float]) -> float:
    return float(np.polyfit(np.log(depths), np.log(values), 1)[0])


DEEP = [depth for depth in depth_grid(1000) if depth >= 50]


def test_planted_smooth_weights_have_the_slopes_of_the_theory() -> None:
    paths = [planted_smooth(depth, (10, 10), exponent=0.2, seed=1) for depth in DEEP]
    found = [path_statistics(path) for path in paths]
    assert slope(DEEP, [one["max_norm"] for one in found]) == pytest.approx(-0.2, abs=0.02)
    assert slope(DEEP, [one["root_sum_of_squares"] for one in found]) == pytest.approx(0.3, abs=0.02)
    assert slope(DEEP, [scaled_increment(path, 0.2) for path in paths]) == pytest.approx(-1, abs=0.02)


def test_planted_rough_weights_have_the_slopes_of_the_theory() -> None:
    depths = depth_grid(1000)
    paths = [planted_rough(depth, (10, 10), exponent=0.5, seed=1) for depth in depths]
    found = [path_statistics(path) for path in paths]
    assert slope(depths, [one["root_sum_of_squares"] for one in found]) == pytest.approx(0, abs=0.01)
    assert slope(depths, [scaled_increment(path, 0.5) for path in paths]) == pytest.approx(0, abs=0.1)
    # The maximum is biased by extremes; the root mean square is not.
    assert -0.48 <= slope(depths, [one["max_norm"] for one in found]) <= -0.41
    assert slope(depths, [one["rms_norm"] for one in found]) == pytest.approx(-0.5, abs=0.01)


@pytest.mark.parametrize("path", [1.0, [[1.0, 2.0]], np.zeros((3, 0))])
def test_what_is_no_path_is_refused(path: object) -> None:
    with pytest.raises(ValueError, match=r"a path over layers has shape \(depth, …\)"):
        path_statistics(path)  # type: ignore[arg-type]
