"""From images to logits; blocks of one shape are a loop, so that compilation does not depend on depth."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array, lax

from deeplimits.training.conv_resnet.convolve import convolve
from deeplimits.training.conv_resnet.parameters import Blocks, Parameters


def logits(parameters: Parameters, images: Array, strides: tuple[int, ...]) -> Array:
    """Return the logits, (images, classes).

    Args:
        parameters: of one network.
        images: (images, height, width, channels).
        strides: of each stage.
    """
    hidden = jax.nn.relu(convolve(images, parameters.stem))
    for stage, stride in zip(parameters.stages, strides, strict=True):
        if stage.entry is not None:
            hidden = block(hidden, stage.entry, stride)
        if stage.others is not None:
            hidden, _ = lax.scan(lambda state, one: (block(state, one), None), hidden, stage.others)
    return jnp.mean(hidden, axis=(1, 2)) @ parameters.readout + parameters.bias


def block(hidden: Array, one: Blocks, stride: int = 1) -> Array:
    """Return ReLU(Δ ∗ ReLU(A ∗ h) + S h)."""
    branch = convolve(jax.nn.relu(convolve(hidden, one.first, stride)), one.second)
    return jax.nn.relu(branch + (hidden if one.skip is None else convolve(hidden, one.skip, stride)))
