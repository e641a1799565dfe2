"""Exact laws of each layer, where the squared norm is a product of independent factors."""

from __future__ import annotations

import math

import numpy as np

from deeplimits.architectures import MLP, Architecture, BalancedResNet, ResNet
from deeplimits.limits.exact.activity import active_fraction, energy_fraction
from deeplimits.limits.exact.chi_square_network import ChiSquareNetwork
from deeplimits.limits.exact.product_law import product_laws
from deeplimits.limits.laws import LayeredLaw, LayerPairLaw, log_chi_square
from deeplimits.limits.layers import layers_of
from deeplimits.limits.mortality import mortal_layers, one_sided


def log_norm_by_layer(architecture: Architecture, network: ChiSquareNetwork) -> LayeredLaw:
    """Return the laws of ``log_norm``: layer l has l factors and that of the input layer."""
    layers, width, shift = layers_of(architecture), architecture.width, math.log(architecture.input_variance)
    last = log_chi_square(width, float(width))
    return LayeredLaw(layers, tuple(product_laws(network, layer, (last,), [shift])[0] for layer in layers))


def active_fraction_by_layer(architecture: Architecture) -> LayeredLaw:
    """Return the moments of ``active_fraction``; a layer that must not be dead has an active neuron."""
    layers = layers_of(architecture)
    return LayeredLaw(
        layers, tuple(active_fraction(architecture.width, _needed_sign(architecture, layer)) for layer in layers)
    )


def energy_fraction_by_layer(architecture: Architecture) -> LayeredLaw:
    """Return the moments of ``energy_fraction``, likewise."""
    layers = layers_of(architecture)
    return LayeredLaw(
        layers, tuple(energy_fraction(architecture.width, _needed_sign(architecture, layer)) for layer in layers)
    )


def knows_covariance(architecture: Architecture) -> bool:
    """Whether `energy_fraction_covariance` holds: not with both a skip connection and a branch."""
    if isinstance(architecture, ResNet):
        return architecture.branch_scale == 0 or architecture.skip_scale == 0
    return isinstance(architecture, MLP)


def energy_fraction_covariance(architecture: Architecture) -> LayerPairLaw:
    """Return the covariances of the energy fractions of layers.

    Without skip connection the directions of different layers are independent; without branch they are the same.
    """
    energy = energy_fraction_by_layer(architecture)
    variances = np.array([law.variance for law in energy], dtype=np.float64)
    if isinstance(architecture, ResNet) and architecture.branch_scale == 0:
        return LayerPairLaw(energy.layers, np.full((len(energy),) * 2, variances[0]))
    return LayerPairLaw(energy.layers, np.diag(variances))


def _needed_sign(architecture: Architecture, layer: int) -> int:
    # A Balanced ResNet lives by the signs of s ∘ z, which say nothing of those of z.
    if isinstance(architecture, BalancedResNet):
        return 0
    return one_sided(architecture) if layer < mortal_layers(architecture) else 0
