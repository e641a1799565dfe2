"""What is trained, of networks side by side, and its initial values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array

from deeplimits.training.deep_resnet.network import DeepResNet
from deeplimits.training.deep_resnet.propagate import Layers


class Parameters(NamedTuple):
    """Hold what is trained; there may be room for more layers than the network has.

    Args:
        weight: A, (room, networks, width, width).
        bias: b, (room, networks, width).
        delta: (networks,) if shared, (room, networks) if per layer, None if there is none.
    """

    weight: Array
    bias: Array
    delta: Array | None


def initial_parameters(network: DeepResNet, generators: Sequence[np.random.Generator], room: int) -> Parameters:
    """Return the initial values of one network for each generator, which go on from there."""
    depth, width = network.depth, network.width

    def draw(deviation: float, *shape: int) -> Array:
        drawn = [generator.standard_normal((depth, *shape), np.float32) for generator in generators]
        side_by_side = np.stack(drawn, axis=1) * np.float32(deviation)
        return jnp.asarray(np.pad(side_by_side, [(0, room - depth)] + [(0, 0)] * (len(shape) + 1)))

    weight, bias = draw(network.weight_sd, width, width), draw(network.bias_sd, width)
    if network.delta == "none":
        return Parameters(weight, bias, None)
    shared = jnp.full(len(generators), 1 / depth, jnp.float32)
    return Parameters(weight, bias, shared if network.delta == "shared" else draw(1 / depth))


def layers_of(parameters: Parameters, live: Array) -> Layers:
    """Return weight, bias and the scale with which each layer acts.

    Args:
        parameters: of all networks.
        live: (room,): 1 for the network's layers, 0 for the room left over.
    """
    weight, bias, delta = parameters
    if delta is None:
        delta = jnp.ones(weight.shape[:2], weight.dtype)
    elif delta.ndim == 1:
        delta = jnp.abs(delta)[None]
    return weight, bias, delta * live[:, None]
