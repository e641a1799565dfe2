"""Exact moments of the output: products written out, enumeration of signs, and the ends of every range."""

import itertools
import math

import numpy as np
import pytest

from deeplimits.activations import leaky_relu
from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.limits import predict
from deeplimits.limits.exact_moments import exact_moments


def factor(architecture):
    return math.exp(exact_moments(architecture).log_kurtosis_factor)


def test_a_relu_mlp_is_a_product_conditioned_on_being_alive():
    for width, depth in ((1, 2), (3, 5), (100, 10)):
        alive = (1 - 2.0**-width) ** depth
        moments = exact_moments(MLP(width=width, depth=depth, input_variance=3.0, weight_variance=1.0))
        assert math.exp(moments.log_kurtosis_factor) == pytest.approx((1 + 5 / width) ** depth * alive, rel=1e-12)
        assert math.exp(moments.log_growth) == pytest.approx(3 * 0.5**depth / alive, rel=1e-12)


def test_a_factor_by_enumeration_of_its_active_neurons():
    # χ²_B has moments B and B(B + 2); the signs of 3 neurons are enumerated.
    counts = [sum(signs) for signs in itertools.product((0, 1), repeat=3) if any(signs)]
    mean, square = np.mean(counts), np.mean([b * (b + 2) for b in counts])
    assert factor(MLP(width=3, depth=1)) == pytest.approx(square / mean**2, rel=1e-13)
    assert math.exp(exact_moments(MLP(width=3, depth=1)).log_growth) == pytest.approx(2 / 3 * mean, rel=1e-13)


@pytest.mark.parametrize("depth", [1, 2, 7, 20])
@pytest.mark.parametrize("slopes", [(1.0, 0.0), (1.0, 0.4), (1.0, 1.0)])
def test_the_recursion_step_by_step(depth, slopes):
    net = BalancedResNet(width=6, depth=depth, skip_scale=0.8, branch_scale=0.6, activation=leaky_relu(*slopes))
    a2, b2, n = 0.64, 0.36, 6
    g2 = ((slopes[0] ** 2 - slopes[1] ** 2) / (slopes[0] ** 2 + slopes[1] ** 2)) ** 2
    q2, p = 1 + 2 / n, 3 / n
    for _ in range(depth):
        # E σ⁴, with σ² = ‖φ(s ∘ z)‖² · normaliser / n.
        fourth = q2 + g2 * p
        q2, p = (
            a2**2 * q2 + (4 * a2 * b2 / n + 2 * a2 * b2) * q2 + b2**2 * fourth * (1 + 2 / n),
            a2**2 * p + 6 * a2 * b2 * q2 / n + 3 * b2**2 * fourth / n,
        )
    assert factor(net) == pytest.approx(q2, rel=1e-12)


def test_without_skip_balanced_vanilla_and_mlp_agree():
    expected = (1 + 2 / 9) * (1 + 5 / 9) ** 4 * (1 - 2.0**-9) ** 4
    for kind in (ResNet, BalancedResNet):
        assert factor(kind(width=9, depth=4, skip_scale=0.0)) == pytest.approx(expected, rel=1e-12)
    leaky = MLP(width=9, depth=4, activation=leaky_relu(0.5, 1.0))
    assert factor(leaky) == pytest.approx((1 + (2 + 3 * 0.36) / 9) ** 4, rel=1e-12)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_without_branch_only_the_input_layer_fluctuates(activation):
    net = ResNet(width=9, depth=4, branch_scale=0.0, skip_scale=-0.5, activation=activation)
    assert factor(net) == pytest.approx(1 + 2 / 9, rel=1e-13)
    assert exact_moments(net).log_growth == pytest.approx(8 * math.log(0.5), rel=1e-13)


def test_a_linear_resnet_agrees_with_the_moments_of_its_exact_law():
    net = ResNet(width=5, depth=8, activation="identity", skip_scale=0.9, branch_scale=0.5)
    hidden = predict(net, limit="exact")["log_norm_hidden"]
    moment = hidden.inversion.variable.log_moment(np.array([1.0 + 0j, 2.0 + 0j])).real
    assert math.log(factor(net)) == pytest.approx(float(moment[1] - 2 * moment[0]), rel=1e-10)


@pytest.mark.parametrize(
    "architecture",
    [ResNet(width=9, depth=4), ResNet(width=9, depth=4, activation="tanh"), MLP(width=9, depth=4, activation="gelu")],
)
def test_what_has_no_closed_recursion_has_no_moments(architecture):
    assert exact_moments(architecture) is None


def test_statistics_of_the_output():
    prediction = predict(MLP(width=100, depth=10, input_dim=4), 2 * np.eye(4)[0], limit="exact")
    kappa = 1.05**10
    assert prediction["log_output_second_moment"].mean == pytest.approx(0.0, abs=1e-13)
    assert prediction["output_kurtosis"].mean == pytest.approx(3 * kappa, rel=1e-12)
    assert prediction["output_square_correlation"].mean == pytest.approx((kappa - 1) / (3 * kappa - 1), rel=1e-12)


def test_depth_beyond_every_float_leaves_out_the_kurtosis_only():
    for net in (MLP(width=4, depth=10**6), BalancedResNet(width=4, depth=10**6)):
        prediction = predict(net, limit="exact")
        assert "output_kurtosis" not in prediction
        assert prediction["output_square_correlation"].mean == pytest.approx(1 / 3, rel=1e-12)
        assert math.isfinite(prediction["log_output_second_moment"].mean)
