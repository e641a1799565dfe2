import math

import numpy as np
import pytest

from deeplimits.statistics import EnsembleStatistic, OutputMoments

NAMES = ("log_output_second_moment", "output_kurtosis", "output_square_correlation")


def moments_of(outputs, log_scale=0.0):
    """The state of networks with these outputs, (networks, coordinates)."""
    squares = np.square(outputs)
    energy = squares.sum(axis=1)
    ratio = squares.shape[1] * (squares**2).sum(axis=1) / energy**2
    return OutputMoments.from_values(log_scale, squares.shape[1], np.log(energy), ratio)


@pytest.fixture
def outputs(rng):
    return np.exp(rng.normal(0.0, 0.4, size=(1500, 1))) * rng.normal(size=(1500, 3))


def test_closed_forms():
    """Outputs (1, 2) and (3, 4): E y² = 7.5, E y⁴ = 88.5, E y_1² y_2² = 74."""
    state = moments_of(np.array([[1.0, 2.0], [3.0, 4.0]]))
    expected = math.log(7.5), 88.5 / 7.5**2, (74 - 7.5**2) / (88.5 - 7.5**2)
    assert [state.estimate(name).value for name in NAMES] == pytest.approx(expected, rel=1e-13)
    # A is 2.5 and 12.5: ln E A has the error 5 / (7.5 sqrt 2).
    assert state.estimate(NAMES[0]).standard_error == pytest.approx(5 / 7.5 / math.sqrt(2), rel=1e-12)


def test_they_are_the_moments_of_all_coordinates(outputs):
    state, squares = moments_of(outputs), np.square(outputs)
    second, fourth = np.mean(squares), np.mean(squares**2)
    cross = np.mean([np.mean(squares[:, i] * squares[:, j]) for i, j in ((0, 1), (0, 2), (1, 2))])
    expected = math.log(second), fourth / second**2, (cross - second**2) / (fourth - second**2)
    assert [state.estimate(name).value for name in NAMES] == pytest.approx(expected, rel=1e-11)


def test_the_unit_does_not_matter_however_large_outputs_are(outputs):
    near = moments_of(outputs)
    squares = np.square(outputs)
    energy = squares.sum(axis=1)
    ratio = 3 * (squares**2).sum(axis=1) / energy**2
    far = OutputMoments.from_values(800.0, 3, np.log(energy) + 800.0, ratio)  # e^800 is no float64
    for name in NAMES:
        shift = 800.0 if name == NAMES[0] else 0.0
        assert far.estimate(name).value == pytest.approx(near.estimate(name).value + shift, rel=1e-10)
        assert far.estimate(name).standard_error == pytest.approx(near.estimate(name).standard_error, rel=1e-9)
        assert far.skewness(name) == pytest.approx(near.skewness(name), rel=1e-9)
    lost = OutputMoments.from_values(0.0, 3, np.log(energy) + 800.0, ratio).estimate(NAMES[1])
    assert math.isnan(lost.value) and lost.standard_error == math.inf


@pytest.mark.parametrize("cuts", [[750], [0, 1, 1499], [500, 500]])
def test_merged_parts_are_the_whole(outputs, cuts):
    merged = OutputMoments.empty(0.0, 3)
    for part in np.split(outputs, cuts):
        merged = merged.merge(moments_of(part))
    whole = moments_of(outputs)
    assert merged.count == 1500
    assert merged.first == pytest.approx(whole.first, rel=1e-12)
    assert merged.second == pytest.approx(whole.second, rel=1e-12)
    for mine, theirs in zip(merged.sketch.points(), whole.sketch.points(), strict=True):
        assert np.array_equal(mine, theirs)
    for name in NAMES:
        assert merged.is_unreliable(name) == whole.is_unreliable(name)


def test_heavy_tails_are_flagged_by_the_power_that_they_spoil(rng):
    def flags(deviation):
        outputs = np.exp(deviation / 2 * rng.normal(size=(20_000, 1))) * rng.normal(size=(20_000, 4))
        return [moments_of(outputs).is_unreliable(name) for name in NAMES]

    assert flags(0.3) == [False, False, False]
    assert flags(1.6) == [False, True, True]
    assert flags(3.5) == [True, True, True]
    assert OutputMoments.empty(0.0, 2).is_unreliable(NAMES[0])


def test_skewness_is_that_of_the_terms(rng):
    """A of a single Gaussian coordinate is χ²_1: skewness sqrt 8; A² has 9504 / 96^1.5."""
    state = moments_of(np.random.default_rng(3).normal(size=(100_000, 1)))
    assert state.skewness(NAMES[0]) == pytest.approx(math.sqrt(8), rel=0.05)
    assert state.skewness(NAMES[1]) == pytest.approx(9504 / 96**1.5, rel=0.25)
    assert OutputMoments.empty(0.0, 1).skewness(NAMES[0]) == 0.0


def test_arrays_hold_it_to_the_last_bit(outputs):
    state = moments_of(outputs, log_scale=0.7)
    rebuilt = OutputMoments.from_arrays(state.to_arrays())
    assert (rebuilt.log_scale, rebuilt.output_dim, rebuilt.count) == (0.7, 3, 1500)
    assert rebuilt.first.tobytes() == state.first.tobytes() and rebuilt.second.tobytes() == state.second.tobytes()
    assert [rebuilt.estimate(name) for name in NAMES] == [state.estimate(name) for name in NAMES]


def test_a_statistic_is_a_view(outputs):
    state = moments_of(outputs)
    statistic = EnsembleStatistic(NAMES[1], state)
    assert (statistic.mean, statistic.count, statistic.unreliable) == (state.estimate(NAMES[1]), 1500, ())
    assert repr(statistic) == f"EnsembleStatistic(output_kurtosis, count=1500, {statistic.mean})"
