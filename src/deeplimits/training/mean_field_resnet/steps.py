"""Compiled programs: steps of gradient descent, and measurements between them."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array, lax

from deeplimits.training.mean_field_resnet.particles import Particles
from deeplimits.training.mean_field_resnet.propagate import outputs, tangent_kernels

Arrays = tuple[Array, Array, Array, Array]


@jax.jit
def advance(particles: Particles, task: Arrays, learning_rate: Array, count: Array) -> Particles:
    """Return the particles after ``count`` steps of gradient descent with rate LM · learning_rate."""
    inputs, targets, readout, scale = task
    depth, _, size, _ = particles.outer.shape

    def loss(point: Particles) -> Array:
        errors = outputs(point, inputs, readout, scale) - targets
        return jnp.sum(jnp.mean(errors**2, axis=1)) / 2  # a sum over networks gives each its own gradient

    def step(_: Array, point: Particles) -> Particles:
        rate = learning_rate * depth * size
        moved: Particles = jax.tree.map(lambda part, slope: part - rate * slope, point, jax.grad(loss)(point))
        return moved

    last: Particles = lax.fori_loop(0, count, step, particles)
    return last


@jax.jit
def losses_of(particles: Particles, task: Arrays) -> Array:
    """Return half the mean square of the residuals of each network, (networks,)."""
    inputs, targets, readout, scale = task
    return jnp.mean((outputs(particles, inputs, readout, scale) - targets) ** 2, axis=1) / 2


@jax.jit
def kernels_of(particles: Particles, task: Arrays) -> Array:
    """Return the tangent kernels, (networks, inputs, inputs)."""
    inputs, _, readout, scale = task
    return tangent_kernels(particles, inputs, readout, scale)


@jax.jit
def movement_of(particles: Particles, start: Particles) -> Array:
    """Return the root of the mean square of |θ_t − θ_0| over layers and particles, (networks,)."""
    squares = [jnp.sum((now - first) ** 2, axis=-1) for now, first in zip(particles, start, strict=True)]
    return jnp.sqrt(jnp.mean(squares[0] + squares[1], axis=(0, 2)))
