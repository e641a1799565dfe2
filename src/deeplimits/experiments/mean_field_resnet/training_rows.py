"""The rows of training: losses, eigenvalues and movements along it, beside infinitely many particles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from deeplimits.experiments.mean_field_resnet.grid import LEARNING_RATE
from deeplimits.experiments.mean_field_resnet.row import Row, mean_of, row_of
from deeplimits.experiments.mean_field_resnet.task import INPUTS, LAWS, READOUT, TARGETS

if TYPE_CHECKING:
    from deeplimits.limits.mean_field_resnet import TrainingLimit
    from deeplimits.training.mean_field_resnet import MeanFieldRun

_SPACING = 0.2  # of quadrature nodes: losses are off by 0.5 % at most


def training_rows(fields: Mapping[str, Any]) -> Iterator[Row]:
    """Yield, at each step that is looked at, the means over seeds.

    ``loss``, ``smallest_eigenvalue`` and ``movement`` have a prediction at the cell's depth. ``over_initial_bound`` is
    the loss over loss(0) exp(−2 λ t / N) with λ the predicted smallest eigenvalue at t = 0, ``over_path_bound`` with
    the least one until t. ``rate`` is how fast ln loss falls since the step before, over 2 λ / N, λ the smaller of the
    network's own at both.
    """
    from deeplimits.limits.mean_field_resnet import loss_bound
    from deeplimits.training.mean_field_resnet import train_mean_field_resnet

    steps = tuple(fields["steps"])
    run = train_mean_field_resnet(
        LAWS[fields["law"]],
        INPUTS,
        TARGETS,
        READOUT,
        depth=fields["depth"],
        particles=fields["particles"],
        learning_rate=LEARNING_RATE,
        steps=steps,
        seeds=fields["num_networks"],
        seed=fields["seed"],
    )
    said = _limit(fields["law"], fields["depth"], steps)
    least = np.minimum.accumulate(said.smallest_eigenvalue)
    for k, step in enumerate(steps):
        at = {"step": step}
        for name in ("loss", "smallest_eigenvalue", "movement"):
            measured = mean_of(getattr(run, name)[:, k])
            yield {**row_of(name, measured, float(getattr(said, name)[k])), **at}
        if k > 0:
            for name, eigenvalue in (("initial", least[0]), ("path", least[k])):
                bound = loss_bound(1.0, float(eigenvalue), run.times[k : k + 1], len(INPUTS))
                yield {**row_of(f"over_{name}_bound", mean_of(run.loss[:, k] / run.loss[:, 0] / bound)), **at}
            yield {**row_of("rate", mean_of(_rate(run, k))), **at}


def _rate(run: MeanFieldRun, k: int) -> np.ndarray:
    fall = np.log(run.loss[:, k - 1] / run.loss[:, k]) / (run.times[k] - run.times[k - 1])
    lower = np.minimum(run.smallest_eigenvalue[:, k - 1], run.smallest_eigenvalue[:, k])
    return np.asarray(fall * len(INPUTS) / (2 * lower))


@lru_cache(maxsize=16)
def _limit(law: str, depth: int, steps: tuple[int, ...]) -> TrainingLimit:
    """Return the prediction, once for all numbers of particles."""
    from deeplimits.limits.mean_field_resnet import training_limit

    times = [LEARNING_RATE * step for step in steps]
    return training_limit(
        LAWS[law], INPUTS, TARGETS, READOUT, depth=depth, times=times, learning_rate=LEARNING_RATE, spacing=_SPACING
    )
