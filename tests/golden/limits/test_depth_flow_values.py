"""The depth flow against the notes' golden values, through the public API.

Provenance: ODEs by RK45 and RK4, integrals by adaptive quadrature, finite depths by sums over layers in closed form;
weight_variance 1, one-matrix blocks, branch_scale stable(1), q_0 = 1.
"""

import math

import numpy as np
import pytest

import deeplimits as dl

LARGE = 10**8  # predicted variances are exactly proportional to 1/width, shifts of the mean too


def network(depth=4, activation="relu", width=LARGE):
    scale = dl.stable(1.0)
    return dl.ResNet(
        width=width, depth=depth, input_dim=2, branch_scale=scale, weight_variance=1.0, activation=activation
    )


def inputs(correlation):
    return math.sqrt(2) * np.array([[1.0, 0.0], [correlation, math.sqrt(1 - correlation**2)]])


ONE = np.array([math.sqrt(2), 0.0])


@pytest.mark.parametrize(
    ("first", "covariance", "correlation"), [(0.5, 0.907254053, 0.550277400), (0.0, 0.233042922, 0.141347677)]
)
def test_relu_flow(first, covariance, correlation):
    flow = dl.predict(network(), inputs(first), limit="depth-flow")
    assert flow["covariance"].mean[-1] == pytest.approx(covariance, abs=1e-9)
    assert flow["correlation"].mean[-1] == pytest.approx(correlation, abs=1e-9)
    assert flow.path.mean_square[:, -1] == pytest.approx([1.648721271] * 2, abs=1e-9)


@pytest.mark.parametrize(
    ("activation", "variance", "covariance"),
    [
        ("tanh", 1.427899924, 0.697828371),  # the note's 1.427899927 has two wrong digits (RK4 in 18 digits)
        ("gelu", 1.549135406, 0.800784515),
        ("erf", 1.504442313, 0.727573940),
    ],
)
def test_smooth_flows(activation, variance, covariance):
    flow = dl.predict(network(activation=activation), inputs(0.5), limit="depth-flow")
    assert flow.path.mean_square[:, -1] == pytest.approx([variance] * 2, abs=1e-9)
    assert flow["covariance"].mean[-1] == pytest.approx(covariance, abs=1e-9)


@pytest.mark.parametrize(
    ("depth", "printed"), [(4, 10.8256), (8, 11.6808), (16, 12.1703), (64, 12.5693), (256, 12.6737)]
)
def test_scaled_variance_at_finite_depth(depth, printed):
    law = dl.predict(network(depth), ONE, limit="depth-flow")["mean_square"][-1]
    assert LARGE * law.variance == pytest.approx(printed, abs=5.1e-5)


def test_scaled_variance_at_infinite_depth():
    relu = dl.predict(network(), ONE, limit="depth-flow").rates[0].width_constant
    # The note's integral is 12.708965, wrong in the fifth decimal: its own sums over layers tend to this value, as
    # does the integral in 20 digits, 12.7088756673 (see the next test).
    assert relu == pytest.approx(12.7088756673, rel=1e-7)
    tanh = dl.predict(network(activation="tanh"), ONE, limit="depth-flow").rates[0].width_constant
    assert tanh == pytest.approx(5.12393, abs=1e-5)


def test_relu_constant_is_the_integral_of_the_note():
    from scipy.integrate import quad

    def covariance(lag):  # of relu² at both ends of a Brownian path, c = √(τ_s/τ_u) = e^{−lag/4}
        c = math.exp(-lag / 4)
        angle = math.acos(c)
        return (3 * math.sin(angle) * c + (math.pi - angle) * (1 + 2 * c * c)) / (2 * math.pi) - 0.25

    double = 2 * math.e * quad(lambda lag: (1 - lag) * covariance(lag), 0, 1, epsabs=1e-12)[0]
    single = quad(lambda s: math.exp((1 - s) / 2) * math.exp(s), 0, 1)[0]
    assert 2 * math.e + 2 * single + double == pytest.approx(12.7088756673, rel=1e-9)


@pytest.mark.parametrize(("depth", "printed"), [(4, -0.046915), (8, -0.024551), (16, -0.012570), (64, -0.003200)])
def test_depth_bias(depth, printed):
    flow = dl.predict(network(depth), ONE, limit="depth-flow")
    bias = flow["mean_square"].mean[-1] - flow.path.mean_square[0, -1]
    assert bias == pytest.approx(printed, abs=1e-6)
    assert flow.rates[0].depth_constant / depth == pytest.approx(printed, rel=0.6 / depth)


def test_mean_square_error_law():
    rates = dl.predict(network(), ONE, limit="depth-flow").rates[0]
    assert rates.depth_constant == pytest.approx(-math.exp(0.5) / 8, rel=1e-10)
    assert rates.mean_square_error(4096, 64) == pytest.approx(12.7088757 / 4096 + math.e / 64 / 64**2, rel=1e-7)


def test_gaussian_process_with_the_kernel_of_infinite_depth():
    angles = np.append(np.arange(8) * math.pi / 4, 0.3)
    x = math.sqrt(2) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    y = np.sin(angles[:8]) + 0.5 * np.cos(2 * angles[:8])
    kernel = np.asarray(dl.nngp(network(), x, limit="infinite-depth").values)
    spectrum = np.linalg.eigvalsh(kernel[:8, :8])
    assert spectrum == pytest.approx([0.01467, *[0.01601] * 2, *[0.20731] * 2, 2.2643, *[5.23208] * 2], abs=6e-6)
    noisy = kernel[:8, :8] + 0.01 * np.eye(8)
    solved = np.linalg.solve(noisy, np.column_stack([y, kernel[:8, 8]]))
    assert kernel[8, :8] @ solved[:, 0] == pytest.approx(0.684831, abs=1e-6)
    assert kernel[8, 8] - kernel[8, :8] @ solved[:, 1] == pytest.approx(0.012444, abs=1e-6)
    evidence = -0.5 * (y @ solved[:, 0] + np.linalg.slogdet(noisy)[1] + 8 * math.log(2 * math.pi))
    assert evidence == pytest.approx(-5.074446, abs=1e-6)


def test_the_kernel_of_two_inputs_is_the_path():
    x = inputs(0.3)
    path = dl.predict(network(), x, limit="depth-flow").path
    kernel = np.asarray(dl.nngp(network(), x, limit="infinite-depth").values)
    assert kernel[0, 1] == pytest.approx(path.covariance[-1], rel=1e-8)
    assert np.diag(kernel) == pytest.approx(path.mean_square[:, -1], rel=1e-8)
