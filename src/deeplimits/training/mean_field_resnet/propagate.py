"""Outputs of networks side by side, and what their derivatives by the particles say."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array, lax

from deeplimits.training.mean_field_resnet.particles import Particles


def outputs(particles: Particles, inputs: Array, readout: Array, scale: Array) -> Array:
    """Return readout · x_L with x_{l+1} = x_l + (scale/(LM)) Σ_m a tanh(w · x_l), (networks, inputs).

    Args:
        particles: of all networks.
        inputs: x_0, (inputs, 2).
        readout: (2,).
        scale: α.
    """
    depth, networks, size, _ = particles.outer.shape
    share = scale / (depth * size)

    def layer(states: Array, one: Particles) -> tuple[Array, None]:
        value = jnp.tanh(jnp.einsum("nmd,nid->nmi", one.inner, states))
        return states + share * jnp.einsum("nmd,nmi->nid", one.outer, value), None

    start = jnp.broadcast_to(inputs, (networks, *inputs.shape))
    return lax.scan(layer, start, particles)[0] @ readout


def tangent_kernels(particles: Particles, inputs: Array, readout: Array, scale: Array) -> Array:
    """Return LM Σ ∂f(x)/∂θ ∂f(x')/∂θ of every network, (networks, inputs, inputs).

    Outputs of one network depend on its particles alone, so that one pass back for each input serves all networks.
    """
    _, pull = jax.vjp(lambda point: outputs(point, inputs, readout, scale), particles)
    networks = particles.outer.shape[1]

    def gradients(chosen: Array) -> Particles:
        found: Particles = pull(jnp.broadcast_to(chosen, (networks, len(inputs))))[0]
        return found

    each = lax.map(gradients, jnp.eye(len(inputs), dtype=inputs.dtype))
    per_particle = particles.outer.shape[0] * particles.outer.shape[2]
    return sum((per_particle * jnp.einsum("ilnmd,jlnmd->nij", part, part) for part in each), jnp.zeros(()))
