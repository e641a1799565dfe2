"""The network's map against convolutions in plain numpy, and the law of its initial values."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from deeplimits.training.conv_resnet import ConvResNet
from deeplimits.training.conv_resnet.convolve import by_library, by_product
from deeplimits.training.conv_resnet.epoch import cross_entropy
from deeplimits.training.conv_resnet.forward import block, logits
from deeplimits.training.conv_resnet.parameters import Blocks, Parameters, initial_parameters, kernels

LOGITS = jax.jit(logits, static_argnums=2)
NETWORK = ConvResNet(stages=(2, 3), channels=(3, 4), input_channels=2, classes=3)
IMAGES = np.random.default_rng(1).normal(size=(2, 5, 5, 2))


def correlate(images: np.ndarray, kernel: np.ndarray, stride: int = 1) -> np.ndarray:
    """Return the convolution by its defining sum, in double precision."""
    rows, columns, _, outputs = kernel.shape
    count, height, width, _ = images.shape
    places_y, places_x = range(0, height, stride), range(0, width, stride)
    found = np.zeros((count, len(places_y), len(places_x), outputs))
    for a, y in enumerate(places_y):
        for b, x in enumerate(places_x):
            for i in range(rows):
                for j in range(columns):
                    above, left = y + i - rows // 2, x + j - columns // 2
                    if 0 <= above < height and 0 <= left < width:
                        found[:, a, b] += images[:, above, left] @ kernel[i, j]
    return found


def plain_logits(network: ConvResNet, parameters: Parameters, images: np.ndarray) -> np.ndarray:
    """Return the logits by a loop over blocks, from the network's description alone."""

    def relu(values: np.ndarray) -> np.ndarray:
        return np.maximum(values, 0)

    first, second = kernels(parameters)
    skips = [stage.entry.skip for stage in parameters.stages if stage.entry is not None]
    hidden = relu(correlate(images, np.asarray(parameters.stem)))
    for place, one, other in zip(network.places((5, 5)), first, second, strict=True):
        assert hidden.shape[1:3] == place.resolution
        branch = correlate(relu(correlate(hidden, one, place.stride)), other)
        assert branch.shape[1:3] == place.inside
        skip = correlate(hidden, np.asarray(skips.pop(0)), place.stride) if place.changes_shape else hidden
        hidden = relu(branch + skip)
    return hidden.mean(axis=(1, 2)) @ np.asarray(parameters.readout) + np.asarray(parameters.bias)


def larger(parameters: Parameters) -> Parameters:
    return jax.tree.map(lambda part: 2 * part, parameters)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("size", [1, 3, 5])
def test_both_convolutions_are_their_defining_sum(size: int, stride: int) -> None:
    generator = np.random.default_rng(size)
    images, kernel = generator.normal(size=(2, 7, 6, 3)), generator.normal(size=(size, size, 3, 4))
    expected = correlate(images, kernel, stride)
    for convolve in (by_library, by_product):
        found = convolve(jnp.asarray(images, jnp.float32), jnp.asarray(kernel, jnp.float32), stride)
        assert np.asarray(found) == pytest.approx(expected, abs=2e-5)


def test_the_loop_over_blocks_is_the_network_as_described() -> None:
    parameters = larger(initial_parameters(NETWORK, np.random.default_rng(0)))
    found = LOGITS(parameters, jnp.asarray(IMAGES, jnp.float32), NETWORK.strides)
    expected = plain_logits(NETWORK, parameters, IMAGES)
    assert np.asarray(found) == pytest.approx(expected, abs=1e-5)
    # The control: without ReLU after the skip connection it is another network.
    negative = parameters._replace(stem=-parameters.stem)
    assert np.abs(plain_logits(NETWORK, negative, IMAGES) - expected).max() > 1e-2


def test_a_block_has_an_outer_relu_and_no_bias() -> None:
    kernel = jnp.zeros((3, 3, 2, 2))
    hidden = jnp.asarray(IMAGES, jnp.float32)
    assert np.array_equal(block(hidden, Blocks(kernel, kernel, None)), np.maximum(hidden, 0))
    entry = Blocks(jnp.zeros((3, 3, 2, 4)), jnp.zeros((3, 3, 4, 4)), jnp.ones((1, 1, 2, 4)))
    assert np.asarray(block(hidden, entry, 2)) == pytest.approx(
        np.maximum(correlate(IMAGES, np.ones((1, 1, 2, 4)), 2), 0), abs=1e-5
    )


def test_gradients_are_those_of_finite_differences() -> None:
    with jax.enable_x64(True):
        drawn = larger(initial_parameters(NETWORK, np.random.default_rng(2)))
        parameters = jax.tree.map(lambda part: jnp.asarray(np.asarray(part), jnp.float64), drawn)
        images, labels = jnp.asarray(IMAGES), jnp.asarray([2, 0])

        @jax.jit
        @jax.value_and_grad
        def loss(at: Any) -> Any:
            return cross_entropy(logits(at, images, NETWORK.strides), labels).mean()

        _, gradient = loss(parameters)
        for seed in range(4):
            generator = np.random.default_rng(seed)
            along = jax.tree.map(lambda part: jnp.asarray(generator.normal(size=part.shape)), parameters)  # noqa: B023
            ahead, behind = (
                float(loss(jax.tree.map(lambda part, move: part + step * move, parameters, along))[0])  # noqa: B023
                for step in (1e-6, -1e-6)
            )
            slope = sum(float(jnp.vdot(*pair)) for pair in zip(*map(jax.tree.leaves, (gradient, along)), strict=True))
            assert (ahead - behind) / 2e-6 == pytest.approx(slope, rel=1e-5)


def test_the_papers_shapes() -> None:
    network = ConvResNet(stages=(2, 3, 4, 2))
    places = list(network.places((32, 32)))
    assert [place.resolution[0] for place in places] == [32] * 3 + [16] * 3 + [8] * 4 + [4]
    assert [place.inside[0] for place in places] == [32] * 2 + [16] * 3 + [8] * 4 + [4] * 2
    assert [place.changes_shape for place in places].count(True) == 3
    parameters = initial_parameters(network, np.random.default_rng(0))
    first, second = kernels(parameters)
    assert [kernel.shape[2:] for kernel in first][1:4] == [(64, 64), (64, 128), (128, 128)]
    assert second[-1].shape == (3, 3, 512, 512) and parameters.stages[0].entry is None
    # Kernels of 11 blocks, three skip connections, the first convolution and the readout.
    blocks = 9 * (4 * 64**2 + 64 * 128 + 5 * 128**2 + 128 * 256 + 7 * 256**2 + 256 * 512 + 3 * 512**2)
    skips = 64 * 128 + 128 * 256 + 256 * 512
    assert sum(part.size for part in jax.tree.leaves(parameters)) == blocks + skips + 27 * 64 + 5130


def test_initial_values_are_uniform_with_the_fan_in() -> None:
    network = ConvResNet(stages=(3, 2), channels=(16, 24), input_channels=3)
    parameters = initial_parameters(network, np.random.default_rng(0))
    entry = parameters.stages[1].entry
    assert entry is not None and parameters.stages[0].others is not None
    fans = [
        (parameters.stem, 27),
        (parameters.stages[0].others.first, 144),
        (entry.first, 144),
        (entry.second, 216),
        (entry.skip, 16),
        (parameters.readout, 24),
    ]
    for part, fan_in in fans:
        entries = np.asarray(part, np.float64).ravel() * np.sqrt(fan_in)
        assert stats.kstest(entries, "uniform", args=(-1, 2)).pvalue > 1e-3
        # The control: with another fan-in by a factor of 2, such as that of He's rule.
        assert stats.kstest(np.sqrt(2) * entries, "uniform", args=(-1, 2)).pvalue < 1e-3
