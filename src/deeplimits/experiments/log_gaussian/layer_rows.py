"""Rows about layers: log-norms, activity, its covariance between layers, and the correlation of two inputs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from deeplimits.experiments.log_gaussian.row import Row, row
from deeplimits.limits import Prediction
from deeplimits.sampling import Samples
from deeplimits.statistics import Estimate, LayerCovariance

BASE_LAYER = 20
"""The layer from which lags are counted: stationary by then unless the skip connection is strong."""

_STATISTICS = {
    "log_norm": ("mean", "variance"),
    "active_fraction": ("mean",),
    "energy_fraction": ("mean",),
    "correlation": ("mean", "variance"),
}


def layer_rows(samples: Samples, predictions: Mapping[str, Prediction]) -> Iterator[Row]:
    """Yield the rows of each layer, of the later layers' average, and of pairs of layers."""
    for observable in ("log_norm", "active_fraction", "energy_fraction"):
        yield from _by_layer(samples, predictions, observable)
    (covariance,) = samples.estimates("energy_fraction_covariance")
    yield _late_average(samples, predictions, covariance)
    yield from _lags(predictions, covariance)


def pair_rows(samples: Samples, predictions: Mapping[str, Prediction]) -> Iterator[Row]:
    """Yield mean and variance of the correlation of two inputs at each layer."""
    yield from _by_layer(samples, predictions, "correlation")


def _by_layer(samples: Samples, predictions: Mapping[str, Prediction], observable: str) -> Iterator[Row]:
    laws = _first_laws(predictions, observable)
    (summary,) = samples.estimates(observable)
    for i, measured in enumerate(summary):
        for statistic in _STATISTICS[observable]:
            said = {limit: getattr(law.laws[i], statistic) for limit, law in laws.items()}
            yield row(observable, statistic, getattr(measured, statistic), said, layer=measured.layer)


def _late_average(samples: Samples, predictions: Mapping[str, Prediction], covariance: LayerCovariance) -> Row:
    """Return the mean energy fraction over the layers from depth/4 on.

    Its standard error is from the measured covariance of those layers, as they are of the same networks.
    """
    layers = np.asarray(covariance.layers)
    late = layers >= layers[-1] / 4
    (summary,) = samples.estimates("energy_fraction")
    means = np.array([estimate.value for estimate in summary.mean])
    error = math.sqrt(max(float(covariance.values[np.ix_(late, late)].mean()), 0.0) / covariance.count)
    said = {
        limit: float(np.mean(np.array(law.mean)[late]))
        for limit, law in _first_laws(predictions, "energy_fraction").items()
    }
    average = Estimate(float(means[late].mean()), error, covariance.count)
    return row(
        "energy_fraction", "late_average", average, said, layer=int(layers[late][0]), other_layer=int(layers[-1])
    )


def _lags(predictions: Mapping[str, Prediction], covariance: LayerCovariance) -> Iterator[Row]:
    """Yield the covariance of layer 20 (of a middle one in a network that is not twice as deep) with each later one."""
    layers = covariance.layers
    base = max(i for i, layer in enumerate(layers) if layer <= min(BASE_LAYER, layers[-1] // 2))
    laws = _first_laws(predictions, "energy_fraction_covariance")
    for i in range(base, len(layers)):
        said = {limit: law.covariance(base, i) for limit, law in laws.items()}
        estimate = covariance.covariance(base, i)
        where = {"layer": layers[base], "other_layer": layers[i]}
        yield row("energy_fraction_covariance", "covariance", estimate, said, **where)


def _first_laws(predictions: Mapping[str, Prediction], observable: str) -> dict[str, Any]:
    return {limit: found.laws[observable][0] for limit, found in predictions.items() if observable in found.laws}
