"""Mean and variance of the two log-norms, put together for an architecture."""

from __future__ import annotations

import math
from dataclasses import dataclass

from deeplimits.architectures import MLP, Architecture
from deeplimits.limits.layer_scales import layer_scales
from deeplimits.limits.log_gaussian.mean import scaled_mean
from deeplimits.limits.log_gaussian.variance import scaled_variance


@dataclass(frozen=True)
class LogNorm:
    """Hold the Gaussian part of a log-norm.

    Args:
        mean: expectation, of ln(input_dim ‖z‖² / (width ‖x‖²)) or what corresponds to it at the readout.
        variance: variance.
        layers: how many layers contribute, the input layer not counted.
        input_layer: whether the input layer's sampling noise contributes.
    """

    mean: float
    variance: float
    layers: int
    input_layer: bool


def hidden_log_norm(architecture: Architecture) -> LogNorm:
    """Return the law of ``log_norm_hidden``: depth blocks, or the depth − 1 square matrices of an MLP."""
    layers = architecture.depth - 1 if isinstance(architecture, MLP) else architecture.depth
    return _log_norm(architecture, layers, input_layer=True)


def output_log_norm(architecture: Architecture) -> LogNorm:
    """Return the law of ln of what χ²(output_dim) is multiplied by in ‖z_out‖², over ‖x‖²/input_dim.

    A linear readout sees the last preactivations' norm. That of an MLP sees ‖φ(z)‖², a product of depth equal factors:
    the input layer's norm has cancelled.
    """
    if isinstance(architecture, MLP):
        return _log_norm(architecture, architecture.depth, input_layer=False)
    return hidden_log_norm(architecture)


def _log_norm(architecture: Architecture, layers: int, input_layer: bool) -> LogNorm:
    scales = layer_scales(architecture)
    growth = math.log(architecture.input_variance) + layers * scales.log_growth
    return LogNorm(
        growth + scaled_mean(scales, layers, input_layer) / architecture.width,
        scaled_variance(scales, layers, input_layer) / architecture.width,
        layers,
        input_layer,
    )
