"""Train very deep residual networks of several seeds side by side."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.datasets import RegressionData, load_regression
from deeplimits.training.deep_resnet.hidden_states import hidden_states
from deeplimits.training.deep_resnet.network import DeepResNet
from deeplimits.training.deep_resnet.result import DeepRun
from deeplimits.training.deep_resnet.setup import DeepSetup
from deeplimits.validation import positive_integer


def train_deep_resnet(
    network: DeepResNet,
    data: RegressionData | str,
    setup: DeepSetup | None = None,
    *,
    seeds: int = 1,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> DeepRun:
    """Train a network from several random initial weights until the setup's rules end it.

    Args:
        network: the network; its width is the dimension of inputs and of targets.
        data: training and test samples, or the name of a data set with its default sizes.
        setup: optimizer, learning rate, batch and when to stop; by default `DeepSetup`'s.
        seeds: number of networks.
        seed: of all of them. Networks of one depth and width start from the same numbers whatever their setup.
        progress: called with the number of epochs done and the most that there can be.

    Returns:
        Losses, reasons why training ended, and weights.

    Raises:
        ValueError: network, data and setup do not fit together.

    Note: in single precision; the losses at the end are computed in double precision. Memory is a few times that of the
    weights, and the hidden states of about 2 sqrt(depth) layers for one batch. Compilation does not depend on depth.

    >>> from deeplimits.datasets import load_regression
    >>> data = load_regression("ode", train_size=64, test_size=16)
    >>> run = train_deep_resnet(DeepResNet(depth=5), data, DeepSetup(epochs=3))
    >>> run.stopped, run.weight.shape, bool(run.epoch_losses[0][-1] < run.epoch_losses[0][0])
    (('epochs',), (1, 5, 10, 10), True)

    References: cohen2021scaling.
    """
    samples = load_regression(data) if isinstance(data, str) else data
    settings = DeepSetup() if setup is None else setup
    positive_integer("seeds", seeds)
    require_fit(network, samples, settings)
    from deeplimits.training.deep_resnet.group import groups_of, train_group  # they import JAX

    begin = time.perf_counter()
    groups = groups_of(network, samples, settings, seeds)

    def report(before: int) -> Callable[[int], None] | None:
        if progress is None:
            return None
        return lambda epochs: progress(before * settings.epochs + epochs, len(groups) * settings.epochs)

    parts = [train_group(network, samples, settings, seed, members, report(i)) for i, members in enumerate(groups)]
    weight, bias, scale = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("weight", "bias", "scale")
    )
    stopped = tuple(reason for part in parts for reason in part.stopped)

    def loss(number: int, inputs: Float64Array, targets: Float64Array) -> float:
        if stopped[number] == "diverged" or not inputs.size:
            return math.nan
        own = scale[number] if scale[number].size else None
        for state in hidden_states(inputs, weight[number], scale=own, bias=bias[number], activation=network.phi):
            output = state
        return float(np.mean((output - targets) ** 2))

    return DeepRun(
        network=network,
        setup=settings,
        data=samples.to_dict(),
        seed=seed,
        epoch_losses=tuple(losses for part in parts for losses in part.epoch_losses),
        stopped=stopped,
        weight=weight,
        bias=bias,
        scale=None if network.delta == "none" else scale,
        train_loss=np.array([loss(s, samples.train_inputs, samples.train_targets) for s in range(seeds)]),
        test_loss=np.array([loss(s, samples.test_inputs, samples.test_targets) for s in range(seeds)]),
        wall_seconds=time.perf_counter() - begin,
    )


def require_fit(network: DeepResNet, data: RegressionData, setup: DeepSetup) -> None:
    """Check that a network can be trained on these data with this setup.

    Raises:
        ValueError: it can't, with the reason.
    """
    if network.width != data.width:
        raise ValueError(
            f"the network's width is the dimension of its inputs and targets: {data.name} needs width {data.width}, "
            f"got {network.width}"
        )
    if setup.batch is not None and setup.batch > data.train_size:
        raise ValueError(f"batch must be at most the {data.train_size} training samples, got {setup.batch}")
