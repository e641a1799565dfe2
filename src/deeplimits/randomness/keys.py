"""Keys: how an identity becomes independent streams of random numbers.

One generator serves everything. A key is two 32-bit words under which threefry hashes two counters: the position in a
stream, and the stream's number. Choosing a stream costs nothing, so the layers of one network are streams of its key;
making a new key costs a hash, so that is done once a network.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp

from deeplimits.randomness.threefry import threefry2x32

# Four kinds of use share a stream's number, so that no word is used twice.
_PURPOSES = 4
NORMALS, SIGNS, KEYS, SECOND_NORMALS = range(4)


class Key(NamedTuple):
    """Hold the two uint32 words of a threefry key, and the number of a stream (arrays: one key or a batch)."""

    high: jax.Array
    low: jax.Array
    stream: jax.Array


def key_of(identity: int) -> Key:
    """Return the key whose 64 bits are ``identity``."""
    return Key(jnp.uint32(identity >> 32), jnp.uint32(identity & 0xFFFFFFFF), jnp.uint32(0))


def fold_in(key: Key, index: int | jax.Array) -> Key:
    """Return the key of the ``index``-th child of ``key``: different indices give independent keys."""
    high, low = random_bits(key, jnp.asarray(index).astype(jnp.uint32), KEYS)
    return Key(high, low, jnp.zeros_like(high))


def stream(key: Key, number: int | jax.Array) -> Key:
    """Return ``key`` set to its stream of that ``number``, below 2³⁰: different numbers are independent."""
    return key._replace(stream=jnp.broadcast_to(jnp.asarray(number).astype(jnp.uint32), key.high.shape))


def lane_bits(key: Key, position: jax.Array, lane: jax.Array, purpose: int) -> tuple[jax.Array, jax.Array]:
    """Return two uint32 arrays of random bits, one pair for each (position, lane), which broadcast.

    A lane, below 2³⁰, takes the place of a stream: for networks that share one key and lie side by side.
    """
    return threefry2x32((key.high, key.low), (position, lane * jnp.uint32(_PURPOSES) + jnp.uint32(purpose)))


def random_bits(key: Key, position: jax.Array, purpose: int) -> tuple[jax.Array, jax.Array]:
    """Return two uint32 arrays of random bits, one pair for each ``position`` in the key's stream."""
    number = key.stream * jnp.uint32(_PURPOSES) + jnp.uint32(purpose)
    return threefry2x32((key.high, key.low), (position, jnp.broadcast_to(number, position.shape)))
