"""One random network, forward."""

from __future__ import annotations

import jax.numpy as jnp
from jaxtyping import Array, Float

from deeplimits.architectures import MLP, Architecture
from deeplimits.matrices import Matrix
from deeplimits.networks.layer import Draws, first_layer, stepper
from deeplimits.networks.reading import Layer, Reading, scan_blocks
from deeplimits.networks.scaled import Scaled
from deeplimits.networks.scales import is_lost, num_blocks_of, readout_scale
from deeplimits.randomness.keys import Key

# Vectors known to 2^-24, their errors grown in some layers: a sine of 2^-14 is known to some tenths of a per cent.
_SMALLEST_SINE = 2.0**-14


def forward(
    architecture: Architecture,
    matrix: type[Matrix],
    vectors: Float[Array, "k input_dim"],
    key: Key,
    max_layers: int | None = None,
) -> Reading:
    """Draw one network and run ``vectors`` through it.

    Args:
        architecture: which network.
        matrix: how its weight matrices answer.
        vectors: input rows, already multiplied by sqrt(input_variance / input_dim).
        key: the network's own key; layer l draws from its stream l.
        max_layers: most layers to describe along the depth, or None for none.

    Returns:
        One number per input vector in each field. A state whose magnitude φ never sees is rescaled in each layer; any
        other keeps exponent 0.
    """
    num_blocks, draws = num_blocks_of(architecture), Draws(matrix, key)
    step = stepper(architecture, draws)

    def block(carry: tuple[Scaled, Array]) -> tuple[Scaled, Array]:
        state, layer = carry
        return step(state, layer), layer + 1

    # The layer is counted in the carry: read from a scanned array, it would keep the generator's loop from vectorising.
    begin = (first_layer(architecture, draws, vectors), jnp.uint32(1))
    (state, _), last, path = scan_blocks(block, begin, num_blocks, lambda carry: describe(carry[0]), max_layers)
    return read_out(architecture, draws, state, last, path)


def read_out(architecture: Architecture, draws: Draws, state: Scaled, last: Layer, path: Layer | None) -> Reading:
    """Return the reading of a network whose last preactivations are ``state``, described as ``last``."""
    readout = architecture.phi.unit(state.mantissa) if isinstance(architecture, MLP) else state.mantissa
    scale, exponent = readout_scale(architecture)
    output = scale * draws.ask(architecture.output_dim, num_blocks_of(architecture) + 1, readout).T
    lost = is_lost(architecture, last.squared_norm)
    last = last._replace(squared_norm=jnp.where(lost, jnp.nan, last.squared_norm))
    output = jnp.where(lost, jnp.nan, output)
    return Reading(last, path, output, state.exponent + exponent, jnp.all(readout == 0, axis=1) & ~lost)


def describe(state: Scaled) -> Layer:
    """Return the sums over units of each row of ``state``."""
    positive = jnp.maximum(state.mantissa, 0)
    squared_norm = jnp.sum(state.mantissa**2, axis=1)
    cosine, sine = _angle(state.mantissa, squared_norm) if state.mantissa.shape[0] == 2 else (None, None)
    return Layer(
        squared_norm=squared_norm,
        positive_energy=jnp.sum(positive**2, axis=1),
        num_positive=jnp.sum(state.mantissa > 0, axis=1).astype(jnp.float32),
        exponent=state.exponent,
        cosine=cosine,
        sine=sine,
        sine_exponent=None if sine is None else jnp.zeros(1, jnp.int32),
    )


def _angle(
    vectors: Float[Array, "2 n"], squared_norm: Float[Array, " 2"]
) -> tuple[Float[Array, " 1"], Float[Array, " 1"]]:
    """Return cosine and sine of the angle of two vectors; a sine that rounding errors of float32 reach is NaN."""
    product = jnp.sum(vectors[:1] * vectors[1:], axis=1)
    across = vectors[1] - product / squared_norm[0] * vectors[0]
    sine = jnp.linalg.norm(across) / jnp.sqrt(squared_norm[1:])
    return product / jnp.sqrt(squared_norm[:1] * squared_norm[1:]), jnp.where(sine < _SMALLEST_SINE, jnp.nan, sine)
