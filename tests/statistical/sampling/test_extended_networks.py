"""Biases, hidden layers and normalizations: every sampler against networks written out in NumPy, in joint law."""

import dataclasses

import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.datasets import as_inputs
from deeplimits.observables import DEFAULT
from deeplimits.randomness.keys import key_of
from deeplimits.sampling import sample
from deeplimits.sampling.blocks import Program, run_blocks
from deeplimits.sampling.methods import CHAIN, DENSE, FUSED, LAZY

NETWORKS = 16384
PAIR = np.random.default_rng(5).normal(size=(2, 3))
SHAPE = {"width": 6, "depth": 3, "input_dim": 3, "output_dim": 2}
CASES = {
    "biases": MLP(**SHAPE, bias_variance=0.3),
    "biases, tanh": MLP(**SHAPE, bias_variance=0.3, activation="tanh"),
    "biases in branches": ResNet(**SHAPE, bias_variance=0.3),
    "rms": ResNet(**SHAPE, normalization="rms", skip_scale=1.0, branch_scale=1.0),
    "layer, biases, tanh": ResNet(**SHAPE, normalization="layer", bias_variance=0.2, activation="tanh"),
    "two layers": ResNet(**SHAPE, block="two-layer", hidden_width=9),
    "two layers, all": ResNet(
        **SHAPE, block="two-layer", hidden_width=4, normalization="rms", bias_variance=0.4, skip_scale=-0.8
    ),
    "two layers, all, tanh": ResNet(
        **SHAPE, block="two-layer", hidden_width=4, normalization="layer", bias_variance=0.4, activation="tanh"
    ),
    "balanced": BalancedResNet(**SHAPE, normalization="layer", bias_variance=0.4),
    "large scales": ResNet(**SHAPE, bias_variance=1e-12, skip_scale=1e-9, branch_scale=1e9),
}


def each(*everyday):
    """Every case; those not named are slow, as each is a program to compile."""
    return [pytest.param(case, marks=[] if case in everyday else [pytest.mark.slow]) for case in CASES]


def written_out(net, x, seed):
    """The equations of the architectures' docstrings, in float64, with every matrix drawn whole."""
    random = np.random.default_rng(seed)
    phi = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}[net.phi.name]
    x, width, weight = np.atleast_2d(x), net.width, net.weight_variance

    def normal(*shape):
        return random.standard_normal((NETWORKS, *shape))

    def bias(units):
        return np.sqrt(net.bias_variance) * normal(units, 1)

    z = np.sqrt(net.input_variance / net.input_dim) * normal(width, net.input_dim) @ x.T
    if isinstance(net, MLP):
        z = z + bias(width)
        for _ in range(net.depth - 1):
            z = np.sqrt(weight / width) * normal(width, width) @ phi(z) + bias(width)
        return z, np.sqrt(weight / width) * normal(net.output_dim, width) @ phi(z)
    for _ in range(net.depth):
        u, units = z, net.hidden_width or width
        if net.normalization == "layer":
            u = u - u.mean(axis=1, keepdims=True)
        if net.normalization != "none":
            u = u / np.sqrt((u**2).mean(axis=1, keepdims=True))
        if isinstance(net, BalancedResNet):
            u = u * np.sign(normal(width, 1))
        if net.block == "two-layer":
            u = normal(units, width) @ u / np.sqrt(width) + bias(units)
        branch = np.sqrt(weight / units) * normal(width, units) @ phi(u) + bias(width)
        z = net.skip_scale * z + net.branch_scale * branch
    return z, normal(net.output_dim, width) @ z / np.sqrt(width)


def statistics_written_out(net, x, seed):
    z, output = written_out(net, x, seed)
    alive = np.all(np.any(output != 0, axis=1), axis=1)
    z, output = z[alive], output[alive]
    square = (z**2).sum(axis=1)
    scale = net.input_dim / (net.width * (np.atleast_2d(x) ** 2).sum(axis=1))
    parts = {
        "log_squared_norm": np.log((output**2).sum(axis=1)),
        "log_norm_hidden": np.log(scale * square),
        # In float32 as on the device: rounded otherwise, equal fractions would count as different.
        "active_fraction_last": np.sum(z > 0, axis=1, dtype=np.float32) / np.float32(net.width),
        "energy_fraction_last": (np.maximum(z, 0) ** 2).sum(axis=1) / square,
    }
    return np.concatenate([parts[name] for name in DEFAULT], axis=1)


def measure(net, x, method, seed):
    inputs = as_inputs(x, net.input_dim)
    block = max(512, method.block_size)
    drawn = run_blocks(Program(net, method, DEFAULT, block, 64), inputs, key_of(seed), range(NETWORKS // block))
    alive = ~np.any(drawn.dead, axis=1)
    return np.concatenate([drawn.values[name][alive] for name in DEFAULT], axis=1)


@pytest.fixture
def p_value(joint_p_value):
    def compute(net, x, method, other=None):
        return lambda seed: joint_p_value(
            measure(net, x, method, seed), statistics_written_out(other or net, x, seed + 1), seed
        )

    return compute


@pytest.mark.parametrize("case", each("biases in branches", "two layers, all", "balanced"))
def test_two_inputs_through_lazy_matrices(case, p_value, verdict):
    verdict.accept(p_value(CASES[case], PAIR, LAZY))


@pytest.mark.slow
@pytest.mark.parametrize("case", ["biases in branches", "two layers, all"])
def test_two_inputs_through_dense_matrices(case, p_value, verdict):
    verdict.accept(p_value(CASES[case], PAIR, DENSE))


@pytest.mark.parametrize("case", each("biases", "rms", "two layers, all, tanh", "large scales"))
def test_one_input_fused(case, p_value, verdict):
    verdict.accept(p_value(CASES[case], PAIR[0], FUSED))


@pytest.mark.parametrize("case", ["biases", "two layers", "two layers, all"])
def test_one_input_by_chains(case, p_value, verdict):
    verdict.accept(p_value(CASES[case], PAIR[0], CHAIN))


@pytest.mark.parametrize(
    ("case", "wrong"),
    [
        pytest.param("biases", {"bias_variance": 0.26}, marks=pytest.mark.slow),
        ("biases in branches", {"bias_variance": 0.255}),
        ("two layers", {"hidden_width": 24}),
        ("rms", {"normalization": "layer"}),
    ],
)
def test_a_slightly_other_network_is_seen(case, wrong, p_value, verdict):
    net = CASES[case]
    verdict.reject(p_value(net, PAIR[0], FUSED, dataclasses.replace(net, **wrong)))


@pytest.mark.parametrize("fields", [{"bias_variance": 1.0}, {"normalization": "rms"}])
def test_deep_networks_with_extreme_scales_stay_in_range(fields):
    for method in (FUSED, LAZY):
        net = ResNet(width=16, depth=300, skip_scale=4.0, branch_scale=1e-3, **fields)
        drawn = run_blocks(Program(net, method, DEFAULT, 512, 64), as_inputs(None, 10), key_of(1), range(1))
        growth = drawn.values["log_norm_hidden"].mean()
        # The branch is nothing beside a stream that grows by 4 a block, after the first.
        assert growth == pytest.approx(600 * np.log(4), abs=0.5)


def test_a_normalized_stream_that_vanishes_does_not_divide_by_zero():
    net = ResNet(width=4, depth=3, normalization="rms", skip_scale=0.0)
    drawn = run_blocks(Program(net, LAZY, DEFAULT, 4096, 64), as_inputs(None, 10), key_of(1), range(1))
    assert drawn.dead.mean() == pytest.approx(1 - (1 - 2.0**-4) ** 3, abs=0.05)
    assert jnp.all(jnp.isfinite(drawn.values["log_norm_hidden"][~drawn.dead]))


@pytest.mark.parametrize("method", [FUSED, LAZY])
def test_a_branch_that_is_off_for_ever_does_not_hide_the_stream(method):
    """Once all units are negative z shrinks by skip_scale a block, far out of float32, but never dies."""
    net = ResNet(width=2, depth=400, normalization="rms", input_dim=1)
    drawn = run_blocks(Program(net, method, DEFAULT, 1024, 64), as_inputs(None, 1), key_of(2), range(2))
    assert not drawn.dead.any()
    # −274.6 and variance 23.5 in float64, written out in logarithms.
    assert drawn.values["log_norm_hidden"].mean() == pytest.approx(-274.6, abs=5 * np.sqrt(23.5 / 2048))


@pytest.mark.parametrize("method", [CHAIN, FUSED])
def test_what_is_dead_stays_dead_under_a_normalization(method):
    fields = {"block": "two-layer", "hidden_width": 2, "normalization": "rms"}
    net = ResNet(width=4, depth=5, skip_scale=0.0, branch_scale=1.0, **fields)
    drawn = run_blocks(Program(net, method, DEFAULT, 4096, 64), as_inputs(None, 10), key_of(3), range(1))
    assert drawn.dead.mean() == pytest.approx(1 - 0.75**5, abs=5 * np.sqrt(0.18 / 4096))


@pytest.mark.parametrize("method", [CHAIN, FUSED, LAZY])
def test_layers_on_the_weak_side_of_an_activation_do_not_die(method):
    net = MLP(width=1, depth=12, activation="leaky-relu:1,1e-14")
    drawn = run_blocks(Program(net, method, DEFAULT, 4096, 64), as_inputs(None, 10), key_of(4), range(1))
    assert not drawn.dead.any()
    half = 11 * np.log(1e-28) / 2  # each of eleven layers multiplies the square by 1e-28 with probability 1/2
    assert drawn.values["log_norm_hidden"].mean() == pytest.approx(half, abs=abs(half) * 0.1 + 20)


@pytest.mark.parametrize(
    ("net", "x", "message"),
    [
        (MLP(width=4, depth=2, bias_variance=1.0, input_dim=1), [1e45], "it must be from 1e-15 to 1e.15"),
        (ResNet(width=4, depth=2, normalization="rms", input_dim=1), [1e-19], "it must be from 1e-15 to 1e.15"),
        (MLP(width=4, depth=2, activation="leaky-relu:1,1e-20"), None, "make the smaller one 0"),
    ],
)
def test_what_float32_cannot_hold_is_refused_before_any_work(net, x, message):
    with pytest.raises(ValueError, match=message):
        sample(net, x, num_networks=10)
