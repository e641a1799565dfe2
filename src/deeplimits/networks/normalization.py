"""What a pre-norm residual block does to its input before the first matrix; see `architectures.ResNet`."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float


def normalized(normalization: str, vectors: Float[Array, "... n"]) -> Float[Array, "... n"]:
    """Return N(z) of each vector z: √n z/‖z‖ (``rms``), or (z − mean) over its standard deviation (``layer``).

    A vector without variation, such as 0, becomes 0.

    >>> normalized("layer", jnp.array([1.0, 3.0])).tolist()
    [-1.0, 1.0]
    """
    if normalization == "layer":
        vectors = vectors - jnp.mean(vectors, axis=-1, keepdims=True)
    square = jnp.mean(vectors**2, axis=-1, keepdims=True)
    return vectors / jnp.sqrt(jnp.where(square > 0, square, 1))
