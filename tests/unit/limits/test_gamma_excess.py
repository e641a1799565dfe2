"""Gamma-function ratios against forty digits."""

import mpmath
import numpy as np
import pytest

from deeplimits.limits.laws.gamma_excess import digamma_excess, log_gamma_excess

POINTS = [0.5, 1.0, 1.5, 3.0, 7.5, 15.5, 16.0, 25.0, 50.0, 500.0, 5000.0, 1e6, 5e7]


@pytest.mark.parametrize("x", POINTS)
def test_log_gamma_excess_is_precise_relative_to_itself(x):
    for s in (1e-3j, 0.3j, 2j, 24j, 100j, 0.3, 40.0, 5 + 3j, -0.3 + 4j, -0.9 * x):
        with mpmath.workdps(40):
            exact = mpmath.loggamma(mpmath.mpf(x) + mpmath.mpc(s)) - mpmath.loggamma(x) - mpmath.mpc(s) * mpmath.log(x)
        value = log_gamma_excess(np.array([x]), np.array([s], dtype=complex))[0]
        assert abs(value - complex(exact)) < 1e-13 * abs(complex(exact))


@pytest.mark.parametrize("x", POINTS)
def test_digamma_excess(x):
    with mpmath.workdps(40):
        exact = float(mpmath.digamma(x) - mpmath.log(x))
    assert float(digamma_excess(np.array([x]))[0]) == pytest.approx(exact, rel=1e-13)
