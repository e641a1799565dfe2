"""Train mean-field ResNets of several seeds side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from deeplimits._typing import ArrayLike
from deeplimits.architectures.particle_law import ParticleLaw
from deeplimits.training.mean_field_resnet.result import MeanFieldRun
from deeplimits.training.mean_field_resnet.task import Task
from deeplimits.validation import positive_integer, positive_number


def train_mean_field_resnet(
    law: ParticleLaw,
    inputs: ArrayLike,
    targets: ArrayLike,
    readout: ArrayLike,
    *,
    depth: int,
    particles: int,
    learning_rate: float,
    steps: Sequence[Any],
    seeds: int = 1,
    scale: float = 1.0,
    seed: int = 0,
) -> MeanFieldRun:
    """Train x_{l+1} = x_l + (scale/(LM)) Σ_m a tanh(w · x_l), output readout · x_L, by full-batch gradient descent.

    The loss is half the mean square of output − target. All (a, w) are trained, by steps of LM · learning_rate ·
    gradient: a particle's gradient is of order 1/(LM), so that time is learning_rate · step whatever L and M.

    Args:
        law: of the initial particles.
        inputs: (inputs, 2).
        targets: one number for each input.
        readout: two entries, not trained.
        depth: L.
        particles: M, in each layer.
        learning_rate: in units of time.
        steps: after which to measure, increasing from at least 0; the last ends training.
        seeds: number of networks.
        scale: α.
        seed: of all of them; more networks begin with the same ones.

    Raises:
        ValueError: an argument is out of range or of the wrong shape.

    Note: in single precision: losses below about 1e-10 are rounding.

    References: ding2021overparameterization, chen2024generalization.

    >>> from deeplimits.architectures.particle_law import TURNING
    >>> points = [[1.0, 0.0], [0.0, 1.0]]
    >>> sizes = {"depth": 3, "particles": 20, "learning_rate": 0.5, "steps": [0, 40]}
    >>> run = train_mean_field_resnet(TURNING, points, [0.5, -0.5], [1.0, 0.0], seeds=2, **sizes)
    >>> run.loss.shape, bool((run.loss[:, 1] < 0.01 * run.loss[:, 0]).all())
    ((2, 2), True)
    """
    depth, particles = positive_integer("depth", depth), positive_integer("particles", particles)
    networks, rate = positive_integer("seeds", seeds), positive_number("learning_rate", learning_rate)
    task = Task.of(inputs, targets, readout, scale)
    records = _records(steps)
    from deeplimits.training.mean_field_resnet.particles import initial_particles  # they import JAX
    from deeplimits.training.mean_field_resnet.steps import advance, kernels_of, losses_of, movement_of

    start = now = initial_particles(law, depth, particles, range(networks), seed)
    arrays, done, found = task.arrays(), 0, []
    for step in records:
        now, done = advance(now, arrays, np.float32(rate), step - done), step
        seen = losses_of(now, arrays), kernels_of(now, arrays), movement_of(now, start)
        found.append([np.asarray(part, np.float64) for part in seen])
    loss, kernel, movement = (np.stack(part, axis=1) for part in zip(*found, strict=True))
    return MeanFieldRun(depth, particles, rate, records, loss, kernel, movement)


def _records(steps: Sequence[Any]) -> tuple[int, ...]:
    records = tuple(steps)
    whole = all(isinstance(step, (int, np.integer)) and not isinstance(step, bool) for step in records)
    if not records or not whole or records[0] < 0 or any(b <= a for a, b in pairwise(records)):
        raise ValueError(f"steps must be increasing integers of at least 0, got {steps!r}")
    return records
