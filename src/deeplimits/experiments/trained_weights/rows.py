"""The rows of a cell: statistics of the weights, losses, and the networks beside the equations they stand for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from deeplimits.experiments.trained_weights.grid import NETWORKS
from deeplimits.statistics import finite_or_none

if TYPE_CHECKING:
    from deeplimits.datasets import RegressionData
    from deeplimits.statistics import Estimate
    from deeplimits.training.deep_resnet import DeepRun
    from deeplimits.weights import LayerWeights

Row: TypeAlias = dict[str, Any]
COMPARED_INPUTS, PATHS = 32, 64
ENTRY = (8, 6)  # of A_k, the one that the paper's figures show
_SHOWN_LAYERS = 500


def cell_rows(fields: Mapping[str, Any]) -> Iterator[Row]:
    """Train the networks of a cell and yield what they show."""
    from deeplimits.datasets import load_regression

    # The public seed: so `deeplimits train deep-resnet` trains the same networks on the same data.
    data = load_regression(fields["data"], train_size=fields["train_size"] or None, seed=fields["seed"])
    rows = _scaling_rows if fields["measures"] == "scaling" else _denoising_rows
    for row in rows(fields, data):
        yield {"origin": data.origin, **row}


def trained(fields: Mapping[str, Any], depth: int, data: RegressionData) -> DeepRun:
    """Return the networks of a cell, of this depth."""
    from deeplimits.training.deep_resnet import DeepResNet, DeepSetup, train_deep_resnet

    activation, delta = NETWORKS[fields["run"]]
    network = DeepResNet(depth=depth, width=data.width, activation=activation, delta=delta)
    setup = DeepSetup(learning_rate=fields["learning_rate"])
    return train_deep_resnet(network, data, setup, seeds=fields["seeds"], seed=fields["seed"])


def _scaling_rows(fields: Mapping[str, Any], data: RegressionData) -> Iterator[Row]:
    from deeplimits.weights.scaling.kept_statistics import log_statistics

    run = trained(fields, fields["depth"], data)
    for name, values in (("train_loss", run.train_loss), ("test_loss", run.test_loss), ("epochs", run.epochs)):
        yield from (_of_network(name, i, value) for i, value in enumerate(values))
    yield from (_of_network("converged", i, float(why == "converged")) for i, why in enumerate(run.stopped))
    for i, network in enumerate(run.trained):
        for name, value in log_statistics(network).items():
            yield {**_of_network("log_statistic", i, value), "statistic": name}
    if fields["compares"] and run.trained:
        yield from _comparison_rows(fields, run.trained, data)
        yield from _entry_rows(run.trained[0])


def _comparison_rows(fields: Mapping[str, Any], networks: list[LayerWeights], data: RegressionData) -> Iterator[Row]:
    from deeplimits.comparison.hidden_paths import compare_paths

    activation, _ = NETWORKS[fields["run"]]
    inputs, targets = data.train_inputs[:COMPARED_INPUTS], data.train_targets[:COMPARED_INPUTS]
    try:
        found = compare_paths(networks, inputs, targets, activation=activation, paths=PATHS, seed=fields["seed"])
    except RuntimeError:  # an equation explodes: there is no path to compare with
        yield from ({"measure": "path_error", "statistic": name, "measured": None} for name in ("trend", "linear"))
        return
    parts = {"path_error": found.path_errors, "displacement": found.displacements, "loss": found.losses}
    for measure, values in parts.items():
        yield from (_estimate(measure, name, value) for name, value in values.items())


def _entry_rows(network: LayerWeights) -> Iterator[Row]:
    """Yield one entry of scale · weight, and the scale, along the layers: every one, or as many as a figure shows."""
    path = network.product.reshape(network.depth, *np.shape(network.weight)[1:])[:, *ENTRY]
    scale = network.scale_path
    step = max(1, network.depth // _SHOWN_LAYERS)
    for layer in range(0, network.depth, step):
        at = {"layer": layer, "count": 1}
        yield {"measure": "entry", "statistic": "product", "measured": float(path[layer]), **at}
        if scale is not None:
            yield {"measure": "entry", "statistic": "scale", "measured": float(scale[layer, 0]), **at}


def _denoising_rows(fields: Mapping[str, Any], data: RegressionData) -> Iterator[Row]:
    """Yield, for each depth and network, the logarithm of the loss with the trend of several depths over its own."""
    from deeplimits.weights import denoising_test

    activation, delta = NETWORKS[fields["run"]]
    runs = {depth: trained(fields, depth, data) for depth in fields["depths"]}
    for number in range(fields["seeds"]):
        if any(run.stopped[number] == "diverged" for run in runs.values()):
            yield from ({**_of_network("log_denoised_ratio", number, math.nan), "layer": depth} for depth in runs)
            continue
        networks = {depth: _Rebuilt(run, number, activation, delta == "shared") for depth, run in runs.items()}
        tested = denoising_test(
            {depth: network.weights for depth, network in networks.items()},
            0.0,
            lambda depth, weights, networks=networks: networks[depth].loss(weights, data),  # type: ignore[misc]
            trend_depths=fields["trend_depths"],
            points=fields["points"],
        )
        for one in tested:
            value = math.log(one.ratio) if math.isfinite(one.ratio) and one.ratio > 0 else math.nan
            yield {**_of_network("log_denoised_ratio", number, value), "layer": one.depth}


class _Rebuilt:
    """A trained network whose weights and biases can be replaced: A where δ is shared, else |δ|A beside sign δ."""

    def __init__(self, run: DeepRun, number: int, activation: str, shared: bool) -> None:
        self.activation = activation
        both = np.concatenate([run.weight[number], run.bias[number][..., None]], axis=2).astype(np.float64)
        scale = np.ones(len(both)) if run.scale is None else np.broadcast_to(run.scale[number], len(both))
        self.weights = both if shared else np.abs(scale)[:, None, None] * both
        self.scale = scale if shared else np.sign(scale)

    def loss(self, weights: Any, data: RegressionData) -> float:
        """Return the loss on all training inputs."""
        from deeplimits.training.deep_resnet import hidden_states

        states = hidden_states(
            data.train_inputs, weights[..., :-1], scale=self.scale, bias=weights[..., -1], activation=self.activation
        )
        with np.errstate(over="ignore", invalid="ignore"):
            for state in states:
                output = state
            return float(np.mean((output - data.train_targets) ** 2))


def _of_network(measure: str, number: int, value: float) -> Row:
    return {"measure": measure, "network": number, "count": 1, "measured": finite_or_none(float(value))}


def _estimate(measure: str, statistic: str, found: Estimate) -> Row:
    return {
        "measure": measure,
        "statistic": statistic,
        "count": found.count,
        "measured": finite_or_none(found.value),
        "measured_standard_error": finite_or_none(found.standard_error),
    }
