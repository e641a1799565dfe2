"""The numerical law against closed forms and against direct convolution, into the tails."""

import math

import numpy as np
import pytest
from scipy import special, stats

from deeplimits.limits.laws import (
    Inversion,
    LogChiSquare,
    LogChiSquareSum,
    Normal,
    NumericalLaw,
    log_chi_square,
)
from deeplimits.limits.laws.inversion import invert


def numerical(degrees, variance=0.0, shift=0.0):
    return NumericalLaw(Inversion(LogChiSquareSum(((log_chi_square(degrees), 1),), variance)), shift)


@pytest.mark.parametrize("degrees", [1, 2, 3, 10, 1000, 10_000])
def test_without_normal_part_it_is_ln_chi_square(degrees):
    law, closed = numerical(degrees, shift=0.3), LogChiSquare(degrees, 0.3)
    deviation = math.sqrt(closed.variance)
    y = closed.mean + deviation * np.linspace(-12, 7, 401)
    assert law.numerical_error < 1e-10
    assert np.max(np.abs(law.cdf(y) - closed.cdf(y))) < law.numerical_error
    p = np.array([1e-9, 1e-4, 0.1, 0.5, 0.99, 1 - 1e-9])
    np.testing.assert_allclose(law.quantile(p), closed.quantile(p), atol=1e-3 * deviation, rtol=0)
    np.testing.assert_allclose(law.quantile(p[1:5]), closed.quantile(p[1:5]), atol=1e-8 * deviation, rtol=0)


@pytest.mark.parametrize("degrees", [1, 10, 10_000])
def test_log_density_far_into_the_tails(degrees):
    law, closed = numerical(degrees), LogChiSquare(degrees)
    y = closed.mean + math.sqrt(closed.variance) * np.linspace(-40, 40, 4001)
    expected = closed.log_prob(y)
    seen = expected > -690
    assert np.any(~seen) and np.count_nonzero(seen) > 500
    np.testing.assert_allclose(law.log_prob(y)[seen], expected[seen], atol=1e-6)
    assert np.all(law.log_prob(y)[~seen] < -600)


@pytest.mark.parametrize(
    ("degrees", "variance"),
    [(1, 1e-6), (1, 1e-2), (1, 1.0), (10, 1e-6), (10, 1e-2), (10, 1.0), (10_000, 1e-6), (10_000, 1.0), (10_000, 30.0)],
)
def test_normal_plus_ln_chi_square_by_quadrature(degrees, variance):
    law, part = numerical(degrees, variance), LogChiSquare(degrees)
    y = law.mean + math.sqrt(law.variance) * np.linspace(-7, 6, 27)
    nodes, weights = np.polynomial.legendre.leggauss(600)
    if variance > part.variance * 100:  # integrate the smoother of the two
        x = part.mean + 12 * math.sqrt(part.variance) * nodes
        mass = 12 * math.sqrt(part.variance) * weights * np.exp(part.log_prob(x))
        expected = stats.norm.cdf((y[:, None] - x) / math.sqrt(variance)) @ mass
    else:
        g = 10 * nodes
        expected = part.cdf(y[:, None] - math.sqrt(variance) * g) @ (10 * weights * stats.norm.pdf(g))
    assert law.numerical_error < 1e-10
    assert np.max(np.abs(law.cdf(y) - expected)) < law.numerical_error + 1e-12


@pytest.mark.parametrize("degrees", [1, 10_000])
def test_a_large_normal_part_dominates(degrees):
    law = numerical(degrees, 1e4)
    normal = Normal(law.mean, math.sqrt(law.variance))
    y = np.linspace(-500, 500, 101)
    # The third cumulant ψ″(k/2) moves the cdf by at most κ₃ / (6 √(2π) σ³).
    third = abs(special.polygamma(2, degrees / 2))
    assert np.max(np.abs(law.cdf(y) - normal.cdf(y))) < 1.1 * third / (6 * math.sqrt(2 * math.pi) * 1e6) + 1e-12
    assert law.numerical_error < 1e-11


def test_a_sum_with_itself():
    # ln of a product of two independent χ²₂: P(XY ≤ e^y) = 1 − √e^y K₁(√e^y).
    law = NumericalLaw(Inversion(LogChiSquareSum(((log_chi_square(2), 2),))))
    y = np.linspace(-25, 7, 201)
    root = np.exp(y / 2)
    np.testing.assert_allclose(law.cdf(y), 1 - root * special.kv(1, root), atol=law.numerical_error + 1e-15)


def test_laws_that_share_an_inversion_differ_by_their_shift():
    inversion = Inversion(LogChiSquareSum(((log_chi_square(3), 1),), 0.2))
    first, second = NumericalLaw(inversion, 0.0), NumericalLaw(inversion, 5.0)
    np.testing.assert_allclose(second.cdf([5.0, 6.5]), first.cdf([0.0, 1.5]), rtol=1e-12)
    assert second.mean - first.mean == pytest.approx(5.0)


def test_scalars_infinities_and_nan():
    law = numerical(4, 0.1)
    assert law.cdf(0.0).shape == () and law.log_prob(0.0).shape == () and law.quantile(0.5).shape == ()
    np.testing.assert_array_equal(law.cdf([-np.inf, np.inf]), [0.0, 1.0])
    np.testing.assert_array_equal(law.log_prob([-np.inf, np.inf]), [-np.inf, -np.inf])
    np.testing.assert_array_equal(law.quantile([0.0, 1.0]), [-np.inf, np.inf])
    assert np.isnan(law.cdf(np.nan)) and np.isnan(law.log_prob(np.nan))
    assert law.cdf(np.zeros((2, 3))).shape == (2, 3)


class Lattice:
    """A fair coin: its characteristic function never dies out."""

    left_abscissa = math.inf

    def log_moment(self, s):
        return np.log(np.cosh(s))


def test_a_law_without_density_is_refused():
    with pytest.raises(ValueError, match="no smooth density"):
        invert(Lattice(), 1.0)
