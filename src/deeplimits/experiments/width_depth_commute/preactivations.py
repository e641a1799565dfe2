"""The last preactivations of random networks, unit by unit: what sampling streams into sums is kept here."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from deeplimits._typing import Float64Array
from deeplimits.architectures import Architecture
from deeplimits.matrices import DenseGaussian, LazyGaussian, Matrix
from deeplimits.networks.layer import Draws, first_layer, stepper
from deeplimits.networks.scales import num_blocks_of
from deeplimits.randomness.keys import Key, fold_in, key_of

_BATCH = 256
_FEW = 8


def last_preactivations(
    architecture: Architecture, x: Float64Array, num_networks: int, seed: int, units: int
) -> Float64Array:
    """Return z_depth of ``num_networks`` networks, shape (networks, inputs, units).

    Args:
        architecture: which network.
        x: input rows, shape (inputs, input_dim).
        num_networks: how many independent networks.
        seed: integer from 0 to 2⁶³ − 1.
        units: the first so many units are kept.
    """
    scale = np.sqrt(architecture.input_variance / architecture.input_dim)
    vectors = jnp.asarray(scale * x, dtype=jnp.float32)
    batch = min(_BATCH, num_networks) if len(x) == 1 else 1
    # Of many inputs the answers cost more than the matrix.
    matrix = LazyGaussian if _FEW * len(x) < architecture.width else DenseGaussian
    parts = [
        np.asarray(_draw(architecture, matrix, vectors, key_of(seed), jnp.arange(first, first + batch), units))
        for first in range(0, num_networks, batch)
    ]
    return np.asarray(np.concatenate(parts)[:num_networks], dtype=np.float64)


@partial(jax.jit, static_argnames=("architecture", "matrix", "units"))
def _draw(
    architecture: Architecture,
    matrix: type[Matrix],
    vectors: Float[Array, "k input_dim"],
    key: Key,
    numbers: Array,
    units: int,
) -> Float[Array, "networks k units"]:
    def one(network_key: Key) -> Array:
        draws = Draws(matrix, network_key)
        step = stepper(architecture, draws)
        start = first_layer(architecture, draws, vectors), jnp.uint32(1)
        state, _ = jax.lax.fori_loop(
            0, num_blocks_of(architecture), lambda _, carry: (step(*carry), carry[1] + 1), start
        )
        return state.mantissa[:, :units] * jnp.exp2(state.exponent)[:, None]

    drawn: Array = jax.vmap(one)(fold_in(key, numbers))
    return drawn
