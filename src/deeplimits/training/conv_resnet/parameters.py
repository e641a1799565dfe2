"""What is trained, and its initial values."""

from __future__ import annotations

import math
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array

from deeplimits.training.conv_resnet.network import ConvResNet

SIZE = 3  # of the kernels in a block, in pixels


class Blocks(NamedTuple):
    """Hold the kernels of one block, or of several of one shape with a leading axis.

    Args:
        first: A, (…, 3, 3, channels in, channels).
        second: Δ, (…, 3, 3, channels, channels).
        skip: S, (…, 1, 1, channels in, channels), or None for the identity.
    """

    first: Array
    second: Array
    skip: Array | None


class Stage(NamedTuple):
    """Hold the blocks of one stage.

    Args:
        entry: the first block if it changes the shape, else None.
        others: the other blocks, with a leading axis; None if there are none.
    """

    entry: Blocks | None
    others: Blocks | None


class Parameters(NamedTuple):
    """Hold what is trained.

    Args:
        stem: kernel of the first convolution, (3, 3, input channels, channels).
        stages: the blocks.
        readout: (channels, classes).
        bias: (classes,).
    """

    stem: Array
    stages: tuple[Stage, ...]
    readout: Array
    bias: Array


def initial_parameters(network: ConvResNet, generator: np.random.Generator) -> Parameters:
    """Return initial values: every entry uniform on ± 1/sqrt(fan-in)."""

    def draw(fan_in: int, *shape: int) -> Array:
        bound = 1 / math.sqrt(fan_in)
        return jnp.asarray(generator.uniform(-bound, bound, shape), jnp.float32)

    def kernel(size: int, inputs: int, channels: int, count: tuple[int, ...] = ()) -> Array:
        return draw(size**2 * inputs, *count, size, size, inputs, channels)

    stem = kernel(SIZE, network.input_channels, network.channels[0])
    stages = []
    for number, channels in enumerate(network.channels):
        places = [place for place in network.places() if place.stage == number]
        entry = None
        if places[0].changes_shape:
            inputs = places.pop(0).inputs
            entry = Blocks(
                kernel(SIZE, inputs, channels), kernel(SIZE, channels, channels), kernel(1, inputs, channels)
            )
        count = (len(places),)
        first, second = (kernel(SIZE, channels, channels, count) for _ in range(2)) if places else (None, None)
        stages.append(Stage(entry, None if first is None or second is None else Blocks(first, second, None)))
    readout = draw(network.channels[-1], network.channels[-1], network.classes)
    return Parameters(stem, tuple(stages), readout, draw(network.channels[-1], network.classes))


def kernels(parameters: Parameters) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return A_k and Δ_k of every block in order."""
    first: list[np.ndarray] = []
    second: list[np.ndarray] = []
    for stage in parameters.stages:
        if stage.entry is not None:
            first.append(np.asarray(stage.entry.first))
            second.append(np.asarray(stage.entry.second))
        if stage.others is not None:
            first += list(np.asarray(stage.others.first))
            second += list(np.asarray(stage.others.second))
    return first, second
