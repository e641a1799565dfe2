"""The exact law of a ReLU MLP against published values and expansions."""

import math

import numpy as np
import pytest
from scipy import special

from deeplimits.architectures import MLP
from deeplimits.limits import predict
from deeplimits.limits.exact.layer_factor import gated_factor


def hidden(depth, width=100):
    return predict(MLP(width=width, depth=depth), limit="exact")["log_norm_hidden"]


@pytest.mark.parametrize(("depth", "printed"), [(20, "1.007061"), (21, "1.059001")])
def test_variance_at_width_100(depth, printed):
    assert f"{hidden(depth).variance:.6f}" == printed


def test_mean_at_width_100():
    assert f"{hidden(11).mean:.6f}" == "-0.264242"


@pytest.mark.parametrize("width", [200, 400, 800])
def test_expansion_of_one_layer(width):
    factor = gated_factor(width)
    assert factor.mean == pytest.approx(-5 / (2 * width) - 4.083 / width**2, abs=20 / width**3)
    assert factor.variance == pytest.approx(5 / width + 18.5 / width**2, abs=120 / width**3)
    # Third cumulant, by a contour around 0.
    angles = 2 * np.pi * np.arange(64) / 64
    circle = 2.0 * np.exp(1j * angles)
    third = 6 * np.mean(factor.log_moment(circle) / circle**3).real
    assert third == pytest.approx(-31 / width**2, rel=10 / width)


def test_second_moment_of_the_squared_norm():
    # E q²/(E q)² = (1 + 2/n)(1 + 5/n)^d: 1.661473 at n = 100, d = 10 (the note prints that many digits).
    factor = gated_factor(100)
    moments = factor.log_moment(np.array([1.0 + 0j, 2.0 + 0j])).real + np.array([1, 2]) * factor.mean
    ratio = (1 + 2 / 100) * math.exp(10 * (moments[1] - 2 * moments[0]))
    assert f"{ratio:.6f}" == "1.661473"
    assert ratio == pytest.approx(1.02 * 1.05**10, rel=1e-12)


def test_one_neuron_wide():
    # Alive at width 1 means every layer is on: Σ ln(2 χ²_1), depth of them, and ln χ²(output_dim).
    law = predict(MLP(width=1, depth=4, output_dim=3, input_dim=1), limit="exact")["log_squared_norm"]
    one = special.digamma(0.5) + math.log(2)
    assert law.mean == pytest.approx(4 * (math.log(2) + one) + special.digamma(1.5) + math.log(2), rel=1e-12)
    assert law.variance == pytest.approx(4 * special.polygamma(1, 0.5) + special.polygamma(1, 1.5), rel=1e-12)
