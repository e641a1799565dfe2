"""Point mass, moments, normal and ln χ² in closed form."""

import math

import mpmath
import numpy as np
import pytest
from scipy import special

from deeplimits.limits import LawUnavailableError, LogChiSquare, MomentsOnly, Normal, PointMass


def test_point_mass():
    law = PointMass(1.5)
    assert law.is_point_mass and law.mean == 1.5 and law.variance == 0
    np.testing.assert_array_equal(law.cdf([1.4, 1.5, 1.6]), [0, 1, 1])
    np.testing.assert_array_equal(law.quantile([0.1, 0.9]), [1.5, 1.5])
    np.testing.assert_array_equal(law.sample(3), [1.5] * 3)
    with pytest.raises(LawUnavailableError, match="single value"):
        law.log_prob(1.5)


@pytest.mark.parametrize("what", ["cdf", "log_prob", "quantile"])
def test_moments_say_that_they_are_only_moments(what):
    law = MomentsOnly(0.5, None)
    assert not law.has_distribution and law.mean == 0.5 and law.variance is None
    with pytest.raises(LawUnavailableError, match=f"moments only, so it has no {what}"):
        getattr(law, what)(0.5)


def test_normal():
    law = Normal(-1.0, 2.0)
    assert law.mean == -1 and law.variance == 4
    assert float(law.cdf(1.0)) == pytest.approx(0.8413447460685429, rel=1e-14)
    assert float(law.log_prob(1.0)) == pytest.approx(-0.5 - math.log(2 * math.sqrt(2 * math.pi)), rel=1e-14)
    assert float(law.quantile(0.8413447460685429)) == pytest.approx(1.0, rel=1e-13)


@pytest.mark.parametrize("degrees", [1, 2, 10, 10_000])
def test_ln_chi_square_moments_against_forty_digits(degrees):
    law = LogChiSquare(degrees, 0.25)
    with mpmath.workdps(40):
        mean = float(mpmath.digamma(mpmath.mpf(degrees) / 2) + mpmath.log(2)) + 0.25
        variance = float(mpmath.psi(1, mpmath.mpf(degrees) / 2))
    assert law.mean == pytest.approx(mean, rel=1e-14)
    assert law.variance == pytest.approx(variance, rel=1e-13)


def test_ln_chi_square_of_two_is_an_exponential():
    law = LogChiSquare(2)
    y = np.array([-30.0, -1.0, 0.0, 2.0, 4.0])
    np.testing.assert_allclose(law.cdf(y), -np.expm1(-np.exp(y) / 2), rtol=1e-13)
    np.testing.assert_allclose(law.log_prob(y), y - math.log(2) - np.exp(y) / 2, rtol=1e-13)


@pytest.mark.parametrize("degrees", [1, 3, 500])
def test_ln_chi_square_quantile_far_left(degrees):
    law = LogChiSquare(degrees)
    for probability in (1e-300, 1e-40, 1e-12, 1e-6):
        y = float(law.quantile(probability))
        log_cdf = degrees / 2 * (y - math.log(2)) - special.gammaln(degrees / 2 + 1)
        if math.exp(y) < 1e-6:  # where the power law is the whole cdf
            assert log_cdf == pytest.approx(math.log(probability), rel=1e-6)
        assert float(law.cdf(y)) == pytest.approx(probability, rel=1e-9)


@pytest.mark.parametrize(
    ("law", "message"), [((0.0, 0.0), "scale must be above 0"), ((0.0, -1.0), "scale must be above 0")]
)
def test_a_normal_without_scale_is_refused(law, message):
    with pytest.raises(ValueError, match=message):
        Normal(*law)


def test_no_degrees_are_refused():
    with pytest.raises(ValueError, match="degrees must be at least 1"):
        LogChiSquare(0)


@pytest.mark.parametrize("probability", [-0.1, 1.5, math.nan])
@pytest.mark.parametrize("law", [Normal(0.0, 1.0), LogChiSquare(2), PointMass(0.0)])
def test_a_probability_outside_the_unit_interval_is_refused(law, probability):
    with pytest.raises(ValueError, match=r"a probability must lie in \[0, 1\], got"):
        law.quantile([0.5, probability])
