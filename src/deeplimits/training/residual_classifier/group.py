"""Networks trained side by side, epoch by epoch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from deeplimits._typing import Float64Array
from deeplimits.datasets import LabelledData
from deeplimits.training.deep_resnet.epoch import Program
from deeplimits.training.deep_resnet.order import Order, random_order
from deeplimits.training.optimizers import direction_of
from deeplimits.training.residual_classifier.epoch import Samples, evaluate, train_epoch
from deeplimits.training.residual_classifier.network import ResidualClassifier
from deeplimits.training.residual_classifier.parameters import Parameters, generators_of, initial_parameters
from deeplimits.training.residual_classifier.setup import ClassifierSetup
from deeplimits.training.residual_layers import segments_of

_BYTES = 1.5e9  # arrays of the networks that are trained side by side
Member = tuple[int, float]  # a network's number and its learning rate in the first epochs


@dataclass(frozen=True)
class Group:
    """Hold what networks trained side by side gave, networks first.

    Args:
        epoch_losses: (networks, epochs).
        start: initial parameters, with no room left over.
        end: trained parameters.
        train: loss of each training input and whether its class was found.
        test: likewise of test inputs.
    """

    epoch_losses: Float64Array
    start: Parameters
    end: Parameters
    train: tuple[Any, Any]
    test: tuple[Any, Any]


def groups_of(
    network: ResidualClassifier, data: LabelledData, setup: ClassifierSetup, members: Sequence[Member]
) -> list[Sequence[Member]]:
    """Return which networks are trained side by side: as many as fit into memory."""
    segments, length = segments_of(network.depth)
    batch = setup.batch or data.train_size
    copies = 5 + 2 * setup.method.normalised
    weights = copies * network.matrices * segments * length * network.width * (network.width + 1)
    states = ((4 + 2 * network.matrices) * length + 2 * segments) * network.width * batch
    ends = copies * network.width * data.input_dim + batch * data.input_dim
    together = max(1, int(_BYTES // (4 * (weights + states + ends))))
    return [members[first : first + together] for first in range(0, len(members), together)]


def train_group(
    network: ResidualClassifier,
    data: LabelledData,
    setup: ClassifierSetup,
    seed: int,
    members: Sequence[Member],
    report: Callable[[int], None] | None,
) -> Group:
    """Train these networks.

    Args:
        network: the network.
        data: to train and to test on.
        setup: how; its learning rate does not count.
        seed: of all networks.
        members: the networks.
        report: called with the number of epochs done.
    """
    segments, length = segments_of(network.depth)
    room, batch = segments * length, setup.batch or data.train_size
    numbers, rates = [number for number, _ in members], np.array([rate for _, rate in members])
    generators = generators_of(network, seed, numbers)
    parameters = initial_parameters(
        network, data.input_dim, data.num_classes, seed=seed, numbers=numbers, generators=generators, room=room
    )
    start = _without_room(network, parameters)
    program = Program(network.phi, segments, setup.method)
    state = parameters, direction_of(setup.method).init(parameters)
    scale = jnp.asarray(np.where(np.arange(room) < network.depth, network.branch_scale, 0), jnp.float32)
    train, test = _samples(data.train_inputs, data.train_labels), _samples(data.test_inputs, data.test_labels)
    losses = np.full((len(members), setup.epochs), np.nan)
    for epoch in range(setup.epochs):
        order = random_order(generators, data.train_size, batch)
        now = jnp.asarray(rates * setup.decay_at(epoch), jnp.float32)
        state, seen = train_epoch(program, state, scale, train, order, now)
        losses[:, epoch] = np.asarray(seen)
        over = not np.isfinite(losses[:, epoch]).any()  # no number comes back from there
        if report is not None:
            report(setup.epochs if over else epoch + 1)
        if over:
            break

    def evaluated(samples: Samples) -> tuple[Any, Any]:
        count = samples.labels.shape[0]
        places = _in_order(count, min(batch, count))
        found = evaluate(program, state[0], scale, samples, places)
        return np.asarray(found[0], np.float64)[:, :count], np.asarray(found[1])[:, :count]

    return Group(losses, start, _without_room(network, state[0]), evaluated(train), evaluated(test))


def _samples(inputs: Float64Array, labels: NDArray[np.int64]) -> Samples:
    return Samples(jnp.asarray(inputs, jnp.float32), jnp.asarray(labels, jnp.int32))


def _in_order(samples: int, batch: int) -> Order:
    """Return all samples in their own order; places left over hold the first one."""
    steps = -(-samples // batch)
    places = np.arange(steps * batch)
    counts = (places < samples).astype(np.float32)
    return Order(np.where(places < samples, places, 0).reshape(steps, 1, batch), counts.reshape(steps, batch))


def _without_room(network: ResidualClassifier, parameters: Parameters) -> Parameters:
    """Return the parameters as NumPy arrays, networks first."""
    ends = [np.array(part) for part in parameters[:2]]
    layers = [None if p is None else np.moveaxis(np.asarray(p)[: network.depth], 1, 0).copy() for p in parameters[2:]]
    return Parameters(*ends, *layers)  # type: ignore[arg-type]
