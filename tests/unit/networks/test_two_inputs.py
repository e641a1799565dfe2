"""The pair of inputs, split into parts, against the same network run as it is and in integers of any length."""

import math
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.datasets import along_and_across
from deeplimits.matrices import DenseGaussian
from deeplimits.networks import forward
from deeplimits.networks.reductions.two_inputs import forward_pair
from deeplimits.observables import recorded_layers
from deeplimits.randomness.keys import key_of, stream
from deeplimits.randomness.normals import normal

KEY = key_of(5)
UNIT, BITS = 60, 600


def directions(cosine):
    return np.array([[1.0, 0.0], [cosine, math.sqrt(1 - cosine**2)]])


@cache
def program(run, net, max_layers):
    return jax.jit(lambda vectors: run(net, DenseGaussian, vectors, KEY, max_layers))


def read_pair(net, rows, max_layers=64):
    return program(forward_pair, net, max_layers)(jnp.asarray(along_and_across(rows), jnp.float32))


def log_sines(layer):
    return np.log(np.asarray(layer.sine, np.float64)) + np.asarray(layer.sine_exponent) * math.log(4)


RESNET = ResNet(width=12, depth=6, input_dim=2, skip_scale=-0.8, branch_scale=0.7)
SHALLOW = [
    MLP(width=12, depth=6, input_dim=2, activation="leaky-relu:1,-0.4"),
    RESNET,
    BalancedResNet(width=12, depth=6, input_dim=2, activation="leaky-relu:0.5,2"),
]


@pytest.mark.parametrize("cosine", [0.9, -0.7])
@pytest.mark.parametrize(
    "net",
    [net if net is RESNET else pytest.param(net, marks=pytest.mark.slow) for net in SHALLOW],  # two programs each
    ids=lambda net: net.kind,
)
def test_it_is_the_network_that_the_general_layer_runs(net, cosine):
    rows = directions(cosine)
    general = program(forward, net, 64)(jnp.asarray(rows, jnp.float32))
    pair = read_pair(net, rows)
    for one, other in ((pair.path, general.path), (pair.last, general.last)):
        power = 4.0 ** (np.asarray(one.exponent) - np.asarray(other.exponent))
        np.testing.assert_allclose(one.squared_norm * power, other.squared_norm, rtol=2e-4)
        np.testing.assert_allclose(one.positive_energy * power, other.positive_energy, rtol=2e-4)
        np.testing.assert_array_equal(one.num_positive, other.num_positive)
        np.testing.assert_allclose(one.cosine, other.cosine, atol=2e-5)
        np.testing.assert_allclose(log_sines(one), log_sines(other), atol=2e-4)
    power = 2.0 ** (np.asarray(pair.output_exponent) - np.asarray(general.output_exponent))
    np.testing.assert_allclose(pair.output * power, general.output, rtol=1e-3, atol=1e-4)


def in_integers(net, rows, layers):
    """Return ln sin of the angle at ``layers`` of an MLP, in fixed point; common factors are left out."""
    width = net.width
    down = {
        0.25: lambda z: np.minimum(z, 0) >> 2,
        0.0: lambda z: 0 * z,
        1.0: lambda z: np.minimum(z, 0),
    }[net.phi.slopes[1]]
    weights = jax.jit(lambda layer: normal(stream(KEY, layer), (width, width)))

    def integers(array):
        return np.vectorize(lambda value: round(float(value) * 2**UNIT), otypes=[object])(np.asarray(array))

    first = np.asarray(normal(stream(KEY, 0), (width, 2)), np.float64)
    state = [(integers(first) @ integers(row)) << (BITS - 2 * UNIT) for row in rows]
    found = {}
    for layer in range(max(layers) + 1):
        if layer:
            scale = math.isqrt(int(width / net.weight_variance * 4**UNIT))
            matrix = integers(weights(layer))
            state = [(matrix @ (np.maximum(z, 0) + down(z))) // scale for z in state]
        if layer in layers:
            a, b, c = (int(u @ v) for u, v in ((state[0], state[0]), (state[1], state[1]), (state[0], state[1])))
            found[layer] = (math.log(a * b - c * c) - math.log(a) - math.log(b)) / 2
    return [found[layer] for layer in layers]


@pytest.mark.parametrize(
    ("net", "cosine", "below"),
    [
        (MLP(width=16, depth=601, input_dim=2, activation="leaky-relu:1,0.25"), 0.3, -20),
        # A linear network turns obtuse angles into straight ones.
        (MLP(width=16, depth=601, input_dim=2, activation="identity"), -0.3, -20),
        pytest.param(MLP(width=64, depth=4001, input_dim=2), 0.3, -60, marks=pytest.mark.slow),
    ],
    ids=["leaky", "linear", "relu"],
)
def test_the_smallest_angles_are_those_of_integers_of_six_hundred_bits(net, cosine, below):
    rows = directions(cosine)
    path = read_pair(net, rows, max_layers=11).path
    layers = recorded_layers(net.depth - 1, 11)
    exact = in_integers(net, rows, layers)
    assert exact[-1] < below
    # Rounding moves z by 1e-7 of its size, which at an angle of 1e-4 moves a unit that happens to change sign by 1e-3
    # of what it adds; as it would move any number by so little, no law notices.
    np.testing.assert_allclose(log_sines(path)[:, 0], exact, atol=1e-2)


def test_inputs_that_differ_in_the_twelfth_digit_keep_their_angle():
    small, smaller = (log_sines(read_pair(RESNET, np.array([[1.0, 0.0], [1.0, y]])).path) for y in (3e-5, 3e-12))
    np.testing.assert_allclose(smaller, small - math.log(1e7), atol=1e-3)
