"""Second and fourth moments of the output that are exact at every width and depth."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.architectures import MLP, Architecture, BalancedResNet, ResNet
from deeplimits.limits.layer_scales import LayerScales, layer_scales
from deeplimits.limits.mortality import log_survival


@dataclass(frozen=True)
class ExactMoments:
    """Hold moments of q, where a coordinate of the output is √q g, over networks that are not dead.

    Args:
        log_growth: ln E q over ‖x‖²/input_dim.
        log_kurtosis_factor: ln E q²/(E q)².
    """

    log_growth: float
    log_kurtosis_factor: float


def exact_moments(architecture: Architecture) -> ExactMoments | None:
    """Return the exact moments of the output, or None where no closed recursion is known.

    They are known where the signs of the preactivations tell nothing of the layers to come: MLPs and Balanced ResNets
    with any slopes, and residual networks without skip connection, without branch or with |φ(z)| = s|z|.

    MLP, read out after the activation: q is a product of depth independent factors of mean 1 and second moment
    1 + (2 + 3γ²)/n, (1 + 5/n)^depth for ReLU. Conditioning on networks that are not dead, of probability P, divides
    every moment of q by P.

    >>> moments = exact_moments(MLP(width=100, depth=10))
    >>> round(math.exp(moments.log_kurtosis_factor), 6)  # 1.05^10
    1.628895

    References: hanin2019products, moments of the norm (MLP); li2021future, Balanced ResNets (rederived).
    """
    if architecture.extensions:
        return None
    width, depth, survival = architecture.width, architecture.depth, log_survival(architecture)
    first = math.log(architecture.input_variance)
    if isinstance(architecture, ResNet) and architecture.branch_scale == 0:
        growth = 2 * depth * math.log(abs(architecture.skip_scale))
        return ExactMoments(first + growth, math.log1p(2 / width))
    if architecture.phi.slopes is None or not isinstance(architecture, (MLP, ResNet)):
        return None
    scales = layer_scales(architecture)
    growth = first + depth * scales.log_growth - survival
    if isinstance(architecture, MLP):
        return ExactMoments(growth, depth * math.log1p((2 + 3 * scales.asymmetry**2) / width) + survival)
    if not (isinstance(architecture, BalancedResNet) or scales.skip_share * scales.asymmetry == 0):
        return None
    return ExactMoments(growth, _log_square(scales, width, depth) + survival)


def _log_square(scales: LayerScales, width: int, depth: int) -> float:
    """Return ln E q_d², q_l = ‖z_l‖²/n over its mean, from q_l² and p_l = Σ z_i⁴/n² by their linear recursion.

    z' = a z + b σ g with σ² = (1/n) Σ (1 + γ s_i) z_i², s_i independent random signs: E σ² = q, E σ⁴ = q² + γ² p, so

        E q'² = (1 + (4a²b² + 2b⁴)/n) E q² + b⁴γ² (1 + 2/n) E p,
        E p'  = (6a²b² + 3b⁴)/n E q² + (a⁴ + 3b⁴γ²/n) E p,   E q_0² = 1 + 2/n, E p_0 = 3/n.
    """
    n, skip, branch, square = width, scales.skip_share, scales.branch_share, scales.asymmetry**2
    step = np.array(
        [
            [1 + (4 * skip * branch + 2 * branch**2) / n, branch**2 * square * (1 + 2 / n)],
            [(6 * skip * branch + 3 * branch**2) / n, skip**2 + 3 * branch**2 * square / n],
        ]
    )
    logarithm, power = _scaled_power(step, depth)
    return logarithm + math.log(float(power[0] @ np.array([1 + 2 / n, 3 / n])))


def _scaled_power(matrix: Float64Array, exponent: int) -> tuple[float, Float64Array]:
    """Return s and P with matrix^exponent = e^s P by repeated squaring, for a nonnegative matrix."""
    log_result, result = 0.0, np.eye(len(matrix))
    log_square, square = 0.0, matrix
    while exponent:
        if exponent & 1:
            result = result @ square
            size = float(result.max())
            log_result, result = log_result + log_square + math.log(size), result / size
        square = square @ square
        size = float(square.max())
        log_square, square = 2 * log_square + math.log(size), square / size
        exponent >>= 1
    return log_result, result
