"""The recursion of angles against the Gaussian expectation it comes from, quadrature and the limit it has."""

import math
from itertools import islice

import numpy as np
import pytest
from scipy import integrate

from deeplimits.kernels import correlation_flow, correlation_gaps
from deeplimits.kernels.angle_recursion import alignment


@pytest.mark.parametrize("angle", [1e-8, 1e-3, 0.04999, 0.05001, 1.0, 3.0, math.pi])
def test_alignment(angle):
    from mpmath import mp, mpf

    with mp.workdps(40):
        gap = 1 - mp.cos(mpf(angle))
        expected = float(mp.sin(mpf(angle)) - mpf(angle) * mp.cos(mpf(angle)))
    assert alignment(float(gap)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("slopes", [(1.0, 0.0), (1.0, 0.3), (1.0, -1.0), (1.0, 1.0)])
@pytest.mark.parametrize("r", [-0.9, 0.0, 0.7])
def test_one_step_is_the_expectation_by_quadrature(slopes, r):
    up, down = slopes

    def phi(z):
        return up * max(z, 0) + down * min(z, 0)

    # In polar coordinates E φ(u)φ(v) = (1/2π) ∫ φ(cos t) φ(cos(t − θ)) dt · E R², E R² = 2.
    theta = math.acos(r)
    kinks = sorted(x % (2 * math.pi) for x in (math.pi / 2, -math.pi / 2, theta + math.pi / 2, theta - math.pi / 2))
    value = integrate.quad(
        lambda t: phi(math.cos(t)) * phi(math.cos(t - theta)) / math.pi, 0, 2 * math.pi, points=kinks
    )[0] / ((up**2 + down**2) / 2)
    rate = (up - down) ** 2 / (up**2 + down**2) / math.pi
    step = list(islice(correlation_gaps(rate, 1 - r), 2))
    assert 1 - step[1] == pytest.approx(value, abs=1e-12)


def test_equal_inputs_stay_equal_and_opposite_ones_of_a_linear_network_too():
    assert list(islice(correlation_gaps(1 / math.pi, 0.0), 5)) == [0.0] * 5
    assert list(islice(correlation_gaps(0.0, 2.0), 5)) == [2.0] * 5


def test_small_angles_fall_as_three_pi_over_depth():
    gap = next(islice(correlation_gaps(1 / math.pi, 1.0), 10**5, None))
    assert math.sqrt(2 * gap) * 10**5 == pytest.approx(3 * math.pi, rel=1e-3)


def test_the_recursion_tends_to_the_flow():
    flow = correlation_flow(1.0, 0.7)
    errors = [next(islice(correlation_gaps(1 / (math.pi * d), 0.7), d, None)) - flow for d in (100, 200)]
    assert abs(errors[0]) < 2e-3
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.02)


@pytest.mark.parametrize(
    ("first", "time", "printed"), [(0.0, 1.0, "0.25386"), (0.3, 1.0, "0.45169"), (0.3, 0.5, "0.38295")]
)
def test_published_values_of_the_flow(first, time, printed):
    assert f"{1 - correlation_flow(time, 1 - first):.5f}" == printed
    # Independent integration.
    solution = integrate.solve_ivp(
        lambda _, r: (np.sqrt(1 - r**2) - r * np.arccos(r)) / np.pi, (0, time), [first], rtol=1e-11, atol=1e-12
    )
    assert 1 - correlation_flow(time, 1 - first) == pytest.approx(float(solution.y[0, -1]), abs=1e-9)
