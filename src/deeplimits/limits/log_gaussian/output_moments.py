"""Moments of the output's coordinates in the log-Gaussian limit."""

from __future__ import annotations

import math

from deeplimits.architectures import Architecture
from deeplimits.limits.layer_scales import layer_scales
from deeplimits.limits.log_gaussian.log_norm import output_log_norm
from deeplimits.limits.log_gaussian.mean import scaled_log_expectation


def log_output_growth(architecture: Architecture) -> float:
    """Return ln of E z_i² over ‖x‖²/input_dim, z_i a coordinate of the output.

    ln input_variance + d ln(α² + λ²) + (γ²b⁴/n) Σ (d − k) M(a^k): although fewer than half of the neurons of a ResNet
    are active, its expected output is larger than at infinite width. The d of an MLP is its depth, as it is read out
    after the activation.

    References: li2021future, main theorem (rederived).
    """
    scales, layers = layer_scales(architecture), output_log_norm(architecture).layers
    growth = math.log(architecture.input_variance) + layers * scales.log_growth
    return growth + scaled_log_expectation(scales, layers) / architecture.width


def log_kurtosis_factor(architecture: Architecture) -> float:
    """Return ln of a third of E z_i⁴/(E z_i²)², β = Var L, as z_i is Gaussian given L and E e^{2L}/(E e^L)² = e^β."""
    return output_log_norm(architecture).variance
