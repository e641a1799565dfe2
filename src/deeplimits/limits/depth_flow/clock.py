"""What each layer does to the variance of its neurons: their common clock, and how it scatters."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.architectures import ResNet
from deeplimits.limits.depth_flow.chaos import DEGREE, SquareChaos
from deeplimits.limits.infinite_width.variance_recursion import layer_maps

_LAYERS_AT_ONCE = 1024
_ORDERS = np.arange(DEGREE + 1, dtype=np.float64)
_LOWERED = 0.5 * np.sqrt((_ORDERS + 1) * (_ORDERS + 2))


@dataclass(frozen=True, eq=False)
class ClockLayers:
    """Describe the clock's rate r at layers of infinite width, in units of the clock's reading τ there.

    A layer adds branch_scale² (r + bias_variance) to τ, r = weight_variance mean φ² over n neurons of variance τ.

    Args:
        log_readings: ln τ_l, one more than layers.
        modes: Hermite coefficients 1 … of r's fluctuation, one row for each layer; column 0 is 0.
        fluctuation: n Var r, at given τ.
        slope: d E r / dτ (without unit).
        curvature: τ d² E r / dτ².
        pull: what a correlation of τ's fluctuation with each mode adds to E r at order 1/n.
        offset: what adds to E r at order 1/n besides.
    """

    log_readings: Float64Array
    modes: Float64Array
    fluctuation: Float64Array
    slope: Float64Array
    curvature: Float64Array
    pull: Float64Array
    offset: Float64Array


def clock_layers(architecture: ResNet, log_start: float) -> Iterator[ClockLayers]:
    """Yield all layers of ``architecture`` in order, some at a time.

    One matrix a block: weight_variance φ²/τ = Σ_k a_k(τ) h_k, so E r = a_0 τ, and as ∂_τ E f = ½ E f'' for a function
    f of a neuron, dE r/dτ = a_2/√2 and τ d²E r/dτ² = √24 a_4/4. With a hidden layer r is that of hidden_width fresh
    neurons of variance q = ‖z‖²/n: what a layer remembers is q alone, of which the fluctuation is mode 2.

    Raises:
        ValueError: an expectation cannot be computed.
    """
    chaos, update = SquareChaos(architecture.phi), layer_maps(architecture).update
    readings, left = [log_start], architecture.depth
    while left:
        for _ in range(min(left, _LAYERS_AT_ONCE)):
            readings.append(update(readings[-1]))
        logs = np.array(readings)
        make = _one_matrix if architecture.block == "one-layer" else _hidden_layer
        yield make(architecture, chaos, logs)
        left -= len(readings) - 1
        readings = readings[-1:]


def _one_matrix(architecture: ResNet, chaos: SquareChaos, logs: Float64Array) -> ClockLayers:
    coefficients, fourth = chaos(logs[:-1])
    modes = architecture.weight_variance * coefficients
    pull = np.zeros_like(modes)
    pull[:, :-2] = _LOWERED[:-2] * modes[:, 2:]
    fluctuation = architecture.weight_variance**2 * fourth - modes[:, 0] ** 2
    slope, curvature = modes[:, 2] / math.sqrt(2), math.sqrt(24) / 4 * modes[:, 4]
    modes[:, 0] = pull[:, 0] = 0.0
    return ClockLayers(logs, modes, fluctuation, slope, curvature, pull, np.zeros(len(modes)))


def _hidden_layer(architecture: ResNet, chaos: SquareChaos, logs: Float64Array) -> ClockLayers:
    assert architecture.hidden_width is not None, "two-layer blocks have a hidden width"
    share = 1 / (1 + architecture.bias_variance * np.exp(-logs[:-1]))  # τ over the variance that φ sees
    coefficients, fourth = chaos(logs[:-1] - np.log(share))
    rates = architecture.weight_variance * coefficients
    slope, curvature = rates[:, 2] / math.sqrt(2), math.sqrt(24) / 4 * share * rates[:, 4]
    modes, pull = np.zeros_like(rates), np.zeros_like(rates)
    modes[:, 2], pull[:, 2] = math.sqrt(2) * slope, math.sqrt(2) * curvature
    fresh = (architecture.weight_variance**2 * fourth - rates[:, 0] ** 2) / share**2
    fluctuation = 2 * slope**2 + architecture.width / architecture.hidden_width * fresh
    return ClockLayers(logs, modes, fluctuation, slope, curvature, pull, curvature)
