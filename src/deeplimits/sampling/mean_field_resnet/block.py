"""Blocks of networks through all layers, as one compiled program."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
from jax import Array, lax

from deeplimits.architectures.particle_law import ParticleLaw
from deeplimits.randomness.keys import Key, fold_in, key_of, stream
from deeplimits.randomness.normals import normal


def draw_blocks(
    law: ParticleLaw,
    scale: float,
    start: list[float],
    depth: int,
    shape: tuple[int, int],
    shared: bool,
    identity: int,
    blocks: int,
) -> Array:
    """Return states at the end, (blocks, networks, 2).

    Args:
        law: of the particles.
        scale: α.
        start: x_0.
        depth: L.
        shape: networks in a block, and particles in a layer.
        shared: whether all layers have the same w.
        identity: what the random numbers depend on.
        blocks: how many.
    """
    key = jax.vmap(partial(fold_in, key_of(identity)))(jnp.arange(blocks))
    matrices = jnp.asarray(law.base), jnp.asarray(law.slope)
    return _blocks(key, matrices, jnp.float32(scale), jnp.asarray(start), depth, shape, shared)


@partial(jax.jit, static_argnames=("shape", "shared"))
def _blocks(
    keys: Key,
    matrices: tuple[Array, Array],
    scale: Array,
    start: Array,
    depth: Array,
    shape: tuple[int, int],
    shared: bool,
) -> Array:
    networks, particles = shape
    base, slope = matrices

    def block(key: Key) -> Array:
        def layer(number: Array, states: Array) -> Array:
            inner = normal(stream(key, 0 if shared else number), (2, networks, particles))
            value = jnp.tanh(inner[0] * states[:, :1] + inner[1] * states[:, 1:])
            # a is linear in w: the sum over particles comes before the matrix.
            summed = jnp.stack([jnp.sum(value * part, axis=1) for part in inner], axis=1)
            matrix = base + number / depth * slope
            return states + scale / (depth * particles) * jnp.sum(summed[:, None, :] * matrix, axis=2)

        return lax.fori_loop(0, depth, layer, jnp.broadcast_to(start, (networks, 2)))

    found: Array = lax.map(block, keys)
    return found
