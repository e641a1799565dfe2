"""Random crops and mirror images, inside of a compiled step."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array, lax


def augmented(key: Array, images: Array, black: Array, padding: int, flip: bool) -> Array:
    """Return each image moved by up to ``padding`` pixels both ways, and half of them mirrored if ``flip``.

    Args:
        key: of the random numbers.
        images: (images, height, width, channels).
        black: what comes in from beyond the borders, (channels,).
        padding: pixels.
        flip: whether to mirror, left to right.
    """
    count, height, width, channels = images.shape
    placing, mirroring = jax.random.split(key)
    if padding:
        wide = ((0, 0), (padding, padding), (padding, padding), (0, 0))
        enlarged = jnp.pad(images - black, wide) + black
        corners = jax.random.randint(placing, (count, 2), 0, 2 * padding + 1)
        images = jax.vmap(
            lambda image, corner: lax.dynamic_slice(image, (corner[0], corner[1], 0), (height, width, channels))
        )(enlarged, corners)
    if flip:
        mirrored = jax.random.bernoulli(mirroring, 0.5, (count, 1, 1, 1))
        images = jnp.where(mirrored, images[:, :, ::-1], images)
    return images
