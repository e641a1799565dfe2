"""The function that a network in training computes, from its first preactivations on."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax

from deeplimits.architectures import MLP, Architecture, ResNet
from deeplimits.training.weights import Weights


def logits(architecture: Architecture, point: Weights, flips: Array) -> Array:
    """Return the outputs, (output_dim, samples).

    Args:
        architecture: the network.
        point: its weights, with the preactivations z_0 (width, samples) in place of the input weights.
        flips: what φ's arguments are multiplied by before each square matrix.
    """
    phi, skip = phi_of(architecture), skip_of(architecture)

    def layer(state: Array, matrix: tuple[Array, Array]) -> tuple[Array, None]:
        weights, flip = matrix
        new = weights @ phi(flip * state)
        return (new if skip == 0 else skip * state + new), None

    state = lax.scan(layer, point.input, (point.hidden, flips))[0]
    return point.output @ (phi(state) if isinstance(architecture, MLP) else state)


class Activity(NamedTuple):
    """Hold what goes into each matrix, and the sensitivity of an output to what comes out of it.

    Args:
        features: what the square matrices are applied to, (matrices, width, samples).
        last: what the readout is applied to, (width, samples).
        sensitivities: derivative of one output by z_0 and by what each square matrix adds, (matrices + 1, width,
            samples).
    """

    features: Array
    last: Array
    sensitivities: Array


def activity(architecture: Architecture, point: Weights, flips: Array) -> Activity:
    """Return features and sensitivities of the first output at every sample."""
    phi, skip = phi_of(architecture), skip_of(architecture)

    def run(shifts: Array) -> tuple[Array, tuple[Array, Array]]:
        def layer(state: Array, matrix: tuple[Array, Array, Array]) -> tuple[Array, Array]:
            weights, flip, shift = matrix
            features = phi(flip * state)
            return skip * state + weights @ features + shift, features

        first = point.input + shifts[0]
        state, features = lax.scan(layer, first, (point.hidden, flips, shifts[1:]))
        last = phi(state) if isinstance(architecture, MLP) else state
        return jnp.sum(point.output[0] @ last), (features, last)

    none = jnp.zeros((point.hidden.shape[0] + 1, *point.input.shape), point.input.dtype)
    sensitivities, (features, last) = jax.grad(run, has_aux=True)(none)
    return Activity(features, last, sensitivities)


def phi_of(architecture: Architecture) -> Callable[[Array], Array]:
    """Return φ, a homogeneous one as φ(z)/z times z, whose gradient is one product.

    Differentiated, max(z, 0) shares its slope at 0 between both sides, at two divisions an entry and step.
    """
    if architecture.phi.slopes is None:
        return architecture.phi
    factor = factor_of(architecture)
    return lambda z: factor(z) * z


def factor_of(architecture: Architecture) -> Callable[[Array], Array]:
    """Return z ↦ φ(z)/z; at z = 0, where it is multiplied by 0, any number."""
    phi = architecture.phi
    if phi.slopes is not None:
        up, down = phi.slopes
        return lambda z: jnp.where(z > 0, up, down)

    def quotient(z: Array) -> Array:
        safe = jnp.where(z == 0, 1, z)
        return phi(safe) / safe

    return quotient


def skip_of(architecture: Architecture) -> float:
    """Return α, 0 in an MLP."""
    return architecture.skip_scale if isinstance(architecture, ResNet) else 0.0
