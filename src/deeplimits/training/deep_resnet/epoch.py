"""One epoch of training, of networks side by side, as one compiled program."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array, lax

from deeplimits.activations import Activation
from deeplimits.parametrizations import Optimizer
from deeplimits.training.deep_resnet.order import Order
from deeplimits.training.deep_resnet.parameters import Parameters, layers_of
from deeplimits.training.deep_resnet.propagate import propagate
from deeplimits.training.optimizers import direction_of


@dataclass(frozen=True)
class Program:
    """Hold what the compiled program depends on beside the shapes of its arguments.

    Args:
        activation: φ.
        segments: into which the layers are split.
        optimizer: the optimizer.
    """

    activation: Activation
    segments: int
    optimizer: Optimizer


class Samples(NamedTuple):
    """Hold the training inputs and targets, (samples, width) each."""

    inputs: Array
    targets: Array


State = tuple[Parameters, Any]


@partial(jax.jit, static_argnames=("program",), donate_argnames=("state",))
def train_epoch(
    program: Program,
    state: State,
    live: Array,
    samples: Samples,
    order: Order,
    going: Array,
    learning_rate: Array,
) -> tuple[State, Array]:
    """Go through all samples once; return the new state and each network's mean loss on the way, (networks,).

    Args:
        program: what to compute.
        state: parameters and the optimizer's state; not to be used again.
        live: which layers are the network's, (room,).
        samples: to train on.
        order: in which each network takes them.
        going: which networks are still trained, (networks,): the others keep their parameters.
        learning_rate: of all parameters.
    """
    direction = direction_of(program.optimizer)
    on = _broadcast_with(state[0], going)

    def loss(parameters: Parameters, inputs: Array, targets: Array, counts: Array) -> tuple[Array, Array]:
        outputs = propagate(program.activation, program.segments, layers_of(parameters, live), inputs)
        each = jnp.sum(jnp.mean((outputs - targets) ** 2, axis=1) * counts, axis=1) / counts.sum()
        return each.sum(), each  # a sum over networks gives each its own gradient

    def step(carry: State, item: Order) -> tuple[State, Array]:
        parameters, memory = carry
        inputs, targets = (jnp.swapaxes(part[item.samples], 1, 2) for part in samples)
        gradient, each = jax.grad(loss, has_aux=True)(parameters, inputs, targets, item.counts)
        moves, memory = direction.update(gradient, memory)
        moves = jax.tree.map(lambda move, goes: jnp.where(goes, -learning_rate * move, 0), moves, on)
        return (jax.tree.map(jnp.add, parameters, moves), memory), each * item.counts.sum()

    with jax.default_matmul_precision("highest"):
        state, losses = lax.scan(step, state, order)
    return state, losses.sum(0) / order.counts.sum()


def _broadcast_with(parameters: Parameters, going: Array) -> Parameters:
    """Return ``going`` in shapes that broadcast with each parameter's, whose networks lie side by side."""
    return Parameters(going[:, None, None], going[:, None], None if parameters.delta is None else going)
