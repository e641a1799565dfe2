"""The variance of a preactivation at infinite width, layer by layer, in logarithms."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from deeplimits.architectures import MLP, Architecture, ResNet
from deeplimits.limits.infinite_width.second_moments import LogSecondMoment
from deeplimits.limits.layer_scales import layer_scales, log_mean_square_slope
from deeplimits.limits.layers import layers_of
from deeplimits.limits.logarithms import log_of


@dataclass(frozen=True)
class LogVariances:
    """Hold ln q of the recorded preactivation vectors and of the output.

    Args:
        layers: logarithm of the variance of a coordinate at each recorded layer.
        output: logarithm of the variance of a coordinate of the output.
    """

    layers: tuple[float, ...]
    output: float

    @property
    def hidden(self) -> float:
        """Logarithm of the variance of a coordinate of the last preactivation vector."""
        return self.layers[-1]


def log_variances(architecture: Architecture, log_input: float) -> LogVariances:
    """Return what the variance recursion leads to; see `layer_maps`.

    Args:
        architecture: an MLP or a ResNet, with any activation.
        log_input: ln(input_variance ‖x‖² / input_dim).

    Raises:
        ValueError: an expectation cannot be computed, or the variance leaves every number's range.

    Note:
        Exact to rounding for piecewise linear activations, in O(1) where nothing but them acts; else to the error of
        the Gaussian expectations, 1e-11 relative a layer where they are smooth.
    """
    layers = layers_of(architecture)
    if architecture.phi.slopes is not None and not architecture.extensions:
        growth = layer_scales(architecture).log_growth
        path = tuple(log_input + layer * growth for layer in layers)
        return LogVariances(path, path[-1] + growth if isinstance(architecture, MLP) else path[-1])
    maps = layer_maps(architecture)
    path = _iterate(maps.update, maps.first(log_input), layers)
    return LogVariances(path, maps.fed(path[-1]) if isinstance(architecture, MLP) else path[-1])


@dataclass(frozen=True)
class LayerMaps:
    """Hold one layer of the variance recursion, in logarithms.

    Args:
        first: ln(input_variance ‖x‖² / input_dim) ↦ ln q_0.
        seen: ln q ↦ ln u, u the variance of what the activation sees: q, 1 under a normalization, and through a hidden
            layer more by bias_variance.
        fed: ln q ↦ ln(weight_variance E φ(√u Z)²).
        update: ln q_l ↦ ln q_{l+1}.
        log_skip: ln skip_scale²; −∞ for an MLP.
        log_branch: ln branch_scale²; 0 for an MLP.
    """

    first: Callable[[float], float]
    seen: Callable[[float], float]
    fed: Callable[[float], float]
    update: Callable[[float], float]
    log_skip: float = -math.inf
    log_branch: float = 0.0


def layer_maps(architecture: Architecture) -> LayerMaps:
    """Return the variance recursion of ``architecture``.

    MLP: q_0 = input_variance ‖x‖²/input_dim + bias_variance and q_{l+1} = weight_variance E φ(√q_l Z)² + bias_variance;
    the readout is one more step without bias. ResNet, Balanced or not: q_0 without bias and

        q_{l+1} = skip_scale² q_l + branch_scale² (weight_variance E φ(√u Z)² + bias_variance).

    Either normalization makes u = 1, as the mean over a wide layer is 0.
    """
    moments, log_bias = _log_second_moment(architecture), log_of(architecture.bias_variance)
    log_weight = math.log(architecture.weight_variance)
    if not isinstance(architecture, ResNet):

        def through(u: float) -> float:
            return log_weight + moments(u)

        return LayerMaps(
            first=lambda u: log_sum(u, log_bias),
            seen=lambda u: u,
            fed=through,
            update=lambda u: log_sum(through(u), log_bias),
        )
    log_skip, log_branch = 2 * log_of(abs(architecture.skip_scale)), 2 * log_of(abs(architecture.branch_scale))
    hidden = log_bias if architecture.block == "two-layer" else -math.inf
    normalized = architecture.normalization != "none"

    def seen(u: float) -> float:
        return log_sum(0.0 if normalized else u, hidden)

    def fed(u: float) -> float:
        return log_weight + moments(seen(u))

    def update(u: float) -> float:
        if log_branch == -math.inf:
            return u + log_skip
        return log_sum(u + log_skip, log_branch + log_sum(fed(u), log_bias))

    return LayerMaps(lambda u: u, seen, fed, update, log_skip, log_branch)


def log_sum(first: float, second: float) -> float:
    """Return ln(e^first + e^second)."""
    return float(np.logaddexp(first, second))


def _log_second_moment(architecture: Architecture) -> Callable[[float], float]:
    """Return ln q ↦ ln E φ(√q Z)²."""
    slopes = architecture.phi.slopes
    if slopes is None:
        return LogSecondMoment(architecture.phi)
    constant = log_mean_square_slope(*slopes)
    return lambda u: u + constant


def _iterate(update: Callable[[float], float], u: float, layers: tuple[int, ...]) -> tuple[float, ...]:
    """Apply ``update`` up to the last of ``layers``, or until it changes nothing more; return u at each of them."""
    path: list[float] = []
    for layer in range(layers[-1] + 1):
        if layer == layers[len(path)]:
            path.append(u)
        if len(path) == len(layers):
            break
        following = update(u)
        if following == u:
            break
        if not math.isfinite(following):
            raise ValueError(f"the variance of the preactivations is out of every number's range after layer {layer}")
        u = following
    return (*path, *[u] * (len(layers) - len(path)))
