"""The weights of a network in training: effective weights, the matrices that multiply activations."""

from __future__ import annotations

import math
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array

from deeplimits.architectures import MLP, Architecture, BalancedResNet, ResNet
from deeplimits.parametrizations import WeightGroups
from deeplimits.randomness.keys import NORMALS, Key, random_bits
from deeplimits.randomness.normals import normal, signs


class Weights(NamedTuple):
    """Hold one number, array or learning rate for each group of weights.

    Args:
        input: W_in (width, input_dim), or what stands for it.
        hidden: all square matrices, (matrices, width, width).
        output: W_out (output_dim, width).
    """

    input: Array
    hidden: Array
    output: Array

    def times(self, factors: Weights) -> Weights:
        """Return the product, group by group."""
        return Weights(*(part * factor for part, factor in zip(self, factors, strict=True)))

    def minus(self, other: Weights) -> Weights:
        """Return the difference, group by group."""
        return Weights(*(part - subtracted for part, subtracted in zip(self, other, strict=True)))


def as_weights(groups: WeightGroups) -> Weights:
    """Return one float32 number for each group."""
    return Weights(*(jnp.float32(number) for number in groups))


def num_matrices_of(architecture: Architecture) -> int:
    """Return the number of square matrices: depth − 1 in an MLP, depth in a ResNet."""
    return architecture.depth - 1 if isinstance(architecture, MLP) else architecture.depth


def initial_weights(architecture: Architecture, law: str, key: Key) -> Weights:
    """Draw the effective weights of the standard parametrization.

    They are independent, with variance input_variance / input_dim, weight_variance / width (in a ResNet times
    branch_scale²) and, for the readout, weight_variance / width (in a ResNet 1 / width).

    Args:
        architecture: the network.
        law: gaussian or uniform.
        key: of the network.
    """
    width, number = architecture.width, num_matrices_of(architecture)
    hidden = math.sqrt(architecture.weight_variance / width)
    scales = [math.sqrt(architecture.input_variance / architecture.input_dim), hidden, hidden]
    if isinstance(architecture, ResNet):
        scales = [scales[0], architecture.branch_scale * hidden, 1 / math.sqrt(width)]
    shapes = [(width, architecture.input_dim), (number, width, width), (architecture.output_dim, width)]
    ends = np.cumsum([math.prod(shape) for shape in shapes])
    # All at once: programs in which the generator stands once compile sooner.
    numbers = (_uniform if law == "uniform" else normal)(key, (int(ends[-1]),))
    parts = jnp.split(numbers, ends[:-1])
    return Weights(*(scale * part.reshape(shape) for scale, part, shape in zip(scales, parts, shapes, strict=True)))


def flips_of(architecture: Architecture, key: Key) -> Array:
    """Return what φ's arguments are multiplied by before each square matrix, (matrices, width, 1) or (matrices, 1, 1).

    In a Balanced network these are random signs, elsewhere ones.
    """
    number = num_matrices_of(architecture)
    if not isinstance(architecture, BalancedResNet):
        return jnp.ones((number, 1, 1))
    return signs(key, number * architecture.width).reshape(number, architecture.width, 1)


def _uniform(key: Key, shape: tuple[int, ...]) -> Array:
    """Return float32 numbers uniform on [−√3, √3], of variance 1."""
    count = math.prod(shape)
    words = jnp.concatenate(random_bits(key, jnp.arange((count + 1) // 2, dtype=jnp.uint32), NORMALS))[:count]
    return (math.sqrt(3) * 2.0**-31 * words.astype(jnp.int32).astype(jnp.float32)).reshape(shape)
