"""One epoch of training, and an evaluation, each as one compiled program: nothing goes to the host on the way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax import Array, lax

from deeplimits.training.conv_resnet.augment import augmented
from deeplimits.training.conv_resnet.forward import logits
from deeplimits.training.conv_resnet.parameters import Parameters


@dataclass(frozen=True)
class Program:
    """Hold what the compiled program depends on beside the shapes of its arguments.

    Args:
        strides: of each stage.
        padding: pixels by which images are enlarged before they are cut out.
        flip: whether images are mirrored.
        momentum: of the optimizer.
        weight_decay: of all parameters.
    """

    strides: tuple[int, ...]
    padding: int
    flip: bool
    momentum: float
    weight_decay: float

    @property
    def direction(self) -> optax.GradientTransformation:
        """What makes a step's direction of a gradient; the step is minus the learning rate times it."""
        return optax.chain(optax.add_decayed_weights(self.weight_decay), optax.trace(decay=self.momentum))


class Samples(NamedTuple):
    """Hold images on the device, (images, height, width, channels), and the class of each."""

    images: Array
    labels: Array


class Order(NamedTuple):
    """Hold which images each step takes, (steps, batch), and 1 where one counts, 0 in places left over."""

    samples: Array
    counts: Array


State = tuple[Parameters, Any]


@partial(jax.jit, static_argnames=("program",), donate_argnames=("state",))
def train_epoch(
    program: Program, state: State, samples: Samples, black: Array, order: Order, key: Array, learning_rate: Array
) -> tuple[State, Array]:
    """Go through all images once; return the new state and the mean loss on the way.

    Args:
        program: what to compute.
        state: parameters and the optimizer's state; not to be used again.
        samples: to train on.
        black: a black pixel in each channel.
        order: in which images are taken.
        key: of the augmentation.
        learning_rate: of the epoch.
    """

    def loss(parameters: Parameters, images: Array, labels: Array, counts: Array) -> Array:
        each = cross_entropy(logits(parameters, images, program.strides), labels)
        return jnp.sum(each * counts) / counts.sum()

    def step(carry: State, item: tuple[Order, Array]) -> tuple[State, Array]:
        (parameters, memory), (taken, own_key) = carry, item
        images, labels = (part[taken.samples] for part in samples)
        images = augmented(own_key, images, black, program.padding, program.flip)
        value, gradient = jax.value_and_grad(loss)(parameters, images, labels, taken.counts)
        moves, memory = program.direction.update(gradient, memory, parameters)
        parameters = jax.tree.map(lambda part, move: part - learning_rate * move, parameters, moves)
        return (parameters, memory), value * taken.counts.sum()

    keys = jax.random.split(key, len(order.counts))
    state, losses = lax.scan(step, state, (order, keys))
    return state, losses.sum() / order.counts.sum()


def evaluate(strides: tuple[int, ...], parameters: Parameters, samples: Samples, batch: int) -> tuple[float, float]:
    """Return mean loss and accuracy over all images as they are, ``batch`` of them at a time."""
    count = len(samples.labels)
    sums = jnp.zeros(2)
    for first in range(0, count, batch):
        taken = first + jnp.arange(batch)
        images, labels = (part[jnp.minimum(taken, count - 1)] for part in samples)
        sums = sums + _sums(strides, parameters, Samples(images, labels), taken < count)
    return float(sums[0]) / count, float(sums[1]) / count


@partial(jax.jit, static_argnames=("strides",))
def _sums(strides: tuple[int, ...], parameters: Parameters, samples: Samples, there: Array) -> Array:
    """Return the sum of losses, and how many images are told right, of those that are there."""
    scores = logits(parameters, samples.images, strides)
    each = jnp.stack([cross_entropy(scores, samples.labels), jnp.argmax(scores, axis=-1) == samples.labels])
    return jnp.sum(jnp.where(there, each, 0), axis=1)


def cross_entropy(scores: Array, labels: Array) -> Array:
    """Return the cross-entropy of each image, (images,)."""
    return optax.softmax_cross_entropy_with_integer_labels(scores, labels)
