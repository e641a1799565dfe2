"""The layer against its equation, written out in NumPy with the matrices that the dense kind draws."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.matrices import DenseGaussian, LazyGaussian
from deeplimits.networks import forward as forward_eagerly
from deeplimits.networks.scaled import Scaled, rescale
from deeplimits.observables import recorded_layers
from deeplimits.randomness.keys import fold_in, key_of, stream
from deeplimits.randomness.normals import normal
from deeplimits.randomness.normals import signs as random_signs

# Compiled as a whole: one program in place of one for each operation.
forward = jax.jit(forward_eagerly, static_argnums=(0, 1, 4))
X = np.random.default_rng(1).normal(size=(2, 3))
KEY = key_of(11)


def weights(rows, columns, layer):
    return np.asarray(normal(stream(KEY, layer), (rows, columns)), np.float64)


def true_values(scaled):
    return np.asarray(scaled.mantissa, np.float64) * 2.0 ** np.asarray(scaled.exponent)[:, None]


def expect(reading, z, output):
    """Compare every number of a reading with the network's true last preactivations and outputs."""
    power = 2.0 ** np.asarray(reading.last.exponent)
    positive = np.maximum(z, 0)
    np.testing.assert_allclose(reading.last.squared_norm * power**2, np.sum(z**2, axis=1), rtol=5e-5)
    np.testing.assert_allclose(reading.last.positive_energy * power**2, np.sum(positive**2, axis=1), rtol=5e-5)
    np.testing.assert_array_equal(reading.last.num_positive, np.sum(z > 0, axis=1))
    power = 2.0 ** np.asarray(reading.output_exponent)
    np.testing.assert_allclose(np.asarray(reading.output) * power, output.T, rtol=5e-5, atol=1e-5)


@pytest.mark.parametrize("kind", [ResNet, BalancedResNet])
@pytest.mark.parametrize("activation", ["relu", "tanh", "leaky-relu:1,-0.5"])
def test_a_residual_network_is_its_equation(kind, activation):
    net = kind(
        width=6, depth=3, input_dim=3, output_dim=2, skip_scale=0.8, branch_scale=-0.7, weight_variance=1.7,
        activation=activation,
    )  # fmt: skip
    reading = forward(net, DenseGaussian, jnp.asarray(X, jnp.float32), KEY)
    z = X @ weights(6, 3, 0).T
    for layer in (1, 2, 3):
        signs = 1.0
        if kind is BalancedResNet:
            signs = np.asarray(random_signs(stream(KEY, layer), 6), np.float64)
        z = 0.8 * z - 0.7 * np.sqrt(1.7 / 6) * net.phi(signs * z) @ weights(6, 6, layer).T
    expect(reading, z, z @ weights(2, 6, 4).T / np.sqrt(6))


def test_an_mlp_is_its_equation():
    net = MLP(width=6, depth=3, input_dim=3, output_dim=2, weight_variance=1.7)
    reading = forward(net, DenseGaussian, jnp.asarray(X, jnp.float32), KEY)
    z = X @ weights(6, 3, 0).T
    for layer in (1, 2):
        z = np.sqrt(1.7 / 6) * np.maximum(z, 0) @ weights(6, 6, layer).T
    output = np.sqrt(1.7 / 6) * np.maximum(z, 0) @ weights(2, 6, 3).T
    expect(reading, z, output)


def test_signs_are_fresh_in_each_block_and_shared_by_the_inputs():
    net = BalancedResNet(width=50, depth=1, input_dim=3, activation="relu", skip_scale=0)
    x = jnp.asarray(np.stack([X[0], X[0]]), jnp.float32)
    reading = forward(net, LazyGaussian, x, KEY)
    np.testing.assert_allclose(reading.output[:, 0], reading.output[:, 1], rtol=1e-5)


def test_dead_is_a_readout_that_is_fed_zeros():
    net = MLP(width=1, depth=2, input_dim=1)
    keys = fold_in(KEY, jnp.arange(200))
    reading = jax.vmap(lambda key: forward(net, LazyGaussian, jnp.ones((1, 1)), key))(keys)
    dead = np.asarray(reading.dead)[:, 0]
    np.testing.assert_array_equal(dead, np.all(np.asarray(reading.output) == 0, axis=(1, 2)))
    assert 100 < np.count_nonzero(dead) < 190


def test_rescaling_is_exact_and_leaves_zeros_alone():
    values = jnp.asarray([[3.0, -1e-30], [0.0, 0.0], [1e38, 1.0], [1e-37, 0.0]], jnp.float32)
    scaled = rescale(Scaled(values, jnp.zeros(4, jnp.int32)))
    np.testing.assert_array_equal(true_values(scaled), np.asarray(values, np.float64))
    assert 1 <= float(scaled.mantissa[0, 0]) < 2
    assert int(scaled.exponent[1]) == 0


@pytest.mark.parametrize(("depth", "max_layers"), [(5, 64), (7, 4), (1, 2)])
def test_the_path_passes_through_shallower_networks(depth, max_layers):
    def at(depth, max_layers=None):
        net = ResNet(width=6, depth=depth, input_dim=3)
        return forward(net, DenseGaussian, jnp.asarray(X, jnp.float32), KEY, max_layers)

    path = at(depth, max_layers).path
    layers = recorded_layers(depth, max_layers)
    assert path.squared_norm.shape == (len(layers), 2)
    assert len(layers) <= max_layers
    assert layers[0] == 0
    assert layers[-1] == depth
    for row, layer in enumerate(layers[1:], start=1):
        last = at(layer).last
        true = [np.asarray(p.squared_norm) * 4.0 ** np.asarray(p.exponent) for p in (path, last)]
        np.testing.assert_allclose(true[0][row], true[1], rtol=1e-5)
