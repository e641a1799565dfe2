"""What is trained, of networks side by side, and its initial values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array

from deeplimits._typing import Float64Array
from deeplimits.randomness import stable_hash
from deeplimits.training.residual_classifier.network import ResidualClassifier
from deeplimits.weights.laws import draw_layers


class Parameters(NamedTuple):
    """Hold what is trained; there may be room for more layers than the networks have.

    Args:
        embedding: A, (networks, width, input_dim).
        readout: B, (networks, classes, width).
        outer: V, (room, networks, width, width).
        inner: θ, likewise; None with one matrix in a block.
        outer_bias: b, (room, networks, width); None without biases.
        inner_bias: c, likewise; None also with one matrix in a block.
    """

    embedding: Array
    readout: Array
    outer: Array
    inner: Array | None
    outer_bias: Array | None
    inner_bias: Array | None


def generators_of(network: ResidualClassifier, seed: int, numbers: Sequence[int]) -> list[np.random.Generator]:
    """Return what A, B and the order of samples of each network are drawn with, whatever the learning rate."""
    return [np.random.default_rng(_key(network, seed, number, "ends and order")) for number in numbers]


def initial_parameters(
    network: ResidualClassifier,
    input_dim: int,
    classes: int,
    *,
    seed: int,
    numbers: Sequence[int],
    generators: Sequence[np.random.Generator],
    room: int,
) -> Parameters:
    """Return the initial values of networks side by side.

    Args:
        network: the network.
        input_dim: entries of an input.
        classes: logits.
        seed: of all networks.
        numbers: of the networks; equal ones start from equal values.
        generators: one for each network, for A and B; they go on from there.
        room: layers to make room for.
    """
    depth, width = network.depth, network.width
    ends = [(_uniform(one, width, input_dim), _uniform(one, classes, width)) for one in generators]
    embedding, readout = (jnp.asarray(np.stack(part), jnp.float32) for part in zip(*ends, strict=True))

    def drawn(matrix: str) -> Array:
        made = {
            number: draw_layers(network.law, depth, (width, width), seed=_key(network, seed, number, matrix))
            for number in set(numbers)
        }
        side_by_side = np.zeros((room, len(numbers), width, width), np.float32)
        for place, number in enumerate(numbers):
            side_by_side[:depth, place] = made[number]
        return jnp.asarray(side_by_side)

    two, bias = network.matrices == 2, jnp.zeros((room, len(numbers), width), jnp.float32)
    return Parameters(
        embedding=embedding,
        readout=readout,
        outer=drawn("outer"),
        inner=drawn("inner") if two else None,
        outer_bias=bias if network.has_biases else None,
        inner_bias=jnp.zeros_like(bias) if network.has_biases and two else None,
    )


def _key(network: ResidualClassifier, seed: int, number: int, part: str) -> int:
    """Return the seed of one part of one network; networks of all exponents, blocks and laws' biases share it."""
    shape = {"depth": network.depth, "width": network.width, "law": network.law}
    return stable_hash({"residual_classifier": shape, "seed": seed, "network": number, "part": part})


def _uniform(generator: np.random.Generator, rows: int, fan_in: int) -> Float64Array:
    return generator.uniform(-1, 1, (rows, fan_in)) * np.sqrt(3 / fan_in)
