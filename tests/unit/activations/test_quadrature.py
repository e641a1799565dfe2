"""Expectations by quadrature: against formulas, and with errors that bound the truth."""

import itertools
import math

import numpy as np
import pytest

from deeplimits.activations.panels import PiecewiseSmooth, power
from deeplimits.activations.quadrature import expectation, pair_expectation

MODULUS = PiecewiseSmooth(np.abs, kinks=(0.0,))
SIGN = PiecewiseSmooth(np.sign, kinks=(0.0,))
COSINE, EXPONENTIAL, SQUARE = PiecewiseSmooth(np.cos), PiecewiseSmooth(np.exp), PiecewiseSmooth(np.square)
RELU = PiecewiseSmooth(lambda z: np.maximum(z, 0), kinks=(0.0,))
CORRELATIONS = [-1.0, -1 + 1e-15, -1 + 1e-9, -0.9999, -0.7, -1e-9, 0.0, 0.2, 0.97, 1 - 1e-6, 1 - 2.0**-53, 1.0]


def within(result, truth):
    assert abs(result.value - truth) <= result.numerical_error + 1e-15 * max(abs(truth), 0.1)  # rounding of the formula
    assert result.numerical_error <= 1e-10 * result.magnitude


@pytest.mark.parametrize("variance", [1e-6, 1.0, 9.0])
def test_one_variable(variance):
    scale = math.sqrt(variance)
    within(expectation(MODULUS, variance), scale * math.sqrt(2 / math.pi))
    within(expectation(COSINE, variance), math.exp(-variance / 2))
    within(expectation(power(SQUARE, 4), variance), 105 * variance**4)
    within(expectation(SIGN, variance), 0.0)


@pytest.mark.parametrize("r", CORRELATIONS)
def test_two_functions_of_two_variables(r):
    angle = math.atan2(math.sqrt((1 - r) * (1 + r)), r)
    sine, c = math.sin(angle), 1.5 * r  # standard deviations 1 and 1.5
    within(pair_expectation(SQUARE, SQUARE, 1.0, 2.25, r), 2.25 + 2 * c**2)
    within(pair_expectation(COSINE, COSINE, 1.0, 2.25, r), math.exp(-1.625) * math.cosh(c))
    within(pair_expectation(EXPONENTIAL, COSINE, 1.0, 2.25, r), math.exp(0.5 - 1.125) * math.cos(c))
    within(pair_expectation(SIGN, SIGN, 1.0, 2.25, r), 1 - 2 * angle / math.pi)
    within(pair_expectation(SIGN, PiecewiseSmooth(lambda z: z), 1.0, 2.25, r), c * math.sqrt(2 / math.pi))
    within(pair_expectation(MODULUS, MODULUS, 1.0, 2.25, r), 3 / math.pi * (sine + r * (math.pi / 2 - angle)))
    squares = (3 * sine * math.cos(angle) + (math.pi - angle) * (1 + 2 * r * r)) / (2 * math.pi)
    within(pair_expectation(power(RELU, 2), power(RELU, 2), 1.0, 1.0, r), squares)


@pytest.mark.parametrize("r", CORRELATIONS)
@pytest.mark.parametrize("threshold", [-2.5, 0.1, 1.0])
def test_kinks_that_cross(r, threshold):
    """E relu(u − k) sgn(v): in u alone, E relu(u − k) erf(r u / sqrt(2 (1 − r²)))."""
    from scipy import integrate, special

    shifted = PiecewiseSmooth(lambda z: np.maximum(z - threshold, 0), kinks=(threshold,))
    blur = math.sqrt((1 - r) * (1 + r))

    def integrand(z):
        sign = special.erf(r * z / (math.sqrt(2) * blur)) if blur else math.copysign(1.0, r * z)
        return (z - threshold) * sign * math.exp(-z * z / 2) / math.sqrt(2 * math.pi)

    points = sorted({p for p in (0.0, *(j * blur for j in (-6, -3, -1, 1, 3, 6)), 4.0) if threshold < p < 4.0})
    ends = [threshold, *points, 12.0]
    pieces = (integrate.quad(integrand, *piece, epsabs=1e-13, epsrel=1e-13) for piece in itertools.pairwise(ends))
    truth = sum(piece[0] for piece in pieces)
    result = pair_expectation(shifted, SIGN, 1.0, 1.0, r)
    assert result.value == pytest.approx(truth, abs=1e-12)


def test_growth_beyond_the_reach_is_refused_or_within_the_error():
    for variance in (1.0, 4.0, 9.0):
        result = expectation(EXPONENTIAL, variance)
        truth = math.exp(variance / 2)
        assert abs(result.value - truth) <= result.numerical_error
    with pytest.raises(ValueError, match="use a smaller variance"):
        expectation(EXPONENTIAL, 100.0)
    with pytest.raises(ValueError, match="use a smaller variance"):
        pair_expectation(EXPONENTIAL, MODULUS, 100.0, 1.0, 0.3)
    with pytest.raises(ValueError, match="use a smaller variance"):
        pair_expectation(MODULUS, EXPONENTIAL, 1.0, 100.0, 0.3)


def test_magnitude_is_the_scale_of_the_error():
    odd = pair_expectation(PiecewiseSmooth(np.tanh), PiecewiseSmooth(np.tanh), 1.0, 1.0, 0.0)
    assert abs(odd.value) < 1e-15
    assert odd.magnitude == pytest.approx(
        expectation(PiecewiseSmooth(lambda z: abs(np.tanh(z)), (0.0,))).value ** 2, abs=0.02
    )


def test_zero_variance():
    assert expectation(COSINE, 0.0).value == 1.0
    within(pair_expectation(COSINE, COSINE, 0.0, 1.0, 0.9), math.exp(-0.5))
