"""Rows about Gaussian process regression: kernels of infinite and finite depth, and finite networks' own features."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.experiments.width_depth_commute.grid import REGRESSION_DEPTHS
from deeplimits.experiments.width_depth_commute.network import network_of
from deeplimits.experiments.width_depth_commute.row import Row, row

NOISE = 0.01
_TRAIN, _TEST = 200, 100
_CURVE = 60


@dataclass(frozen=True, eq=False)
class _Task:
    """Hold inputs scaled so that q_0 = 1, training targets first; what is to be predicted is None where unknown."""

    x: Float64Array
    y: Float64Array
    labels: Float64Array | None
    angles: Float64Array | None


def regression_rows(fields: Mapping[str, Any], seed: int) -> Iterator[Row]:
    """Regress with the infinite-depth kernel, with those of finite depth, and with readouts of finite networks.

    A network with random hidden layers and a trained linear readout, ridge penalty the noise, predicts as a Gaussian
    process whose kernel is that of its last preactivations, ⟨z(x), z(x')⟩/width. Differences are root-mean-squares over
    test inputs, over that of the infinite kernel's prediction.
    """
    from deeplimits.experiments.width_depth_commute.preactivations import last_preactivations
    from deeplimits.kernels import nngp

    task = _task(fields["data"], fields["seed"])
    network = network_of(fields, input_dim=task.x.shape[1])
    flow = _posterior_mean(nngp(network, task.x, limit="infinite-depth").values, task.y)
    for depth in REGRESSION_DEPTHS:
        finite = network_of({**fields, "depth": depth}, input_dim=task.x.shape[1])
        mean = _posterior_mean(nngp(finite, task.x).values, task.y)
        yield _exactly("depth_difference", _difference(mean, flow), depth)
    wide = _posterior_mean(nngp(network, task.x).values, task.y)
    means = []
    for number in range(fields["num_networks"]):
        features = last_preactivations(network, task.x, 1, seed + number, units=network.width)[0]
        means.append(_posterior_mean(features @ features.T / network.width, task.y))
    yield row("width_difference", _root([_difference(mean, wide) ** 2 for mean in means]), size=network.width)
    yield from _error_rows(task, flow, wide, means, network.width)
    yield from _curve_rows(task, flow, means)


def _task(data: str, seed: int) -> _Task:
    from deeplimits.datasets import load_data

    if data == "circle":
        angles = np.concatenate([np.arange(8) * np.pi / 4, np.linspace(0, 2 * np.pi, _CURVE, endpoint=False)])
        known = angles[:8]
        return _Task(_on_circle(angles), (np.sin(known) + 0.5 * np.cos(2 * known))[:, None], None, angles[8:])
    found = load_data(data, train_size=_TRAIN, test_size=_TEST, seed=seed)
    x = np.concatenate([found.train_inputs, found.test_inputs])
    scaled = x * (math.sqrt(x.shape[1]) / np.linalg.norm(x, axis=1, keepdims=True))
    y = np.eye(found.num_classes)[found.train_labels] - 1 / found.num_classes
    return _Task(scaled, y, found.test_labels.astype(np.float64), None)


def _on_circle(angles: Float64Array) -> Float64Array:
    return math.sqrt(2) * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _posterior_mean(kernel: Float64Array, y: Float64Array) -> Float64Array:
    """Return the mean at the inputs behind the training ones."""
    from scipy.linalg import cho_factor, cho_solve

    known = len(y)
    factor = cho_factor(kernel[:known, :known] + NOISE * np.eye(known))
    return np.asarray(kernel[known:, :known] @ cho_solve(factor, y))


def _difference(mean: Float64Array, reference: Float64Array) -> float:
    return float(np.linalg.norm(mean - reference) / np.linalg.norm(reference))


def _root(squares: list[float]) -> Any:
    """Return the root of the mean of ``squares`` with its standard error."""
    from deeplimits.statistics import Estimate

    mean, error = float(np.mean(squares)), float(np.std(squares, ddof=1)) / math.sqrt(len(squares))
    return Estimate(math.sqrt(mean), error / (2 * math.sqrt(mean)), len(squares))


def _exactly(measure: str, value: float, size: int, predicted: float | None = None) -> Row:
    """Return the row of a number that nothing random is in."""
    from deeplimits.statistics import Estimate

    return row(measure, Estimate(value, 0.0, 1), predicted, size=size)


def _error_rows(
    task: _Task, flow: Float64Array, wide: Float64Array, means: list[Float64Array], width: int
) -> Iterator[Row]:
    """Yield test errors: the share of labels missed."""
    from deeplimits.statistics import Estimate

    if task.labels is None:
        return
    missed = [float(np.mean(np.argmax(mean, axis=1) != task.labels)) for mean in (flow, wide, *means)]
    yield _exactly("error_infinite", missed[0], 0)
    yield _exactly("error_wide", missed[1], 0, missed[0])
    networks = missed[2:]
    error = float(np.std(networks, ddof=1)) / math.sqrt(len(networks))
    yield row("error_network", Estimate(float(np.mean(networks)), error, len(networks)), missed[0], size=width)


def _curve_rows(task: _Task, flow: Float64Array, means: list[Float64Array]) -> Iterator[Row]:
    """Yield the regressed curve on the circle: the networks' mean and scatter, and the infinite kernel's."""
    from deeplimits.statistics import Estimate

    if task.angles is None:
        return
    values = np.array(means)[:, :, 0]
    spread = values.std(axis=0, ddof=1)
    for i, angle in enumerate(task.angles):
        estimate = Estimate(float(values[:, i].mean()), float(spread[i]) / math.sqrt(len(values)), len(values))
        yield row("curve", estimate, float(flow[i, 0]), low=float(angle), scatter=float(spread[i]))
