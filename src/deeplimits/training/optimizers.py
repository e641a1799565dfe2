"""Optimizers, by optax, with a learning rate of its own for each group of weights."""

from __future__ import annotations

import optax

from deeplimits.parametrizations import Optimizer


def direction_of(optimizer: Optimizer) -> optax.GradientTransformation:
    """Return what makes a step's direction of a gradient; the step is minus the group's learning rate times it."""
    if optimizer.name == "momentum":
        return optax.trace(decay=optimizer.momentum)
    if optimizer.name == "rmsprop":
        return optax.scale_by_rms(
            decay=optimizer.square_decay, eps=optimizer.epsilon, initial_scale=0.0, eps_in_sqrt=False
        )
    if optimizer.name == "adam":
        return optax.scale_by_adam(b1=optimizer.momentum, b2=optimizer.square_decay, eps=optimizer.epsilon)
    return optax.identity()
