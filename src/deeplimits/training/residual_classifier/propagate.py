"""Hidden states through residual branches that end in a matrix, and the gradient back.

As for deep ResNets whose branches end in the activation, the loop forward keeps h_k and the loop backward only carries
g_k = ∂loss/∂h_k: activations and slopes of many layers, and the gradients of all weights, are one product each.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax

from deeplimits.activations import Activation
from deeplimits.training.residual_layers import in_segments, product, transposed_product


class Layers(NamedTuple):
    """Hold layers of networks side by side; what a network does not have is None.

    Args:
        outer: V, (depth, networks, width, width).
        scale: of each branch, (depth, networks).
        outer_bias: b, (depth, networks, width).
        inner: θ, like V.
        inner_bias: c, like b.
    """

    outer: Array
    scale: Array
    outer_bias: Array | None = None
    inner: Array | None = None
    inner_bias: Array | None = None


def propagate(phi: Activation, segments: int, layers: Layers, hidden: Array) -> Array:
    """Return h_depth, with h_{k+1} = h_k + scale_k (V_k φ(u_k) + b_k), of networks side by side.

    u_k = h_k with one matrix in a block, θ_k h_k + c_k with two.

    Args:
        phi: φ.
        segments: number of segments of equal length.
        layers: all of them.
        hidden: h_0, (networks, width, batch).
    """
    return in_segments(partial(_through, phi), segments, layers, hidden)


def _preactivation(layers: Layers, states: Array) -> Array:
    inner = states if layers.inner is None else product(layers.inner, states)
    return _shifted(inner, layers.inner_bias)


def _shifted(values: Array, bias: Array | None) -> Array:
    return values if bias is None else values + bias[..., None]


def _forward(phi: Activation, layers: Layers, hidden: Array) -> tuple[Array, Array]:
    """Return the last hidden state, and h_k for each layer."""

    def layer(state: Array, one: Layers) -> tuple[Array, Array]:
        branch = _shifted(product(one.outer, phi(_preactivation(one, state))), one.outer_bias)
        return state + one.scale[:, None, None] * branch, state

    return lax.scan(layer, hidden, layers)


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def _through(phi: Activation, layers: Layers, hidden: Array) -> Array:
    return _forward(phi, layers, hidden)[0]


def _keep(phi: Activation, layers: Layers, hidden: Array) -> tuple[Array, tuple[Layers, Array]]:
    last, states = _forward(phi, layers, hidden)
    return last, (layers, states)


def _back(phi: Activation, kept: tuple[Layers, Array], by_last: Array) -> tuple[Layers, Array]:
    """With r_k = scale_k φ'(u_k) V_kᵀ g_{k+1}, the gradient by u_k: g_k = g_{k+1} + θ_kᵀ r_k, or + r_k without θ.

    The scales are no parameters: their gradient is not asked for, and given as 0.
    """
    layers, states = kept
    preactivations = _preactivation(layers, states)
    value, slope = jax.jvp(phi, (preactivations,), (jnp.ones_like(preactivations),))
    scale = layers.scale[..., None, None]

    def layer(by_next: Array, one: tuple[Array, Array | None, Array]) -> tuple[Array, tuple[Array, Array | None]]:
        outer, inner, slope = one
        by_inner = slope * transposed_product(outer, by_next)
        if inner is None:
            return by_next + by_inner, (by_next, None)
        return by_next + transposed_product(inner, by_inner), (by_next, by_inner)

    loop = (layers.outer, layers.inner, scale * slope)
    by_first, (by_next, by_inner) = lax.scan(layer, by_last, loop, reverse=True)
    by_branch = scale * by_next
    by_layers = Layers(
        outer=_outer_product(by_branch, value),
        scale=jnp.zeros_like(layers.scale),
        outer_bias=None if layers.outer_bias is None else by_branch.sum(-1),
        inner=None if by_inner is None else _outer_product(by_inner, states),
        inner_bias=None if by_inner is None or layers.inner_bias is None else by_inner.sum(-1),
    )
    return by_layers, by_first


def _outer_product(left: Array, right: Array) -> Array:
    return jnp.einsum("lnib,lnjb->lnij", left, right)


_through.defvjp(_keep, _back)
