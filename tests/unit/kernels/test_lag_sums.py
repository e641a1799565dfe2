"""Sums over lags against sums written out, at the ends of what they must cover."""

import math
import time

import numpy as np
import pytest

from deeplimits.kernels import GeometricCorrelation, lag_sum, signed_squares, triangular_lag_sum

DEPTHS = [1, 2, 3, 17, 400]


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("a", [0.9, 0.3, -0.7, -0.999])
def test_sums_are_those_written_out(a, depth):
    correlation = GeometricCorrelation(math.log(abs(a)), negative=a < 0)
    kernel = [float(signed_squares(a**k)) for k in range(1, depth + 1)]
    assert lag_sum(signed_squares, correlation, depth) == pytest.approx(sum(kernel), rel=1e-12, abs=1e-14)
    triangular = sum((depth - k) * kernel[k - 1] for k in range(1, depth))
    assert triangular_lag_sum(signed_squares, correlation, depth) == pytest.approx(triangular, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("depth", DEPTHS)
def test_no_correlation_gives_nothing(depth):
    correlation = GeometricCorrelation(-math.inf)
    assert lag_sum(signed_squares, correlation, depth) == 0
    assert triangular_lag_sum(signed_squares, correlation, depth) == 0


def test_full_correlation():
    correlation = GeometricCorrelation(0.0)
    assert triangular_lag_sum(signed_squares, correlation, 100) == pytest.approx(3 * 100 * 99 / 2, rel=1e-14)


def test_no_layers_sum_to_nothing():
    assert lag_sum(signed_squares, GeometricCorrelation(-0.1), 0) == 0


def test_a_weak_branch_keeps_its_digits():
    # Σ sqrt(1 − r_k²) with 1 − a² = 1e-30: sqrt(2 k 5e-31) in each term, invisible in r_k itself.
    correlation = GeometricCorrelation(-5e-31)
    expected = 1e-15 * sum(math.sqrt(k) for k in range(1, 1001))
    assert lag_sum(lambda r, sine: sine, correlation, 1000) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("log_modulus", [-0.35, -5e-7])
def test_a_million_layers_are_fast(log_modulus):
    correlation = GeometricCorrelation(log_modulus)
    start = time.perf_counter()
    value = triangular_lag_sum(signed_squares, correlation, 10**6)
    assert time.perf_counter() - start < 5
    assert math.isfinite(value)


def test_leaving_out_far_lags_changes_nothing():
    correlation = GeometricCorrelation(math.log(0.99))
    k = np.arange(1, 10**5, dtype=np.float64)
    whole = np.sum((10**5 - k) * signed_squares(*correlation.at(k)))
    assert correlation.reach() < 10**4
    assert triangular_lag_sum(signed_squares, correlation, 10**5) == pytest.approx(whole, rel=1e-14)


@pytest.mark.parametrize("log_modulus", [0.1, math.nan])
def test_a_modulus_above_one_is_refused(log_modulus):
    with pytest.raises(ValueError, match="log_modulus must be at most 0"):
        GeometricCorrelation(log_modulus)
