import math

import numpy as np
import pytest
from scipy import stats

from deeplimits.statistics import Moments


def test_small_sample_in_closed_form():
    # deviations −4/3, −1/3, 5/3 of 1, 2, 4
    moments = Moments.from_values(np.array([1.0, 2.0, 4.0]))
    assert moments.mean.value == pytest.approx(7 / 3, rel=1e-15)
    assert moments.variance.value == pytest.approx(7 / 3, rel=1e-14)
    assert moments.sums[1] == pytest.approx((-64 - 1 + 125) / 27, rel=1e-14)
    assert moments.sums[6] == pytest.approx((4**8 + 1 + 5**8) / 3**8, rel=1e-14)
    assert moments.mean.standard_error == pytest.approx(math.sqrt(7 / 9), rel=1e-14)


def test_values_agree_with_scipy(rng):
    values = rng.gamma(3.0, size=5000)
    moments = Moments.from_values(values)
    assert moments.mean.value == pytest.approx(values.mean(), rel=1e-14)
    assert moments.variance.value == pytest.approx(values.var(ddof=1), rel=1e-13)
    assert moments.skewness.value == pytest.approx(stats.skew(values), rel=1e-12)
    assert moments.excess_kurtosis.value == pytest.approx(stats.kurtosis(values), rel=1e-12)


def test_delta_method_on_a_gaussian_lattice():
    # Gauss–Hermite nodes with integer multiplicities have a Gaussian's moments, whose errors are known.
    nodes, weights = np.polynomial.hermite_e.hermegauss(9)
    counts = np.round(weights / weights.sum() * 1e7).astype(int)
    moments = Moments.from_values(np.repeat(nodes, counts))
    count = counts.sum()
    for statistic, scaled in [("mean", 1.0), ("variance", 2.0), ("skewness", 6.0), ("excess_kurtosis", 24.0)]:
        error = getattr(moments, statistic).standard_error
        assert error**2 * count == pytest.approx(scaled, rel=1e-3), statistic


@pytest.mark.parametrize("statistic", ["skewness", "excess_kurtosis"])
def test_delta_method_agrees_with_the_infinitesimal_jackknife(statistic):
    """On a skewed law every term of the two formulas counts; differentiate the statistic in each value's weight."""
    values, counts = np.array([0.0, 1.0, 2.0, 5.0]), np.array([40, 30, 20, 10])

    def evaluate(weights):
        weights = weights / weights.sum()
        centred = values - np.sum(weights * values)
        second = np.sum(weights * centred**2)
        order = 3 if statistic == "skewness" else 4
        return np.sum(weights * centred**order) / second ** (order / 2)

    step = 1e-5
    influence = np.array(
        [
            (evaluate(counts / 100 + step * unit) - evaluate(counts / 100 - step * unit)) / (2 * step)
            for unit in np.eye(4)
        ]
    )
    influence -= np.sum(counts / 100 * influence)
    expected = math.sqrt(np.sum(counts / 100 * influence**2) / 100)
    moments = Moments.from_values(np.repeat(values, counts))
    assert getattr(moments, statistic).standard_error == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_tiny_counts_give_infinite_errors_and_no_exception(count):
    moments = Moments.from_values(np.arange(float(count)))
    for statistic in ("mean", "variance", "skewness", "excess_kurtosis"):
        estimate = getattr(moments, statistic)
        assert not math.isnan(estimate.standard_error)
        assert estimate.count == count
    assert math.isinf(moments.variance.standard_error)
    assert math.isnan(moments.mean.value) == (count == 0)


def test_equal_values_have_variance_zero_and_no_shape():
    moments = Moments.from_values(np.full(1000, 0.1)).merge(Moments.from_values(np.full(7, 0.1)))
    assert moments.variance.value == pytest.approx(0.0, abs=1e-30)
    assert moments.mean.standard_error == pytest.approx(0.0, abs=1e-15)
    assert math.isnan(moments.skewness.value) and math.isinf(moments.skewness.standard_error)


def test_values_whose_powers_overflow_keep_their_mean():
    moments = Moments.from_values(np.array([1e80, 2e80, 3e80, 4e80])).merge(Moments.from_values(np.array([5e80])))
    assert moments.mean.value == pytest.approx(3e80)
    assert math.isinf(moments.variance.standard_error)
    assert math.isinf(moments.excess_kurtosis.standard_error)


def test_a_large_offset_costs_no_digits(rng):
    values = rng.normal(size=4096)
    near, far = Moments.from_values(values), Moments.from_values(values + 1e6)
    assert far.variance.value == pytest.approx(near.variance.value, rel=1e-9)
    assert far.excess_kurtosis.value == pytest.approx(near.excess_kurtosis.value, abs=1e-8)


def test_arrays_hold_the_state_to_the_last_bit(rng):
    moments = Moments.from_values(rng.normal(size=100))
    assert Moments.from_arrays(moments.to_arrays()) == moments
