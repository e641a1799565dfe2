"""The variance of the log-norm at order 1/width, at every depth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.kernels import signed_squares, triangular_lag_sums
from deeplimits.limits.layer_scales import LayerScales


def scaled_variances(scales: LayerScales, layers: Sequence[int], input_layer: bool) -> Float64Array:
    """Return n Var L for each of ``layers``, L the log of the squared norm after that many, less its growth.

    One layer multiplies the squared norm by R = 1 + γb²δ + 2ab sqrt(x/n) g + b²x(χ²_n/n − 1), where δ is the relative
    asymmetry Σ z_i|z_i| / ‖z‖² and x = 1 + γδ. δ is odd under a change of sign of the network and the other noises are
    even, so only the δ of different layers correlate, as those of stationary Gaussian paths of correlation a^k:

        n Var L = 2 [input layer] + d (4a²b² + 2b⁴ + 3γ²b⁴) + 2γ²b⁴ Σ_{k=1}^{d−1} (d − k) K(a^k).

    Args:
        scales: a, b² and γ.
        layers: numbers d of layers of the kind described by ``scales``, ascending.
        input_layer: whether the norm starts from that of a Gaussian vector, of variance 2/n.

    Note:
        Leading order in 1/n at fixed d/n.

    References: li2021future, main theorem (rederived, with the sums at finite depth and for leaky slopes).
    """
    variances = 2.0 * input_layer + np.asarray(layers, dtype=np.float64) * layer_variance(scales)
    if scales.interlayer:
        lags = triangular_lag_sums(signed_squares, scales.correlation, layers)
        variances += 2 * (scales.asymmetry * scales.branch_share) ** 2 * lags
    return variances


def scaled_variance(scales: LayerScales, layers: int, input_layer: bool) -> float:
    """Return n Var L after ``layers`` layers, `scaled_variances` at one depth."""
    return float(scaled_variances(scales, [layers], input_layer)[0])


def layer_variance(scales: LayerScales) -> float:
    """Return n times the variance that one layer adds by itself, v₁ = 4a²b² + 2b⁴ + 3γ²b⁴ (5 for a ReLU MLP)."""
    branch = scales.branch_share
    return 4 * scales.skip_share * branch + (2 + 3 * scales.asymmetry**2) * branch**2
