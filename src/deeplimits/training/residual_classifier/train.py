"""Train residual classifiers of several seeds, and of several learning rates, side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from deeplimits.datasets import LabelledData
from deeplimits.training.residual_classifier.network import ResidualClassifier
from deeplimits.training.residual_classifier.result import ClassifierRun, NetworkWeights
from deeplimits.training.residual_classifier.setup import ClassifierSetup
from deeplimits.validation import positive_integer

Progress = Callable[[int, int], None]


def train_residual_classifier(
    network: ResidualClassifier,
    data: LabelledData,
    setup: ClassifierSetup | None = None,
    *,
    seeds: int = 1,
    seed: int = 0,
    progress: Progress | None = None,
) -> ClassifierRun:
    """Train a network from several random initial weights.

    Args:
        network: the network.
        data: training and test inputs with their classes.
        setup: optimizer, learning rate, batch and epochs; by default `ClassifierSetup`'s.
        seeds: number of networks.
        seed: of all of them. Networks of one depth, width and law start from the same numbers whatever exponent and
            setup.
        progress: called with the number of epochs done and the most that there can be.

    Returns:
        Losses, accuracies and weights.

    Raises:
        ValueError: data and setup do not fit together.

    Note: in single precision. Memory is about eight times that of the weights, and the hidden states of a few times
        sqrt(depth) layers for one batch. Compilation does not depend on depth.

    >>> from deeplimits.datasets import load_data
    >>> data = load_data("digits", train_size=256, test_size=64, unit_range=True)
    >>> run = train_residual_classifier(ResidualClassifier(depth=20, width=8), data, ClassifierSetup(epochs=3))
    >>> run.end.outer.shape, bool(run.epoch_losses[0, -1] < run.epoch_losses[0, 0])
    ((1, 20, 8, 8), True)

    References: marion2025scaling.
    """
    settings = ClassifierSetup() if setup is None else setup
    rates = [settings.learning_rate]
    return train_learning_rates(network, data, rates, settings, seeds=seeds, seed=seed, progress=progress)[0]


def train_learning_rates(
    network: ResidualClassifier,
    data: LabelledData,
    learning_rates: Sequence[float],
    setup: ClassifierSetup | None = None,
    *,
    seeds: int = 1,
    seed: int = 0,
    progress: Progress | None = None,
) -> tuple[ClassifierRun, ...]:
    """Train a network at several learning rates, each from the same initial weights and in the same order of samples.

    Args:
        network: see `train_residual_classifier`.
        data: likewise.
        learning_rates: in place of the setup's.
        setup: likewise.
        seeds: number of networks of each learning rate.
        seed: likewise.
        progress: likewise.

    Returns:
        One run for each learning rate, in their order.

    Raises:
        ValueError: there is none, one is not above 0, or see `train_residual_classifier`.

    References: marion2025scaling.
    """
    settings = ClassifierSetup() if setup is None else setup
    setups = [replace(settings, learning_rate=rate) for rate in learning_rates]
    if not setups:
        raise ValueError("learning_rates must hold at least one number, got none")
    positive_integer("seeds", seeds)
    if settings.batch is not None and settings.batch > data.train_size:
        raise ValueError(f"batch must be at most the {data.train_size} training inputs, got {settings.batch}")
    from deeplimits.training.residual_classifier.group import groups_of, train_group  # they import JAX
    from deeplimits.training.residual_classifier.parameters import Parameters

    begin = time.perf_counter()
    members = [(number, one.learning_rate) for one in setups for number in range(seeds)]
    groups = groups_of(network, data, settings, members)

    def report(before: int) -> Callable[[int], None] | None:
        if progress is None:
            return None
        return lambda epochs: progress(before * settings.epochs + epochs, len(groups) * settings.epochs)

    parts = [train_group(network, data, settings, seed, some, report(i)) for i, some in enumerate(groups)]
    seconds = time.perf_counter() - begin

    def joined(*arrays: Any) -> list[Any]:
        """Return what belongs to each learning rate."""
        return np.split(np.concatenate(arrays), len(setups))

    def weights(which: str) -> list[NetworkWeights]:
        fields: dict[str, list[Any]] = {
            name: [None] * len(setups) if held[0] is None else joined(*held)
            for name in Parameters._fields
            for held in [[getattr(getattr(part, which), name) for part in parts]]
        }
        return [NetworkWeights(**{name: values[i] for name, values in fields.items()}) for i in range(len(setups))]

    losses = joined(*(part.epoch_losses for part in parts))
    train, test = ([joined(*(getattr(p, name)[i] for p in parts)) for i in (0, 1)] for name in ("train", "test"))
    start, end = weights("start"), weights("end")
    return tuple(
        ClassifierRun(
            network=network,
            setup=own,
            data=data.to_dict(),
            seed=seed,
            epoch_losses=losses[i],
            train_losses=train[0][i],
            train_found=train[1][i],
            test_losses=test[0][i],
            test_found=test[1][i],
            start=start[i],
            end=end[i],
            wall_seconds=seconds,
        )
        for i, own in enumerate(setups)
    )
