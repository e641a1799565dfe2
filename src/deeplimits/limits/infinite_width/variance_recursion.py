"""The variance of a preactivation at infinite width, layer by layer, in logarithms."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from deeplimits.architectures import MLP, Architecture, ResNet
from deeplimits.limits.infinite_width.second_moments import LogSecondMoment
from deeplimits.limits.layer_scales import layer_scales
from deeplimits.limits.layers import layers_of


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


def log_variances(architecture: Architecture, log_first: float) -> LogVariances:
    """Return what the variance recursion leads to.

    MLP: q_{l+1} = weight_variance E φ(√q_l Z)², once more for the readout. ResNet, Balanced or not:
    q_{l+1} = skip_scale² q_l + branch_scale² weight_variance E φ(√q_l Z)², read out linearly.

    Args:
        architecture: an MLP or a ResNet, with any activation.
        log_first: ln q_0 = ln(input_variance ‖x‖² / input_dim).

    Raises:
        ValueError: an expectation cannot be computed, or the variance leaves every number's range.

    Note:
        Exact to rounding for piecewise linear activations, in O(1); else to the error of the Gaussian expectations,
        1e-11 relative a layer where they are smooth.
    """
    layers = layers_of(architecture)
    if architecture.phi.slopes is not None:
        growth = layer_scales(architecture).log_growth
        path = tuple(log_first + layer * growth for layer in layers)
        return LogVariances(path, path[-1] + growth if isinstance(architecture, MLP) else path[-1])
    branch, update = layer_maps(architecture)
    path = _iterate(update, log_first, layers)
    return LogVariances(path, branch(path[-1]) if isinstance(architecture, MLP) else path[-1])


def layer_maps(architecture: Architecture) -> tuple[Callable[[float], float], Callable[[float], float]]:
    """Return ln q ↦ ln(branch's variance) and ln q ↦ ln(variance of the next layer)."""
    moments = LogSecondMoment(architecture.phi)
    log_weight = math.log(architecture.weight_variance or 1.0)
    if not isinstance(architecture, ResNet):
        return (lambda u: log_weight + moments(u)), (lambda u: log_weight + moments(u))
    log_skip, log_scale = _log_square(architecture.skip_scale), _log_square(architecture.branch_scale)

    def branch(u: float) -> float:
        return log_scale + log_weight + moments(u)

    def update(u: float) -> float:
        if log_scale == -math.inf:
            return u + log_skip
        skip, added = u + log_skip, branch(u)
        return max(skip, added) + math.log1p(math.exp(-abs(skip - added)))

    return branch, update


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


def _log_square(scale: float) -> float:
    return 2 * math.log(abs(scale)) if scale else -math.inf
