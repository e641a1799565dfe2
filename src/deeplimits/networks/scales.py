"""What an architecture multiplies by in each layer, split so that any magnitude fits in float32."""

from __future__ import annotations

import math
from dataclasses import dataclass

import jax.numpy as jnp
from jax import Array

from deeplimits.architectures import MLP, Architecture, ResNet

_SMALL_SLOPE = 1e-3


@dataclass(frozen=True)
class Scales:
    """Hold α and λ sqrt(weight_variance / fan-in) times φ's amplitude as (mantissa) 2^exponent.

    So even 1e30 fits in float32, and a layer's gain is near 1. For an MLP α = 0 and λ = 1.

    Args:
        skip: mantissa of α.
        branch: mantissa of the factor of W φ(z).
        exponent: of both.
        bias: mantissa of λ sqrt(bias_variance), 0 without biases.
        bias_exponent: its exponent.
    """

    skip: float
    branch: float
    exponent: int
    bias: float
    bias_exponent: int


def scales_of(architecture: Architecture) -> Scales:
    """Return the factors of z_l, of W φ(z_l) and of the bias in the layer of ``architecture``."""
    skip, branch, fan_in = 0.0, 1.0, hidden_width_of(architecture) or architecture.width
    if isinstance(architecture, ResNet):
        skip, branch = architecture.skip_scale, architecture.branch_scale
    bias, bias_exponent = branch * math.sqrt(architecture.bias_variance), 0
    if rescalable(architecture):
        bias, bias_exponent = math.frexp(bias)
    branch *= math.sqrt(architecture.weight_variance) * architecture.phi.amplitude
    exponent = math.frexp(max(abs(skip), abs(branch)))[1] if architecture.phi.homogeneous else 0
    skip, branch = math.ldexp(skip, -exponent), math.ldexp(branch, -exponent)
    return Scales(skip, branch / math.sqrt(fan_in), exponent, bias, bias_exponent)


def first_bias(architecture: Architecture) -> tuple[float, int]:
    """Return mantissa and exponent of the factor of a bias outside a branch: z_0's in an MLP, a hidden layer's."""
    scale = math.sqrt(architecture.bias_variance)
    return math.frexp(scale) if architecture.phi.homogeneous else (scale, 0)


def num_blocks_of(architecture: Architecture) -> int:
    """Return how many times the layer is applied to z_0: depth, or depth − 1 in an MLP."""
    return architecture.depth - 1 if isinstance(architecture, MLP) else architecture.depth


def readout_scale(architecture: Architecture) -> tuple[float, int]:
    """Return m and e with m 2^e the factor of W_out, e = 0 unless φ is homogeneous.

    The activation precedes W_out in an MLP, a ResNet reads out linearly.
    """
    if not isinstance(architecture, MLP):
        return 1 / math.sqrt(architecture.width), 0
    scale = math.sqrt(architecture.weight_variance) * architecture.phi.amplitude
    exponent = math.frexp(scale)[1] if architecture.phi.homogeneous else 0
    return math.ldexp(scale, -exponent) / math.sqrt(architecture.width), exponent


def rescalable(architecture: Architecture) -> bool:
    """Whether the preactivations may be carried with an exponent of their own, as φ never sees their magnitude."""
    return architecture.phi.homogeneous or normalization_of(architecture) != "none"


def hidden_width_of(architecture: Architecture) -> int | None:
    """Return the width of the hidden layer in each branch, or None if there is none."""
    return architecture.hidden_width if isinstance(architecture, ResNet) else None


def normalization_of(architecture: Architecture) -> str:
    """Return what a branch does to its input first: none, rms or layer."""
    return architecture.normalization if isinstance(architecture, ResNet) else "none"


def slope_ratio(architecture: Architecture) -> float:
    """Return the smaller slope of φ over the larger, in modulus, or 1 if φ has no two slopes that are not 0."""
    slopes = architecture.phi.slopes
    if slopes is None or 0 in slopes:
        return 1.0
    return min(map(abs, slopes)) / max(map(abs, slopes))


def has_small_slope(architecture: Architecture) -> bool:
    """Whether units that are all on the weak side shrink a state so much that it must be rescaled at once."""
    return slope_ratio(architecture) < _SMALL_SLOPE


def log_of(value: float) -> float:
    """Return ln of a number of at least 0, −∞ for 0."""
    return math.log(value) if value > 0 else -math.inf


def is_lost(architecture: Architecture, squared_norm: Array) -> Array:
    """Say where a state has left float32: only a state that cannot be rescaled can."""
    if rescalable(architecture):
        return jnp.zeros(squared_norm.shape, bool)
    return ~((squared_norm > 1e-30 * architecture.width) & jnp.isfinite(squared_norm))
