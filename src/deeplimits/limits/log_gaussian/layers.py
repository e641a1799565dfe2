"""What the log-Gaussian limit says of each layer, and of two."""

from __future__ import annotations

import math

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.architectures import Architecture
from deeplimits.kernels import signed_squares
from deeplimits.limits.laws import LayeredLaw, LayerPairLaw, MomentsOnly, Normal
from deeplimits.limits.layer_scales import LayerScales, layer_scales
from deeplimits.limits.layers import layers_of
from deeplimits.limits.log_gaussian.activity import (
    active_variance,
    energy_variance,
    scaled_active_excesses,
    scaled_energy_excesses,
)
from deeplimits.limits.log_gaussian.mean import scaled_means
from deeplimits.limits.log_gaussian.variance import scaled_variances


def log_norm_by_layer(architecture: Architecture) -> LayeredLaw:
    """Return the normal laws of ``log_norm``: `scaled_means` and `scaled_variances` cut at each layer."""
    scales, layers, width = layer_scales(architecture), layers_of(architecture), architecture.width
    growth = math.log(architecture.input_variance) + np.asarray(layers) * scales.log_growth
    means = growth + scaled_means(scales, layers, input_layer=True) / width
    deviations = np.sqrt(scaled_variances(scales, layers, input_layer=True) / width)
    return LayeredLaw(
        layers,
        tuple(Normal(float(mean), float(scale)) for mean, scale in zip(means, deviations, strict=True)),
    )


def active_fraction_by_layer(architecture: Architecture) -> LayeredLaw:
    """Return the moments of ``active_fraction``."""
    scales, layers, width = layer_scales(architecture), layers_of(architecture), architecture.width
    means = fractions(scaled_active_excesses(scales, layers), width)
    return LayeredLaw(layers, tuple(MomentsOnly(float(mean), active_variance(width)) for mean in means))


def energy_fraction_by_layer(architecture: Architecture) -> LayeredLaw:
    """Return the moments of ``energy_fraction``."""
    scales, layers, width = layer_scales(architecture), layers_of(architecture), architecture.width
    means = fractions(scaled_energy_excesses(scales, layers), width)
    variances = [energy_variance(scales, width, layer) for layer in layers]
    return LayeredLaw(
        layers,
        tuple(MomentsOnly(float(mean), variance) for mean, variance in zip(means, variances, strict=True)),
    )


def energy_fraction_covariance(architecture: Architecture) -> LayerPairLaw:
    """Return Cov(‖relu z_l‖²/‖z_l‖², ‖relu z_m‖²/‖z_m‖²) for each two layers.

    To leading order the sum Σ z|z| / ‖z‖² is that of n independent stationary Gaussian paths of correlation a^k, so

        Cov = K(a^|l−m|) / 4n, K(r) = E[u|u| v|v|], K(1) = 3.

    The slopes do not matter, and nor do the fresh signs of a Balanced ResNet: they act inside its branches, while the
    observable looks at z_l, of which the skip connection keeps the signs. (What the signs do remove is the correlation
    of the branches, ‖φ(s ∘ z_l)‖²/‖z_l‖².) The correlation K(a^|l−m|)/3 is put on `energy_variance`.

    References: li2021future, interlayer correlations (rederived).
    """
    scales, layers, width = layer_scales(architecture), layers_of(architecture), architecture.width
    deviations = np.sqrt([energy_variance(scales, width, layer) for layer in layers])
    return LayerPairLaw(layers, _correlations(scales, layers) * np.outer(deviations, deviations))


def fractions(excesses: Float64Array, width: int) -> Float64Array:
    """Return ½ + excess/n; in networks one or two neurons wide that can lead out of what a fraction can be."""
    return np.clip(0.5 + excesses / width, 0.0, 1.0)


def _correlations(scales: LayerScales, layers: tuple[int, ...]) -> Float64Array:
    """Return K(a^|l−m|)/3."""
    lags = np.abs(np.subtract.outer(layers, layers)).astype(np.float64)
    apart = lags > 0
    correlations = np.ones_like(lags)
    correlations[apart] = signed_squares(*scales.correlation.at(lags[apart])) / 3
    return correlations
