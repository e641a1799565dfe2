"""The infinite-width limit: the variance recursion in every regime, and the laws it gives."""

import math

import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.activations import custom, leaky_relu
from deeplimits.activations.duals import second_moment
from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.limits import LogChiSquare, PointMass, Refusal, for_architecture, predict
from deeplimits.limits.infinite_width.second_moments import LogSecondMoment
from deeplimits.limits.infinite_width.variance_recursion import log_variances


def written_out(architecture, variance):
    """The recursion as it stands in the docstring, without logarithms or interpolation."""
    weight, phi, bias = architecture.weight_variance, architecture.phi, architecture.bias_variance
    if isinstance(architecture, MLP):
        variance += bias
        for _ in range(architecture.depth - 1):
            variance = weight * second_moment(phi, variance) + bias
        return variance, weight * second_moment(phi, variance)
    for _ in range(architecture.depth):
        seen = variance if architecture.normalization == "none" else 1.0
        seen += bias if architecture.block == "two-layer" else 0.0
        branch = architecture.branch_scale**2 * (weight * second_moment(phi, seen) + bias)
        variance = architecture.skip_scale**2 * variance + branch
    return variance, variance


@pytest.mark.parametrize("activation", ["relu", "tanh", "erf", "gelu", leaky_relu(1.0, -0.3)])
@pytest.mark.parametrize(
    "build",
    [
        lambda **kw: MLP(depth=7, **kw),
        lambda **kw: MLP(depth=1, weight_variance=3.0, **kw),
        lambda **kw: ResNet(depth=9, **kw),
        lambda **kw: ResNet(depth=9, skip_scale=-1.0, branch_scale=0.3, **kw),
        lambda **kw: BalancedResNet(depth=4, skip_scale=0.0, branch_scale=2.0, **kw),
        lambda **kw: ResNet(depth=9, skip_scale=1.5, branch_scale=0.0, **kw),
        lambda **kw: MLP(depth=5, bias_variance=0.2, **kw),
        lambda **kw: ResNet(depth=5, bias_variance=0.2, **kw),
        lambda **kw: ResNet(depth=5, block="two-layer", bias_variance=0.2, **kw),
        lambda **kw: ResNet(depth=5, normalization="rms", skip_scale=1.0, **kw),
        lambda **kw: BalancedResNet(depth=5, normalization="layer", bias_variance=0.2, **kw),
        lambda **kw: ResNet(depth=5, normalization="layer", block="two-layer", bias_variance=0.2, **kw),
    ],
)
def test_recursion_is_the_one_written_out(activation, build):
    net = build(width=10, activation=activation)
    hidden, output = written_out(net, 0.37)
    logs = log_variances(net, math.log(0.37))
    assert logs.hidden == pytest.approx(math.log(hidden), abs=1e-11)
    assert logs.output == pytest.approx(math.log(output), abs=1e-11)


def test_laws_and_conventions():
    net = MLP(width=10, depth=3, output_dim=4, weight_variance=1.5, input_variance=3.0, input_dim=5)
    prediction = predict(net, 2 * np.eye(5)[0], limit="infinite-width")
    output, hidden = prediction["log_squared_norm"], prediction["log_norm_hidden"]
    assert isinstance(output, LogChiSquare) and output.degrees == 4
    assert output.shift == pytest.approx(math.log(3 * 4 / 5 * 0.75**3), rel=1e-13)
    assert isinstance(hidden, PointMass) and hidden.value == pytest.approx(math.log(3 * 0.75**2), rel=1e-13)
    assert prediction["active_fraction_last"].mean == prediction["energy_fraction_last"].mean == 0.5


def test_a_preserved_norm_is_exactly_zero():
    for net in (MLP(width=10, depth=10**6), ResNet(width=10, depth=10**6), BalancedResNet(width=10, depth=7)):
        assert predict(net, limit="infinite-width")["log_norm_hidden"].value == 0


def test_homogeneous_depth_neither_overflows_nor_underflows():
    for scale in (1.0, 0.01):
        net = ResNet(width=10, depth=10**6, skip_scale=scale, branch_scale=scale)
        value = predict(net, limit="infinite-width")["log_norm_hidden"].value
        assert value == pytest.approx(10**6 * math.log(2 * scale**2), rel=1e-12)


@pytest.mark.parametrize("activation", ["tanh", "gelu"])
def test_ten_thousand_layers_are_followed(activation):
    net = ResNet(width=10, depth=10**4, skip_scale=1.0, branch_scale=0.1, activation=activation)
    value = predict(net, limit="infinite-width")["log_norm_hidden"].value
    assert math.isfinite(value) and value > 1


def test_a_variance_that_grows_like_a_power_is_followed_far_out_of_range():
    # φ(z) = z²: q′ = 9 q², so ln q_l = (2^l − 1) ln 9 from q = 1 on.
    net = MLP(width=10, depth=41, weight_variance=3.0, activation=custom(lambda z: z**2), input_dim=1)
    value = predict(net, limit="infinite-width")["log_norm_hidden"].value
    assert value == pytest.approx((2.0**40 - 1) * math.log(9), rel=1e-9)


@pytest.mark.parametrize(
    ("function", "depth", "message"),
    [
        (lambda z: jnp.exp(z), 10, "Gaussian expectation"),
        (lambda z: z**2, 2000, "out of every number's range"),
        (lambda z: jnp.where(z > 1, z - 1, 0.0), 12, "is 0 or not finite|Gaussian expectation"),
    ],
)
def test_an_expectation_that_cannot_be_had_is_a_refusal(function, depth, message):
    net = MLP(width=10, depth=depth, weight_variance=3.0, activation=custom(function, name="odd one"))
    answer = for_architecture(net)[0]
    assert isinstance(answer, Refusal)
    assert any(part in answer.reason for part in message.split("|"))


def test_interpolated_moments_are_those_of_the_quadrature():
    from deeplimits.activations import TANH

    moments = LogSecondMoment(TANH)
    for log_variance in (-7.3, -0.51, 0.0, 2.99, 11.7):
        direct = math.log(second_moment(TANH, math.exp(log_variance)))
        assert moments(log_variance) == pytest.approx(direct, abs=1e-11)
    # Far out tanh is a sign, close to 0 the identity.
    assert moments(400.0) == pytest.approx(0.0, abs=1e-10)
    assert moments(-400.0) == pytest.approx(-400.0, abs=1e-10)


def test_warns_where_the_norm_fluctuates():
    assert predict(MLP(width=10_000, depth=3), limit="infinite-width").warnings == ()
    (warning,) = predict(ResNet(width=100, depth=50), limit="infinite-width").warnings
    assert "92 % too small at depth/width = 0.5" in warning


def covariances_written_out(architecture, first, second):
    """ρ_0 … ρ_last by two-dimensional Gauss–Hermite sums over the covariance matrix, as the docstring has it."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(90)
    u, v = np.meshgrid(nodes, nodes)
    weights = np.outer(weights, weights) / (2 * np.pi)
    bias, phi = architecture.bias_variance, np.tanh
    both = np.array([first, second]) / np.sqrt(architecture.input_dim)
    covariance = both @ both.T + (bias if isinstance(architecture, MLP) else 0.0)
    yield covariance
    for _ in range(architecture.depth - isinstance(architecture, MLP)):
        seen, skip, branch = covariance, 0.0, 1.0
        if isinstance(architecture, ResNet):
            skip, branch = architecture.skip_scale**2, architecture.branch_scale**2
            if architecture.normalization != "none":
                seen = covariance / np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
            seen = seen + (bias if architecture.block == "two-layer" else 0.0)
        root = np.linalg.cholesky(seen)
        pair = phi(root[0, 0] * u), phi(root[1, 0] * u + root[1, 1] * v)
        fed = np.array([[np.sum(weights * a * b) for a in pair] for b in pair])
        covariance = skip * covariance + branch * (architecture.weight_variance * fed + bias)
        yield covariance


@pytest.mark.parametrize(
    "net",
    [
        MLP(width=10, depth=4, input_dim=2, activation="tanh", bias_variance=0.3),
        ResNet(width=10, depth=3, input_dim=2, activation="tanh", bias_variance=0.3),
        ResNet(width=10, depth=3, input_dim=2, activation="tanh", block="two-layer", bias_variance=0.3),
        ResNet(width=10, depth=3, input_dim=2, activation="tanh", normalization="rms", skip_scale=1.0),
        BalancedResNet(width=10, depth=3, input_dim=2, activation="tanh", normalization="layer", bias_variance=0.1),
    ],
    ids=lambda net: "-".join((net.kind, *net.extensions)).replace(" ", "-"),
)
def test_correlation_with_biases_normalization_and_hidden_layers(net):
    x = [[1.0, 0.5], [-0.3, 2.0]]
    expected = [c[0, 1] / math.sqrt(c[0, 0] * c[1, 1]) for c in covariances_written_out(net, *x)]
    assert predict(net, x, limit="infinite-width")["correlation"].mean == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("limit", ["log-gaussian", "exact"])
@pytest.mark.parametrize(
    ("fields", "word"),
    [({"bias_variance": 0.1}, "biases"), ({"block": "two-layer"}, "two-layer"), ({"normalization": "rms"}, "rms")],
)
def test_other_limits_refuse_what_they_do_not_cover(limit, fields, word):
    answers = {answer.limit: answer for answer in for_architecture(ResNet(width=10, depth=3, **fields))}
    assert isinstance(answers[limit], Refusal) and word in answers[limit].reason
    assert not isinstance(answers["infinite-width"], Refusal)


@pytest.mark.parametrize(
    ("scales", "expected"),
    [({"skip_scale": 1e200}, [0.6, 0.6, 0.6]), ({"skip_scale": 1.0, "branch_scale": 1e-200}, [0.6, 0.6, 0.6])],
)
def test_correlation_at_scales_whose_squares_leave_every_number(scales, expected):
    net = ResNet(width=10, depth=2, input_dim=2, activation="tanh", weight_variance=2.0, **scales)
    law = predict(net, [[1.0, 0.0], [0.6, 0.8]], limit="infinite-width")["correlation"]
    assert law.mean == pytest.approx(expected, abs=1e-12)
