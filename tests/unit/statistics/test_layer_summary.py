import numpy as np
import pytest

from deeplimits.statistics import LayerSummary, Moments

LAYERS = (0, 3, 7)


@pytest.fixture
def values(rng):
    return np.array([1.0, -50.0, 1e-3]) + np.array([1.0, 0.1, 1e-4]) * rng.gamma(2.0, size=(700, 3))


def test_closed_forms():
    """Of 0, 0, 6 the mean is 2, the variance 12 and the central sums 24, 48, 288."""
    summary = LayerSummary.from_values((5,), np.array([[0.0], [0.0], [6.0]]))
    assert (summary.count, summary.centre.tolist()) == (3, [2.0])
    assert summary.sums[:, 0].tolist() == [24.0, 48.0, 288.0]
    (row,) = summary
    assert (row.layer, row.mean.value, row.variance.value) == (5, 2.0, 12.0)
    assert row.mean.standard_error == 2.0
    assert row.variance.standard_error == np.inf  # not to be told from three


def test_each_layer_is_what_moments_say_of_it(values):
    summary = LayerSummary.from_values(LAYERS, values)
    for i, row in enumerate(summary):
        moments = Moments.from_values(values[:, i])
        assert row.layer == LAYERS[i]
        assert row.mean.value == pytest.approx(moments.mean.value, rel=1e-12)
        assert row.mean.standard_error == pytest.approx(moments.mean.standard_error, rel=1e-12)
        assert row.variance.value == pytest.approx(moments.variance.value, rel=1e-11)
        assert row.variance.standard_error == pytest.approx(moments.variance.standard_error, rel=1e-9)


@pytest.mark.parametrize("cuts", [[350], [1, 2, 699], [0, 100, 100, 700]])
def test_merged_parts_are_the_whole(values, cuts):
    whole, merged = LayerSummary.from_values(LAYERS, values), LayerSummary.empty(LAYERS)
    for part in np.split(values, cuts):
        merged = merged.merge(LayerSummary.from_values(LAYERS, part))
    assert (merged.count, merged.layers) == (700, LAYERS)
    assert merged.centre == pytest.approx(whole.centre, rel=1e-12)
    scales = [np.sum(np.abs(values - whole.centre) ** order, axis=0) for order in (2, 3, 4)]
    assert np.all(np.abs(merged.sums - whole.sums) <= 1e-9 * np.stack(scales))


def test_merging_without_moving_the_centre_is_seen(values):
    """Control: the sums of parts with other means do not just add."""
    first, second = (LayerSummary.from_values(LAYERS, part) for part in (values[:350], values[350:] + 0.01))
    added = first.sums + second.sums
    assert np.all(np.abs(first.merge(second).sums[0] - added[0]) > 1e-9 * added[0])


def test_the_empty_summary_is_neutral(values):
    summary, nothing = LayerSummary.from_values(LAYERS, values), LayerSummary.empty(LAYERS)
    assert summary.merge(nothing) is summary and nothing.merge(summary) is summary
    assert np.isnan(nothing.mean[0].value) and nothing.variance[0].standard_error == np.inf


def test_arrays_hold_it_to_the_last_bit(values):
    summary = LayerSummary.from_values(LAYERS, values)
    rebuilt = LayerSummary.from_arrays(summary.to_arrays())
    assert (rebuilt.layers, rebuilt.count) == (LAYERS, 700)
    assert rebuilt.centre.tobytes() == summary.centre.tobytes() and rebuilt.sums.tobytes() == summary.sums.tobytes()


def test_its_short_form_is_one_line(values):
    assert len(repr(LayerSummary.from_values(tuple(range(3)), values))) < 120
    assert repr(LayerSummary.empty(())) == "LayerSummary(count=0, no layers)"
