"""The mean of the log-norm at order 1/width, at every depth."""

from __future__ import annotations

from deeplimits._typing import Float64Array
from deeplimits.kernels import absolute_product, triangular_lag_sum
from deeplimits.limits.layer_scales import LayerScales
from deeplimits.limits.log_gaussian.variance import layer_variance


def scaled_mean(scales: LayerScales, layers: int, input_layer: bool) -> float:
    """Return n E L, L the logarithm of the squared norm after ``layers`` layers relative to its expected growth.

    E ln R = b²γ E δ − v₁/(2n) at each layer, and δ is biased by the response of the layers below (hypoactivation):

        n E L = −1 [input layer] − d v₁/2 − 2γ²b⁴ Σ_{k=1}^{d−1} (d − k) a^k A(a^k).

    The mean is not −(n Var L)/2: the correlation between layers enters the two differently.

    Args:
        scales: a, b² and γ.
        layers: d, how many layers of the kind described by ``scales``.
        input_layer: whether the norm starts from that of a Gaussian vector.

    Note:
        Leading order in 1/n at fixed d/n.

    References: li2021future, main theorem (rederived, with the sums at finite depth and for leaky slopes).
    """
    mean = -1.0 * input_layer - layers * layer_variance(scales) / 2
    if scales.interlayer:
        lags = triangular_lag_sum(correlated_absolute_product, scales.correlation, layers)
        mean -= 2 * (scales.asymmetry * scales.branch_share) ** 2 * lags
    return mean


def correlated_absolute_product(correlation: Float64Array, sine: Float64Array) -> Float64Array:
    """Return r A(r), half of K(r) − M(r)."""
    return correlation * absolute_product(correlation, sine)
