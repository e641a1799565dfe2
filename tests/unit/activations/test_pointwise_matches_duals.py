"""The tie between simulation and theory: the pointwise maps, integrated by another rule, give the duals.

The rule is the two-dimensional trapezoid on independent normals, equidistant and ignorant of kinks: it converges faster
than any power of the step for smooth activations and as its square for kinked ones.
"""

import math

import numpy as np
import pytest

from deeplimits.activations import BUILT_IN, leaky_relu
from deeplimits.activations.duals import derivative_dual, dual, second_moment

STEP = 1 / 64
GRID = np.arange(-640, 641) * STEP  # ±10 standard deviations
MASS = np.exp(-(GRID**2) / 2) * STEP / math.sqrt(2 * math.pi)
ACTIVATIONS = [*BUILT_IN.values(), leaky_relu(1.0, 0.2), leaky_relu(0.5, -1.0)]
ARGUMENTS = [(1.0, 1.0, 0.5), (2.0, 0.5, -0.9)]
KINKED = 5e-5


def trapezoid(f, g, variance_1, variance_2, correlation):
    u = math.sqrt(variance_1) * GRID
    v = math.sqrt(variance_2) * (correlation * GRID[:, None] + math.sqrt(1 - correlation**2) * GRID)
    return (MASS * f(u)) @ (g(v) @ MASS)


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=str)
@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda activation: activation.name)
def test_dual(activation, arguments):
    witness = trapezoid(activation, activation, *arguments)
    assert dual(activation, *arguments) == pytest.approx(witness, abs=KINKED if activation.kinks else 1e-13)
    # Control: a correlation that is off by 0.002 is seen.
    assert abs(dual(activation, *arguments[:2], arguments[2] + 2e-3) - witness) > 2 * KINKED


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=str)
@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda activation: activation.name)
def test_derivative_dual(activation, arguments):
    """φ' by the differences of the pointwise map over a thousandth, which err by 1e-6 times φ'''."""

    def slope(z):
        return (activation(z + 1e-3) - activation(z - 1e-3)) / 2e-3

    witness = trapezoid(slope, slope, *arguments)
    tolerance = 1e-3 if activation.kinks else 3e-6
    assert derivative_dual(activation, *arguments) == pytest.approx(witness, abs=tolerance)


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda activation: activation.name)
def test_second_moment(activation):
    # φ² has no kink at 0, only a jump of its second derivative: the trapezoid's error is of fourth order.
    assert second_moment(activation) == pytest.approx(MASS @ activation(GRID) ** 2, abs=1e-8)
