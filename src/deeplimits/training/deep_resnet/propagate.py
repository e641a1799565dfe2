"""Hidden states through all layers, and the gradient back, with little work in the loops over layers.

The loop forward keeps h_k. Backward, the preactivations of many layers at once are one product, so that the loop only
carries g_k = ∂loss/∂h_k, and the gradients of all weights are one product again. In segments of about sqrt(depth)
layers, of which only the first hidden state is kept, what the backward loop reads stays in the processor's caches:
that saves memory and time.
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
from jax import Array, lax

from deeplimits.activations import Activation
from deeplimits.training.residual_layers import in_segments, product, transposed_product

Layers = tuple[Array, Array, Array]


def propagate(phi: Activation, segments: int, layers: Layers, hidden: Array) -> Array:
    """Return h_depth, with h_{k+1} = h_k + scale_k φ(weight_k h_k + bias_k), of networks side by side.

    Args:
        phi: activation.
        segments: number of segments of equal length.
        layers: weight (depth, networks, width, width), bias (depth, networks, width) and scale (depth, networks).
        hidden: h_0, (networks, width, batch).
    """
    return in_segments(partial(_through, phi), segments, layers, hidden)


def _forward(phi: Activation, layers: Layers, hidden: Array) -> tuple[Array, Array]:
    """Return the last hidden state, and h_k for each layer."""

    def layer(state: Array, one: Layers) -> tuple[Array, Array]:
        weight, bias, scale = one
        return state + scale[:, None, None] * phi(product(weight, state) + bias[..., None]), state

    return lax.scan(layer, hidden, layers)


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def _through(phi: Activation, layers: Layers, hidden: Array) -> Array:
    return _forward(phi, layers, hidden)[0]


def _keep(phi: Activation, layers: Layers, hidden: Array) -> tuple[Array, tuple[Layers, Array]]:
    last, states = _forward(phi, layers, hidden)
    return last, (layers, states)


def _back(phi: Activation, kept: tuple[Layers, Array], by_last: Array) -> tuple[Layers, Array]:
    """With g_{k+1} the gradient by h_{k+1} and r_k = scale_k φ'(u_k) g_{k+1}: g_k = g_{k+1} + weight_kᵀ r_k."""
    (weight, bias, scale), states = kept
    preactivations = product(weight, states) + bias[..., None]
    value, slope = jax.jvp(phi, (preactivations,), (jnp.ones_like(preactivations),))
    slope = slope * scale[..., None, None]

    def layer(by_next: Array, one: tuple[Array, Array]) -> tuple[Array, Array]:
        weight, slope = one
        return by_next + transposed_product(weight, slope * by_next), by_next

    by_first, by_next = lax.scan(layer, by_last, (weight, slope), reverse=True)
    by_preactivation = slope * by_next
    by_weight = jnp.einsum("lnib,lnjb->lnij", by_preactivation, states)
    return (by_weight, by_preactivation.sum(-1), jnp.sum(value * by_next, (-2, -1))), by_first


_through.defvjp(_keep, _back)
