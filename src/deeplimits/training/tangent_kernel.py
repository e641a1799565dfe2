"""The tangent kernel of a network in training, each group of weights counted with its learning rate."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from deeplimits.architectures import Architecture
from deeplimits.training.network import activity
from deeplimits.training.weights import Weights


def tangent_kernel(architecture: Architecture, point: Weights, flips: Array, inputs: Array, rates: Weights) -> Array:
    """Return Θ(x, x') = Σ_groups rate_group ⟨∂f(x)/∂ω_group, ∂f(x')/∂ω_group⟩ of the first output, (inputs, inputs).

    Args:
        architecture: the network.
        point: its weights, with z_0 of the inputs in place of the input weights.
        flips: what φ's arguments are multiplied by before each square matrix.
        inputs: (inputs, input_dim).
        rates: learning rate of each group; with it −Θ is how a small step moves f against ∂loss/∂f.
    """
    seen = activity(architecture, point, flips)
    by_layer = jnp.einsum("lns,lnt->lst", seen.sensitivities, seen.sensitivities)
    fed = jnp.einsum("lns,lnt->lst", seen.features, seen.features)
    return (
        rates.input * by_layer[0] * (inputs @ inputs.T)
        + rates.hidden * jnp.sum(by_layer[1:] * fed, axis=0)
        + rates.output * (seen.last.T @ seen.last)
    )
