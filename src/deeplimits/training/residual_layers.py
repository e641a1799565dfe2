"""What the propagation through many residual layers shares: segments of layers, and products of small matrices."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array, lax

_WHOLE = 128  # layers, up to which there is one segment
_LEAST = 16
_NARROW = 24  # width up to which a product fused into the loop is faster than a call of a matrix product


def segments_of(depth: int) -> tuple[int, int]:
    """Return the number of segments and their length; together they have room for ``depth`` layers or a few more.

    Networks of similar depth share them, and with them a compiled program: layers of scale 0 fill the room.

    >>> segments_of(20), segments_of(128), segments_of(9100)
    ((1, 32), (1, 128), (96, 95))
    """
    if depth <= _WHOLE:
        return 1, max(_LEAST, 2 ** math.ceil(math.log2(depth)))
    length = round(math.sqrt(depth))
    return math.ceil(depth / length), length


def in_segments(through: Callable[[Any, Array], Array], segments: int, layers: Any, hidden: Array) -> Array:
    """Return the last hidden state; of each segment only the first one is kept for the gradient.

    Args:
        through: hidden state after some layers, from them and the state before.
        segments: number of segments of equal length.
        layers: arrays (depth, …).
        hidden: h_0.
    """
    if segments == 1:
        return through(layers, hidden)

    def segment(state: Array, some: Any) -> tuple[Array, None]:
        return jax.checkpoint(through)(some, state), None

    split = jax.tree.map(lambda part: part.reshape(segments, -1, *part.shape[1:]), layers)
    return lax.scan(segment, hidden, split)[0]


def product(weight: Array, states: Array) -> Array:
    """Return weight times states: (…, width, width) and (…, width, batch)."""
    if weight.shape[-1] > _NARROW:
        return weight @ states
    return jnp.sum(weight[..., :, :, None] * states[..., None, :, :], axis=-2)


def transposed_product(weight: Array, states: Array) -> Array:
    """Return the transpose of weight times states."""
    if weight.shape[-1] > _NARROW:
        return jnp.swapaxes(weight, -1, -2) @ states
    return jnp.sum(weight[..., :, :, None] * states[..., :, None, :], axis=-3)
