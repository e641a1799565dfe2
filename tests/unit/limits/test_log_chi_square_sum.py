"""Moment generating functions of sums of ln χ² against direct evaluation and against their own moments."""

import mpmath
import numpy as np
import pytest
from scipy import special, stats

from deeplimits.limits.exact.layer_factor import gated_factor, noncentral_factor
from deeplimits.limits.laws import LogChiSquareSum, log_chi_square


def test_mean_and_variance_are_the_derivatives_at_zero():
    summed = LogChiSquareSum(((gated_factor(7), 3), (log_chi_square(2), 1)), normal_variance=0.4)
    step = 1e-3
    values = summed.log_moment(np.array([step, -step, 1j * step]))
    assert abs(values[0] - values[1]) / (2 * step) < 1e-5  # centred
    assert (values[0] + values[1]).real / step**2 == pytest.approx(summed.variance, rel=1e-4)
    assert summed.mean == pytest.approx(3 * gated_factor(7).mean + special.digamma(1) + np.log(2), rel=1e-14)


@pytest.mark.parametrize("width", [1, 2, 5, 60, 255])
def test_gated_factor_is_the_conditional_binomial_mixture(width):
    b = np.arange(1, width + 1)
    weights = stats.binom.pmf(b, width, 0.5) / (1 - 0.5**width)
    mean = weights @ (special.digamma(b / 2) - np.log(width / 4))
    s = np.array([0.7 + 0j, 0.3 + 2j, 5j])
    direct = (4 / width) ** s * (
        weights @ np.exp(special.loggamma(b[:, None] / 2 + s) - special.gammaln(b[:, None] / 2))
    )
    factor = gated_factor(width)
    assert factor.mean == pytest.approx(mean, rel=1e-12)
    np.testing.assert_allclose(np.exp(factor.log_moment(s) + s * factor.mean), direct, rtol=1e-11)


@pytest.mark.parametrize("width", [1000, 10_000])
def test_a_thinned_mixture_is_the_whole_one(width):
    b = np.arange(1, width + 1)
    weights = stats.binom.pmf(b, width, 0.5)
    means = special.digamma(b / 2) - np.log(width / 4)
    factor = gated_factor(width)
    assert factor.degrees.size < 120
    assert factor.mean == pytest.approx(weights @ means, rel=1e-11)
    variance = weights @ (special.polygamma(1, b / 2) + (means - weights @ means) ** 2)
    assert factor.variance == pytest.approx(variance, rel=1e-11)


@pytest.mark.parametrize(("width", "skip"), [(1, 0.5), (10, 0.99), (3, 0.01), (100, 0.5), (20, 0.999), (4, 0.7)])
def test_noncentral_factor_is_a_noncentral_chi_square(width, skip):
    factor = noncentral_factor(width, skip, 1 - skip)
    # ‖a u + b g/√n‖² has moments 1, then 1 + Var with Var = (4a²b² + 2b⁴)/n; E R³ from the cumulants of a χ'².
    branch = 1 - skip
    cumulants = [1.0, (2 * branch**2 + 4 * skip * branch) / width, (8 * branch**3 + 24 * skip * branch**2) / width**2]
    moments = [1.0, 1 + cumulants[1], 1 + 3 * cumulants[1] + cumulants[2]]
    s = np.array([1.0 + 0j, 2.0 + 0j, 3.0 + 0j])
    np.testing.assert_allclose(np.exp(factor.log_moment(s) + s * factor.mean).real, moments, rtol=1e-12)


@pytest.mark.parametrize(("width", "skip", "t"), [(4, 0.7, 6.0), (9, 0.9, 40.0), (50, 0.5, 9.0), (20, 0.999, 400.0)])
def test_noncentral_characteristic_function_by_kummer(width, skip, t):
    branch = 1 - skip
    with mpmath.workdps(40):
        half, shift = mpmath.mpf(width) / 2, mpmath.mpf(width) * skip / (2 * mpmath.mpf(branch))
        s = mpmath.mpc(0, t)
        value = (2 * mpmath.mpf(branch) / width) ** s * mpmath.gamma(half + s) / mpmath.gamma(half)
        value *= mpmath.exp(-shift) * mpmath.hyp1f1(half + s, half, shift)
    factor = noncentral_factor(width, skip, branch)
    result = np.exp(factor.log_moment(np.array([1j * t])) + 1j * t * factor.mean)[0]
    assert abs(result - complex(value)) < 1e-12


def test_a_million_factors_keep_their_digits():
    factor = noncentral_factor(100, 1 - 1e-6, 1e-6)
    s = 45j
    with mpmath.workdps(50):
        skip, branch = 1 - mpmath.mpf(1e-6), mpmath.mpf(1e-6)
        z = mpmath.mpc(s)
        shift = 50 * skip / branch
        # ln E R^s for nearly constant R from its cumulants: κ₂ s(s−1)/2 + …, each smaller by 1e-8.
        k2, k3 = (2 * branch**2 + 4 * skip * branch) / 100, (8 * branch**3 + 24 * skip * branch**2) / 100**2
        log_mean = (
            z * (z - 1) / 2 * k2 + z * (z - 1) * (z - 2) / 6 * k3 + z * (z - 1) * (z - 2) * (z - 3) / 24 * 3 * k2**2
        ) - (z * (z - 1) / 2 * k2) ** 2 / 2
        assert shift > 4e7
    value = factor.log_moment(np.array([s]))[0] + s * factor.mean
    assert abs(10**6 * (value - complex(log_mean))) < 1e-8
