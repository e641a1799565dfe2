"""One epoch of training and one evaluation, of networks side by side, as compiled programs."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax import Array, lax

from deeplimits.training.deep_resnet.epoch import Program
from deeplimits.training.deep_resnet.order import Order
from deeplimits.training.optimizers import direction_of
from deeplimits.training.residual_classifier.parameters import Parameters
from deeplimits.training.residual_classifier.propagate import Layers, propagate


class Samples(NamedTuple):
    """Hold inputs (samples, input_dim) and classes (samples,)."""

    inputs: Array
    labels: Array


State = tuple[Parameters, Any]


def logits_of(program: Program, parameters: Parameters, scale: Array, inputs: Array) -> Array:
    """Return logits (networks, classes, batch) of inputs (networks, batch, input_dim); ``scale`` is (room,)."""
    layers = Layers(
        outer=parameters.outer,
        scale=jnp.broadcast_to(scale[:, None], parameters.outer.shape[:2]),
        outer_bias=parameters.outer_bias,
        inner=parameters.inner,
        inner_bias=parameters.inner_bias,
    )
    hidden = jnp.einsum("nij,nbj->nib", parameters.embedding, inputs)
    return parameters.readout @ propagate(program.activation, program.segments, layers, hidden)


def _losses(logits: Array, labels: Array) -> Array:
    """Return the cross-entropy of each sample, (networks, batch)."""
    return optax.softmax_cross_entropy_with_integer_labels(jnp.swapaxes(logits, 1, 2), labels)


@partial(jax.jit, static_argnames=("program",), donate_argnames=("state",))
def train_epoch(
    program: Program, state: State, scale: Array, samples: Samples, order: Order, rates: Array
) -> tuple[State, Array]:
    """Go through all samples once; return the new state and each network's mean loss on the way, (networks,).

    Args:
        program: what to compute.
        state: parameters and the optimizer's state; not to be used again.
        scale: of each layer's branch, 0 in room that is left over, (room,).
        samples: to train on.
        order: in which each network takes them.
        rates: learning rate of each network in this epoch, (networks,).
    """
    direction = direction_of(program.optimizer)

    def loss(parameters: Parameters, inputs: Array, labels: Array, counts: Array) -> tuple[Array, Array]:
        each = _losses(logits_of(program, parameters, scale, inputs), labels) @ counts / counts.sum()
        return each.sum(), each  # a sum over networks gives each its own gradient

    def step(carry: State, item: Order) -> tuple[State, Array]:
        parameters, memory = carry
        inputs, labels = (part[item.samples] for part in samples)
        gradient, each = jax.grad(loss, has_aux=True)(parameters, inputs, labels, item.counts)
        moves, memory = direction.update(gradient, memory)
        return (_moved(parameters, moves, rates), memory), each * item.counts.sum()

    with jax.default_matmul_precision("highest"):
        state, losses = lax.scan(step, state, order)
    return state, losses.sum(0) / order.counts.sum()


def _moved(parameters: Parameters, moves: Parameters, rates: Array) -> Parameters:
    """Return the parameters less each network's rate times its move; A and B have networks first, layers second."""

    def move(value: Array | None, direction: Array | None, rate: Array) -> Array | None:
        return None if value is None or direction is None else value - rate * direction

    ends = rates[:, None, None]
    shapes = Parameters(ends, ends, ends, ends, rates[:, None], rates[:, None])
    return Parameters(*(move(*three) for three in zip(parameters, moves, shapes, strict=True)))  # type: ignore[arg-type]


@partial(jax.jit, static_argnames=("program",))
def evaluate(
    program: Program, parameters: Parameters, scale: Array, samples: Samples, order: Order
) -> tuple[Array, Array]:
    """Return the loss of each network on each sample, and whether its largest logit is right, (networks, places).

    Args:
        program: what to compute.
        parameters: of all networks.
        scale: see `train_epoch`.
        samples: to evaluate.
        order: of the samples, with one network's places for all.
    """

    def some(carry: None, item: Array) -> tuple[None, tuple[Array, Array]]:
        inputs, labels = (part[item] for part in samples)
        networks = parameters.readout.shape[0]
        inputs = jnp.broadcast_to(inputs, (networks, *inputs.shape[1:]))
        logits = logits_of(program, parameters, scale, inputs)
        return None, (
            _losses(logits, jnp.broadcast_to(labels, (networks, labels.shape[1]))),
            logits.argmax(1) == labels,
        )

    with jax.default_matmul_precision("highest"):
        _, (losses, right) = lax.scan(some, None, order.samples)
    return tuple(jnp.moveaxis(part, 0, 1).reshape(part.shape[1], -1) for part in (losses, right))  # type: ignore[return-value]
