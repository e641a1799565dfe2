import numpy as np
import pytest

from deeplimits.statistics import LayerCovariance

LAYERS = (2, 4, 8)


@pytest.fixture
def values(rng):
    return 0.5 + rng.normal(size=(900, 3)) @ np.array([[0.1, 0.05, 0.0], [0.0, 0.1, 0.02], [0.0, 0.0, 0.03]])


def test_closed_forms():
    """Of (0, 1), (1, 0), (0.5, 0.5) the covariance matrix is ± 1/4; the mean of u² v² is 1/24."""
    pair = LayerCovariance.from_values((0, 9), np.array([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]]))
    assert pair.values.tolist() == [[0.25, -0.25], [-0.25, 0.25]]
    error = np.sqrt((2 / 48 - 1 / 36) / 3)
    assert pair.standard_errors == pytest.approx(np.full((2, 2), error), rel=1e-12)


def test_it_is_the_unbiased_covariance(values):
    pair = LayerCovariance.from_values(LAYERS, values)
    assert pair.values == pytest.approx(np.cov(values, rowvar=False), rel=1e-10, abs=1e-15)
    assert pair.covariance(0, 2).value == pair.covariance(2, 0).value == pair.values[0, 2]


def test_means_away_from_a_half_do_not_bias_it(values):
    moved = values + np.array([0.3, -0.2, 0.1])
    expected = np.cov(values, rowvar=False)
    assert LayerCovariance.from_values(LAYERS, moved).values == pytest.approx(expected, rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("cuts", [[450], [0, 1, 899], [300, 300]])
def test_merged_parts_are_the_whole(values, cuts):
    merged = LayerCovariance.empty(LAYERS)
    for part in np.split(values, cuts):
        merged = merged.merge(LayerCovariance.from_values(LAYERS, part))
    whole = LayerCovariance.from_values(LAYERS, values)
    assert (merged.count, merged.layers) == (900, LAYERS)
    assert merged.values == pytest.approx(whole.values, rel=1e-11, abs=1e-16)
    assert merged.standard_errors == pytest.approx(whole.standard_errors, rel=1e-11)


def test_nothing_is_told_of_one_network():
    estimate = LayerCovariance.from_values((0,), np.array([[0.3]])).covariance(0, 0)
    assert np.isnan(estimate.value) and estimate.standard_error == np.inf


def test_arrays_hold_it_to_the_last_bit(values):
    pair = LayerCovariance.from_values(LAYERS, values)
    rebuilt = LayerCovariance.from_arrays(pair.to_arrays())
    assert (rebuilt.layers, rebuilt.count) == (LAYERS, 900)
    for name in ("first", "second", "fourth"):
        assert getattr(rebuilt, name).tobytes() == getattr(pair, name).tobytes()
    assert repr(rebuilt) == "LayerCovariance(count=900, 3 layers: 2 to 8)"
