"""The depth flow: closed forms, refusals, and what enters it."""

import math

import numpy as np
import pytest

from deeplimits.activations import custom, leaky_relu
from deeplimits.architectures import MLP, BalancedResNet, ResNet, stable
from deeplimits.datasets import as_inputs
from deeplimits.limits import CATALOGUE, DepthFlowPrediction, RefusedError, predict
from deeplimits.limits.depth_flow.chaos import DEGREE, SquareChaos
from deeplimits.limits.exact_moments import exact_moments


def network(kind=ResNet, **fields):
    shape = {"width": 10**6, "depth": 6, "input_dim": 2, "weight_variance": 1.0, "branch_scale": stable(0.9)}
    return kind(**{**shape, **fields})


def scaled_variance(net):
    """Return width · Var q/q² of the last layer."""
    law = predict(net, limit="depth-flow")["log_norm_hidden"]
    return net.width * law.variance


@pytest.mark.parametrize("skip", [1.0, -1.0])
@pytest.mark.parametrize("kind", [ResNet, BalancedResNet])
def test_linear_networks_in_closed_form(kind, skip):
    # ‖z'‖² = ‖z‖² ‖e ± λWe‖²: independent factors of mean 1 + λ² and variance (4λ² + 2λ⁴)/n.
    square = 0.9 / 6
    found = scaled_variance(network(kind, activation="identity", skip_scale=skip))
    assert found == pytest.approx(2 + 6 * (4 * square + 2 * square**2) / (1 + square) ** 2, rel=1e-12)


def test_mean_of_a_linear_network_has_no_shift():
    law = predict(network(activation="identity", width=2), limit="depth-flow")["mean_square"]
    assert law.mean[-1] == pytest.approx(0.5 * 1.15**6, rel=1e-13)


@pytest.mark.parametrize("slopes", [(1.0, 0.0), (1.0, -0.3), (0.2, 1.5)])
def test_balanced_networks_against_their_exact_moments(slopes):
    net = network(BalancedResNet, activation=leaky_relu(*slopes))
    exact = net.width * math.expm1(exact_moments(net).log_kurtosis_factor)
    assert scaled_variance(net) == pytest.approx(exact, rel=2e-5)


def test_vanilla_and_balanced_differ_by_the_memory_of_odd_parts():
    vanilla, balanced = (scaled_variance(network(kind)) for kind in (ResNet, BalancedResNet))
    alternating = scaled_variance(network(skip_scale=-1.0))
    assert vanilla > 1.08 * balanced > alternating
    even = [scaled_variance(network(kind, activation="tanh")) for kind in (ResNet, BalancedResNet)]
    assert even[0] == pytest.approx(even[1], rel=1e-12)


@pytest.mark.parametrize("activation", ["relu", "leaky-relu:1,-0.4", "leaky-relu:0.3,1"])
@pytest.mark.parametrize(("kind", "skip"), [(ResNet, 1.0), (ResNet, -1.0), (BalancedResNet, 1.0)])
def test_log_norms_are_those_of_the_log_gaussian_limit_where_it_speaks(kind, skip, activation):
    # Both are of leading order in 1/width at the network's own depth, derived in different ways.
    net = network(kind, activation=activation, skip_scale=skip, depth=40)
    flow, other = (predict(net, limit=limit)["log_norm"] for limit in ("depth-flow", "log-gaussian"))
    assert 10**6 * np.array(flow.variance) == pytest.approx(10**6 * np.array(other.variance), rel=1e-7)
    assert flow.mean == pytest.approx(other.mean, abs=1e-12)


def test_two_layer_blocks_in_closed_form():
    # dq = q/2 dt + 2q/√(2n) dβ: ln q has variance 2t/n on top of the input layer's 2/n, at infinite depth.
    flow = predict(network(block="two-layer"), limit="depth-flow")
    relative = flow.rates[0].width_constant / flow.path.mean_square[0, -1] ** 2
    assert relative == pytest.approx(2 + 2 * 0.9, rel=1e-7)


def test_narrow_hidden_layers_scatter_more_only_at_finite_depth():
    wide, narrow = (network(block="two-layer", hidden_width=hidden) for hidden in (10**6, 10**3))
    assert scaled_variance(narrow) > 10 * scaled_variance(wide)
    deep = [predict(net, limit="depth-flow").rates[0].width_constant for net in (wide, narrow)]
    # At fixed hidden_width their noise falls as 1/depth: extrapolation leaves little of it.
    assert deep[1] == pytest.approx(deep[0], rel=0.02)


def test_biases_enter_flow_and_mean():
    x = np.array([[1.0, 0.0], [0.0, 1.0]])
    flow = predict(network(activation="identity", bias_variance=0.5), x, limit="depth-flow")
    # dq/ds = q + b from ½, and the covariance from 0.
    assert flow.path.mean_square[:, -1] == pytest.approx([math.exp(0.9) - 0.5] * 2, rel=1e-10)
    assert flow.path.covariance[-1] == pytest.approx(0.5 * math.expm1(0.9), rel=1e-10)
    assert flow.path.correlation[0] == 0


def test_input_norms_scale_homogeneous_flows_and_their_rates():
    one, other = (predict(network(), [factor, 0.0], limit="depth-flow") for factor in (1.0, 1e70))
    assert other.path.mean_square == pytest.approx(1e140 * one.path.mean_square, rel=1e-9)
    assert other.rates[0].width_constant == pytest.approx(1e280 * one.rates[0].width_constant, rel=1e-8)
    far = predict(network(), [1e149, 0.0], limit="depth-flow")
    # Its variance would be beyond float64; logarithms have no such bounds.
    assert "mean_square" not in far and far["log_norm"].mean == pytest.approx(one["log_norm"].mean, abs=1e-12)


@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_no_branch_moves_nothing(activation):
    flow = predict(network(branch_scale=0.0, skip_scale=1.0, activation=activation), limit="depth-flow")
    assert flow["mean_square"].mean == pytest.approx([0.5] * 7) and flow.path.mean_square[0] == pytest.approx([0.5] * 7)
    assert 10**6 * flow["mean_square"].variance[-1] == pytest.approx(2 * 0.25)
    assert flow.rates[0].depth_constant == 0


def test_a_callable_with_a_kink_that_is_no_slope():
    # hard tanh: its square has kinks at ±1, so expansion coefficients fall slowly.
    import jax.numpy as jnp

    hard = custom(lambda z: jnp.clip(z, -1, 1), name="hard-tanh", kinks=(-1.0, 1.0))
    coefficients, fourth = SquareChaos(hard)(np.array([0.3]))
    left = fourth[0] - np.sum(coefficients[0] ** 2)
    assert 0 <= left < 1e-3 * fourth[0]
    assert predict(network(activation=hard), limit="depth-flow")["mean_square"].variance[-1] > 0


def test_expansion_is_interpolated_to_its_digits():
    chaos = SquareChaos(network(activation="gelu").phi)
    place = np.array([0.123, 0.777, -2.345])
    values = chaos(place)
    for i, log_variance in enumerate(place):
        direct = chaos._direct(float(log_variance))
        assert values[0][i] == pytest.approx(direct[:-1], abs=1e-12)
        assert values[1][i] == pytest.approx(direct[-1], rel=1e-11)
    assert values[0].shape == (3, DEGREE + 1)


@pytest.mark.parametrize(
    ("net", "words"),
    [
        (MLP(width=10, depth=50), "without skip connections the kernel of MLP"),
        (ResNet(width=10, depth=50), "skip_scale 0.7071 .* infinite depth forgets it.*stable"),
        (ResNet(width=10, depth=50, skip_scale=1.0, branch_scale=1.0), "no infinite-depth limit.*sqrt.t/depth"),
        (network(normalization="rms"), "without normalization"),
    ],
)
def test_scalings_without_a_limit_are_refused_with_the_one_that_has_it(net, words):
    with pytest.raises(RefusedError, match=words):
        predict(net, limit="depth-flow")


def test_a_network_is_of_a_stable_family_by_its_scale_or_by_its_numbers():
    by_name = network(branch_scale=stable(30.0), depth=10, width=100)
    assert predict(by_name, limit="depth-flow").warnings
    with pytest.raises(RefusedError):
        predict(network(branch_scale=math.sqrt(3.0), skip_scale=1.0, depth=10), limit="depth-flow")
    numbers = network(branch_scale=math.sqrt(0.15), skip_scale=1.0)
    assert predict(numbers, limit="depth-flow")["mean_square"].mean == pytest.approx(
        predict(network(), limit="depth-flow")["mean_square"].mean
    )


def test_what_an_activation_cannot_do_is_refused_in_its_own_words():
    with pytest.raises(RefusedError, match="beyond e"):
        predict(network(activation="tanh"), [1e100, 0.0], limit="depth-flow")


def test_narrow_and_shallow_networks_are_warned_of():
    narrow = predict(network(width=20), limit="depth-flow")
    assert any("skewed" in sentence for sentence in narrow.warnings_of(["mean_square"]))
    assert not narrow.warnings_of(["log_norm"])
    shallow = predict(network(depth=1), limit="depth-flow")
    assert any("at depth 1" in sentence for sentence in shallow.warnings_of(["covariance"]))
    assert not predict(network(depth=50), limit="depth-flow").warnings


def test_the_public_answer_has_path_and_rates():
    answer = CATALOGUE["depth-flow"].predict(network(), as_inputs(np.eye(2), 2))
    assert isinstance(answer, DepthFlowPrediction)
    assert len(answer.rates) == 2 and answer.path.layers == tuple(range(7))
    assert answer.path.times == pytest.approx(0.15 * np.arange(7))
    assert answer["correlation"].variance == [0.0] * 7
    single = predict(network(), limit="depth-flow")
    assert single.path.correlation is None and single.path.covariance is None
