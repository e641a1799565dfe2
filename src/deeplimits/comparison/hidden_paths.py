"""Trained residual networks' hidden states beside those of the differential equations that their weights stand for."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.activations import Activation, resolve
from deeplimits.limits.weight_flow import LINEAR, TREND, implied_ode, implied_sde
from deeplimits.limits.weight_flow.layer_field import checked_inputs, layer_field
from deeplimits.limits.weight_flow.ode import linear_at_zero
from deeplimits.statistics import Estimate, mean_over_seeds
from deeplimits.training.deep_resnet import hidden_states
from deeplimits.weights import LayerWeights, trend_and_noise

_LAYERS_OF_POINT, _MOST_POINTS = 8, 13
NETWORK, DENOISED, SDE = "network", "denoised", "sde"


@dataclass(frozen=True)
class PathComparison:
    """Hold how far networks of one depth are from the equations, averaged over the networks.

    Args:
        depth: L.
        path_errors: equation (``trend``, ``linear``) → root mean square of h_k − H(k/L) over inputs and layers, over
            that of h_k − h_0; NaN if one does not move.
        displacements: ``network``, ``trend``, ``linear``, ``sde`` → mean over inputs of ‖h_L − h_0‖².
        losses: likewise, and ``denoised``, the network rebuilt from the trend of its weights → mean squared error of
            the outputs; empty without targets.
        trend_share: share of the trend of layers that the SDE's drift has; None without the SDE.

    References: cohen2021scaling.
    """

    depth: int
    path_errors: dict[str, Estimate]
    displacements: dict[str, Estimate]
    losses: dict[str, Estimate]
    trend_share: float | None


def compare_paths(
    networks: Sequence[LayerWeights],
    inputs: ArrayLike,
    targets: ArrayLike | None = None,
    *,
    activation: Activation | str | Callable[[Any], Any],
    paths: int = 64,
    seed: int = 0,
) -> PathComparison:
    """Compare hidden states of networks of one depth with the ODE and the SDE fitted to their weights.

    Args:
        networks: their weights (depth, width, width), biases and scales.
        inputs: h_0, (samples, width).
        targets: what the networks were trained to return, (samples, width).
        activation: φ.
        paths: of the SDE; 0 leaves it out.
        seed: of its noise.

    Raises:
        ValueError: shapes do not fit, or there are fewer than 8 layers.

    Note: the linear ODE is left out where φ is not linear through 0. Errors are over networks, of the SDE over paths:
        one network has none. Its law is fitted to all networks together.
    """
    phi = resolve(activation)
    states = checked_inputs(inputs, layer_field(networks, phi, 1).width)
    wanted = None if targets is None else np.asarray(targets, dtype=np.float64)
    if wanted is not None and wanted.shape != states.shape:
        raise ValueError(f"targets must have the inputs' shape {states.shape}, got {wanted.shape}")
    equations = (TREND, LINEAR) if linear_at_zero(phi) else (TREND,)
    errors: dict[str, list[float]] = {equation: [] for equation in equations}
    last: dict[str, list[Float64Array]] = {name: [] for name in (NETWORK, *equations, DENOISED)}
    for network in networks:
        own = _states(network, states, phi)
        last[NETWORK].append(own[-1])
        last[DENOISED].append(_states(_denoised(network), states, phi)[-1])
        for equation in equations:
            flow = implied_ode(network, states, activation=phi, equation=equation)
            errors[equation].append(_relative_error(flow.states, own))
            last[equation].append(flow.states[-1])
    share = None
    if paths:
        sampled = implied_sde(networks, states, activation=phi, paths=paths, seed=seed)
        last[SDE], share = list(sampled.states[:, -1]), sampled.trend_share
    moved = {name: [_square(some - states) for some in each] for name, each in last.items() if name != DENOISED}
    losses = {
        name: [float(np.mean((some - wanted) ** 2)) for some in each]
        for name, each in last.items()
        if wanted is not None
    }
    return PathComparison(networks[0].depth, _means(errors), _means(moved), _means(losses), share)


def _states(network: LayerWeights, inputs: Float64Array, phi: Activation) -> Float64Array:
    """Return h_0 … h_L, shape (depth + 1, samples, width)."""
    return np.array([*hidden_states(inputs, network.weight, scale=network.scale, bias=network.bias, activation=phi)])


def _denoised(network: LayerWeights) -> LayerWeights:
    """Return the network whose weights and biases are averaged over a few stretches of layers.

    Where layers have scales of their own, |scale| · weight is averaged and the sign kept, as in the paper: one network
    with the first if φ is homogeneous. Where they share one, it stays as it is.
    """
    scales = None if network.scale_path is None else network.scale_path[:, 0]
    alone = scales is None or np.ptp(np.abs(scales)) == 0
    size = np.ones(network.depth) if scales is None or alone else np.abs(scales)
    points = max(1, min(network.depth // _LAYERS_OF_POINT, _MOST_POINTS))

    def trend(values: ArrayLike) -> Float64Array:
        path = np.asarray(values, np.float64)
        scaled = size.reshape(-1, *(1 for _ in path.shape[1:])) * path
        return trend_and_noise({network.depth: scaled}, 0.0, points=points).trend[network.depth]

    kept = scales if scales is None or alone else np.sign(scales)
    bias = None if network.bias is None else trend(network.bias)
    return replace(network, weight=trend(network.weight), scale=kept, bias=bias)


def _relative_error(found: Float64Array, own: Float64Array) -> float:
    """Return NaN for a network that leaves its inputs where they are."""
    moved = float(np.mean((own - own[0]) ** 2))
    return math.sqrt(float(np.mean((found - own) ** 2)) / moved) if moved else math.nan


def _square(moved: Float64Array) -> float:
    return float(np.sum(moved**2, axis=-1).mean())


def _means(values: Mapping[str, Sequence[float]]) -> dict[str, Estimate]:
    """Return each name's mean over networks, or over paths."""
    return {name: mean_over_seeds(each) for name, each in values.items()}
