"""The logit as a sum of terms: which groups of weights must have moved for each of them."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array, lax

from deeplimits.architectures import MLP, Architecture
from deeplimits.training.network import factor_of, skip_of
from deeplimits.training.weights import Weights


def terms(architecture: Architecture, start: Weights, gain: Weights, flips: Array) -> Array:
    """Return the terms of the logits, (8, output_dim, samples), in the order of `TERMS`; they sum to the logits.

    With each φ(z) written as m z, m = φ(z)/z taken at the trained network, the logits are a product of matrices
    ω = ω(0) + Δω. Multiplied out, each summand has ω(0) or Δω of every matrix. A term collects the summands that have
    increments of the same groups: ``input-output`` those with the increments of W_in and W_out and no other. Summands
    with the increments of one or more square matrices are all of the group hidden, so that nothing is left out however
    many there are.

    Args:
        architecture: the network; its φ(0) must be 0.
        start: initial weights, with z_0 (width, samples) at the start in place of W_in.
        gain: what they gained, likewise.
        flips: what φ's arguments are multiplied by before each square matrix.

    References:
        golikov2020towards.
    """
    factor, skip = factor_of(architecture), skip_of(architecture)
    nothing = jnp.zeros_like(start.input)
    # streams[i][h]: the state's part with (i = 1) the input's increment, and (h = 1) that of some square matrix.
    streams = jnp.stack([jnp.stack([start.input, nothing]), jnp.stack([gain.input, nothing])])

    def layer(parts: Array, matrix: tuple[Array, Array, Array]) -> tuple[Array, None]:
        initial, increment, flip = matrix
        fed = flip * factor(flip * parts.sum(axis=(0, 1))) * parts
        without = _apply(initial, fed[:, 0])
        some = _apply(initial + increment, fed[:, 1]) + _apply(increment, fed[:, 0])
        return skip * parts + jnp.stack([without, some], axis=1), None

    streams = lax.scan(layer, streams, (start.hidden, gain.hidden, flips))[0]
    if isinstance(architecture, MLP):
        streams = factor(streams.sum(axis=(0, 1))) * streams
    both = jnp.stack([_apply(start.output, streams), _apply(gain.output, streams)], axis=2)
    return both.reshape(8, *both.shape[3:])


def _apply(matrix: Array, parts: Array) -> Array:
    return jnp.einsum("nm,...ms->...ns", matrix, parts)
