"""Networks trained side by side, epoch by epoch, until each has a reason to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.datasets import RegressionData
from deeplimits.randomness.identity import stable_hash
from deeplimits.training.deep_resnet.epoch import Program, Samples, train_epoch
from deeplimits.training.deep_resnet.network import DeepResNet
from deeplimits.training.deep_resnet.order import random_order
from deeplimits.training.deep_resnet.parameters import Parameters, initial_parameters
from deeplimits.training.deep_resnet.setup import DeepSetup
from deeplimits.training.deep_resnet.stopping import reason_to_stop
from deeplimits.training.optimizers import direction_of
from deeplimits.training.residual_layers import segments_of

_BYTES = 1.5e9  # arrays of the networks that are trained side by side


@dataclass(frozen=True)
class Group:
    """Hold what networks trained side by side gave; see `DeepRun`, but for δ, whose shape may be (networks, 0)."""

    epoch_losses: list[Float64Array]
    stopped: list[str]
    weight: Any
    bias: Any
    scale: Any


def groups_of(network: DeepResNet, data: RegressionData, setup: DeepSetup, seeds: int) -> list[range]:
    """Return which networks are trained side by side: as many as fit into memory."""
    segments, length = segments_of(network.depth)
    copies = 4 + 2 * setup.method.normalised
    weights = copies * segments * length * network.width * (network.width + 1)
    states = (6 * length + 2 * segments) * network.width * (setup.batch or data.train_size)
    together = max(1, int(_BYTES // (4 * (weights + states))))
    return [range(first, min(first + together, seeds)) for first in range(0, seeds, together)]


def train_group(
    network: DeepResNet,
    data: RegressionData,
    setup: DeepSetup,
    seed: int,
    members: range,
    report: Callable[[int], None] | None,
) -> Group:
    """Train the networks of these numbers until each has a reason to stop.

    Args:
        network: the network.
        data: to train on.
        setup: how, and when to stop.
        seed: of all networks.
        members: the networks' numbers.
        report: called with the number of epochs done.
    """
    segments, length = segments_of(network.depth)
    room = segments * length
    # Networks of one shape start from the same numbers whatever the setup.
    identity = stable_hash({"deep_resnet": {"depth": network.depth, "width": network.width}, "seed": seed})
    generators = [np.random.default_rng([identity, number]) for number in members]
    parameters = initial_parameters(network, generators, room)
    direction = direction_of(setup.method)
    program = Program(network.phi, segments, setup.method)
    state = parameters, direction.init(parameters)
    live = jnp.asarray(np.arange(room) < network.depth, jnp.float32)
    samples = Samples(*(jnp.asarray(part, jnp.float32) for part in (data.train_inputs, data.train_targets)))
    rate = jnp.float32(setup.learning_rate)
    losses: list[list[float]] = [[] for _ in members]
    stopped: list[str | None] = [None for _ in members]
    for epoch in range(setup.epochs):
        going = [reason is None for reason in stopped]
        order = random_order(generators, data.train_size, setup.batch or data.train_size)
        state, seen = train_epoch(program, state, live, samples, order, jnp.asarray(going), rate)
        for number, loss in enumerate(np.asarray(seen, np.float64)):
            if going[number]:
                losses[number].append(float(loss))
                stopped[number] = reason_to_stop(losses[number], setup)
        if report is not None:
            report(setup.epochs if all(stopped) else epoch + 1)
        if all(stopped):
            break
    return _group(network, state[0], losses, [str(reason) for reason in stopped])


def _group(network: DeepResNet, parameters: Parameters, losses: list[list[float]], stopped: list[str]) -> Group:
    weight, bias = (np.moveaxis(np.asarray(part)[: network.depth], 1, 0) for part in parameters[:2])
    networks = len(stopped)
    if parameters.delta is None:
        scale = np.ones((networks, 0), np.float32)
    elif network.delta == "shared":
        scale = np.abs(np.asarray(parameters.delta))
    else:
        scale = np.asarray(parameters.delta)[: network.depth].T
    # The last step may leave the range of numbers after the last loss was taken.
    finite = np.all([np.isfinite(part.reshape(networks, -1)).all(1) for part in (weight, bias, scale)], axis=0)
    reasons = [reason if fine else "diverged" for reason, fine in zip(stopped, finite, strict=True)]
    return Group([np.array(path) for path in losses], reasons, weight, bias, scale)
