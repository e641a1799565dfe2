"""The tangent kernel along the flow and along layers; in double precision."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from deeplimits.limits.mean_field_resnet.field import Field
from deeplimits.limits.mean_field_resnet.gaussian_rule import half_plane_rule
from deeplimits.limits.mean_field_resnet.integrate import integrate

_NODES = 16


@jax.jit
def gram_along_flow(field: Field, points: Array, readout: Array) -> tuple[Array, Array]:
    """Return the kernel at infinite depth, and the largest norm of a state."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    times = np.array([0, *(1 + nodes) / 2, 1])

    def velocity(pair: tuple[Array, Array], s: Array) -> tuple[Array, Array]:
        states, through = pair
        slopes = jax.vmap(field.slope, (0, None))(states, s)
        return jax.vmap(field.drift, (0, None))(states, s), slopes @ through

    start = points, jnp.broadcast_to(jnp.eye(2), (len(points), 2, 2))
    states, through = integrate(velocity, start, times)
    # p(s) = Φ(s)^-T Φ(1)ᵀ readout with Φ = ∂x(s)/∂x(0).
    ends = jnp.broadcast_to(readout @ through[-1], states.shape)
    adjoints = jnp.linalg.solve(through.mT, ends[..., None])[..., 0]
    kernels = jax.vmap(partial(_integrand, field))(states, adjoints, jnp.asarray(times))
    largest = jnp.linalg.norm(states, axis=2).max()
    return jnp.einsum("s,sij->ij", jnp.asarray(weights) / 2, kernels[1:-1]), largest


@partial(jax.jit, static_argnames=("depth",))
def gram_along_layers(field: Field, points: Array, readout: Array, depth: int) -> tuple[Array, Array]:
    """Return the kernel at a finite depth, and the largest norm of a state."""
    step = 1 / depth
    times = jnp.arange(depth) * step

    def forward(states: Array, s: Array) -> tuple[Array, Array]:
        return states + step * jax.vmap(field.drift, (0, None))(states, s), states

    def backward(adjoints: Array, layer: tuple[Array, Array]) -> tuple[Array, Array]:
        states, s = layer
        kernel = _integrand(field, states, adjoints, s)
        return adjoints + step * jax.vmap(partial(_pull, field, s))(states, adjoints), kernel

    last, states = lax.scan(forward, points, times)
    end = jnp.broadcast_to(readout, points.shape)
    _, kernels = lax.scan(backward, end, (states, times), reverse=True)
    largest = jnp.maximum(jnp.linalg.norm(states, axis=2).max(), jnp.linalg.norm(last, axis=1).max())
    return kernels.mean(0), largest


def _pull(field: Field, s: Array, state: Array, adjoint: Array) -> Array:
    """Return Aᵀ p."""
    return field.slope(state, s).T @ adjoint


def _integrand(field: Field, states: Array, adjoints: Array, s: Array) -> Array:
    """Return α² E[…] of all pairs, (inputs, inputs)."""
    nodes, weights = half_plane_rule()
    w, mass = jnp.asarray(nodes), jnp.asarray(weights)
    value = jnp.tanh(w @ states.T)
    fed = (w @ field.matrix(s).T @ adjoints.T) * (1 - value**2)
    by_outer = (adjoints @ adjoints.T) * jnp.einsum("n,ni,nj->ij", mass, value, value)
    by_inner = (states @ states.T) * jnp.einsum("n,ni,nj->ij", mass, fed, fed)
    return field.scale**2 * (by_outer + by_inner)
