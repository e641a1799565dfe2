"""The expansion of R² cos(mψ) against quadrature and against norms in closed form."""

import math

import numpy as np
import pytest
from scipy import integrate, special

from deeplimits.kernels import planar_chaos


def hermite(degree, x):
    return special.eval_hermitenorm(degree, x) / math.sqrt(math.factorial(degree))


@pytest.mark.parametrize("m", range(9))
def test_coefficients_are_the_integrals(m):
    basis = planar_chaos(odd=bool(m % 2), degree=8)
    row = basis.matrix[list(basis.modes).index(m)]
    psi = np.arange(256) * (2 * np.pi / 256)
    for value, i, j in zip(row, basis.powers_s.astype(int), basis.powers_t.astype(int), strict=True):

        def integrand(radius, i=i, j=j):
            angular = np.mean(np.cos(m * psi) * hermite(i, radius * np.cos(psi)) * hermite(j, radius * np.sin(psi)))
            return radius**3 * math.exp(-(radius**2) / 2) * angular

        assert value == pytest.approx(integrate.quad(integrand, 0, 14, epsabs=1e-12)[0], abs=1e-9)


def test_components_are_what_they_say():
    for odd in (False, True):
        basis = planar_chaos(odd=odd, degree=9)
        total = basis.powers_s + basis.powers_t
        assert np.all(total % 2 == odd) and np.all(basis.powers_t % 2 == 0) and np.all(total > 0)
        assert total.max() == (9 if odd else 8)


@pytest.mark.parametrize("m", [1, 3, 4, 6])
def test_squares_sum_to_the_variance(m):
    # E R⁴ cos²(mψ) = 4, approached from below as the degree grows.
    sums = []
    for degree in (12, 24, 48):
        basis = planar_chaos(odd=bool(m % 2), degree=degree)
        sums.append(float(np.sum(basis.matrix[list(basis.modes).index(m)] ** 2)))
    assert sums == sorted(sums) and sums[-1] < 4
    assert sums[-1] == pytest.approx(4, rel=0.03)
