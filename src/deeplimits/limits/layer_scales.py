"""The few numbers through which a piecewise linear network enters the log-Gaussian limit."""

from __future__ import annotations

import math
from dataclasses import dataclass

from deeplimits.architectures import MLP, Architecture, BalancedResNet, ResNet
from deeplimits.kernels import GeometricCorrelation
from deeplimits.limits.logarithms import log_of

_ROUNDING = 5e-16
"""What rounding leaves of ln(α² + λ²) for scales such as 1/√2, of which the squares should sum to 1."""


@dataclass(frozen=True)
class LayerScales:
    """Hold what one layer does to the squared norm, at leading order.

    With φ(z) = s₊ max(z, 0) + s₋ min(z, 0), E φ(Z)² = (s₊² + s₋²)/2 and λ_eff² = branch_scale² weight_variance E φ(Z)²:

    Args:
        log_growth: ln(α² + λ_eff²), the logarithm of the factor that a layer multiplies the expected squared norm by.
        skip_share: a² = α² / (α² + λ_eff²).
        branch_share: b² = λ_eff² / (α² + λ_eff²) = 1 − a².
        correlation: a^k, the correlation of a neuron's preactivations k layers apart; a has the sign of α.
        asymmetry: γ = (s₊² − s₋²) / (s₊² + s₋²): 1 for ReLU, 0 for a linear network.
        interlayer: whether fluctuations of different layers correlate (not in a Balanced ResNet).
    """

    log_growth: float
    skip_share: float
    branch_share: float
    correlation: GeometricCorrelation
    asymmetry: float
    interlayer: bool


def layer_scales(architecture: Architecture) -> LayerScales:
    """Return the scales of an MLP, ResNet or BalancedResNet whose activation is piecewise linear with its kink at 0.

    Raises:
        TypeError: the architecture is none of these, or its activation has no slopes.

    >>> scales = layer_scales(ResNet(width=100, depth=10))
    >>> round(scales.log_growth, 12), round(scales.skip_share, 12), scales.asymmetry
    (0.0, 0.5, 1.0)
    """
    slopes = architecture.phi.slopes
    if slopes is None or architecture.weight_variance is None:
        raise TypeError(f"{architecture.phi.name} is not piecewise linear with its kink at 0")
    log_second_moment, asymmetry = _slope_statistics(*slopes)
    log_branch = math.log(architecture.weight_variance) + log_second_moment
    if isinstance(architecture, MLP):
        growth = log_branch if abs(log_branch) > _ROUNDING else 0.0
        return LayerScales(growth, 0.0, 1.0, GeometricCorrelation(-math.inf), asymmetry, interlayer=False)
    if not isinstance(architecture, ResNet):
        raise TypeError(f"no layer scales are known for {type(architecture).__name__}")
    log_skip = 2 * log_of(abs(architecture.skip_scale))
    log_branch += 2 * log_of(abs(architecture.branch_scale))
    log_growth = max(log_skip, log_branch) + math.log1p(math.exp(-abs(log_skip - log_branch)))
    if abs(log_growth) <= _ROUNDING:
        log_growth = 0.0
    # ln a² from the ratio of the two, so that 1 − a² keeps its digits when the branch is weak.
    log_skip_share = -math.inf if math.isinf(log_skip) else -_log1p_exp(log_branch - log_skip)
    return LayerScales(
        log_growth,
        skip_share=math.exp(log_skip_share),
        branch_share=math.exp(log_branch - log_growth),
        correlation=GeometricCorrelation(log_skip_share / 2, negative=architecture.skip_scale < 0),
        asymmetry=asymmetry,
        interlayer=not isinstance(architecture, BalancedResNet),
    )


def kink_share(up: float, down: float) -> float:
    """Return D = (s₊ − s₋)²/2(s₊² + s₋²), what |z| contributes to E φ(Z)²: ½ for ReLU, 0 for a linear network."""
    largest = max(abs(up), abs(down))
    return ((up - down) / largest) ** 2 / (2 * ((up / largest) ** 2 + (down / largest) ** 2))


def alignment_rate(architecture: Architecture) -> float:
    """Return 2 D b²/π, the rate at which the inputs of a piecewise linear network align; see `correlation_gaps`."""
    slopes = architecture.phi.slopes
    if slopes is None:
        raise TypeError(f"{architecture.phi.name} is not piecewise linear with its kink at 0")
    return 2 * kink_share(*slopes) * layer_scales(architecture).branch_share / math.pi


def log_mean_square_slope(up: float, down: float) -> float:
    """Return ln E φ(Z)² of φ(z) = s₊ max(z, 0) + s₋ min(z, 0), Z ~ N(0, 1)."""
    return _slope_statistics(up, down)[0]


def _slope_statistics(up: float, down: float) -> tuple[float, float]:
    """Return ln E φ(Z)² and γ, without squaring large or small slopes."""
    largest = max(abs(up), abs(down))
    squares = (up / largest) ** 2, (down / largest) ** 2
    return 2 * math.log(largest) + math.log(sum(squares) / 2), (squares[0] - squares[1]) / sum(squares)


def _log1p_exp(x: float) -> float:
    """Return ln(1 + e^x) without overflow."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))
