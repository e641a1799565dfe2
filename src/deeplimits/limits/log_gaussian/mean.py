"""The mean of the log-norm at order 1/width, at every depth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.kernels import absolute_product, sign_of_square, triangular_lag_sum, triangular_lag_sums
from deeplimits.limits.layer_scales import LayerScales
from deeplimits.limits.log_gaussian.variance import layer_variance


def scaled_means(scales: LayerScales, layers: Sequence[int], input_layer: bool) -> Float64Array:
    """Return n E L for each of ``layers``, L the log of the squared norm after that many, less its growth.

    E ln R = b²γ E δ − v₁/(2n) at each layer, and δ is biased by the response of the layers below (hypoactivation):

        n E L = −1 [input layer] − d v₁/2 − 2γ²b⁴ Σ_{k=1}^{d−1} (d − k) a^k A(a^k).

    The mean is not −(n Var L)/2: the correlation between layers enters the two differently.

    Args:
        scales: a, b² and γ.
        layers: numbers d of layers of the kind described by ``scales``, ascending.
        input_layer: whether the norm starts from that of a Gaussian vector.

    Note:
        Leading order in 1/n at fixed d/n.

    References: li2021future, main theorem (rederived, with the sums at finite depth and for leaky slopes).
    """
    means = -1.0 * input_layer - np.asarray(layers, dtype=np.float64) * layer_variance(scales) / 2
    if scales.interlayer:
        lags = triangular_lag_sums(correlated_absolute_product, scales.correlation, layers)
        means -= 2 * (scales.asymmetry * scales.branch_share) ** 2 * lags
    return means


def scaled_mean(scales: LayerScales, layers: int, input_layer: bool) -> float:
    """Return n E L after ``layers`` layers, `scaled_means` at one depth."""
    return float(scaled_means(scales, [layers], input_layer)[0])


def scaled_log_expectation(scales: LayerScales, layers: int) -> float:
    """Return n ln E e^L, by which the expected squared norm exceeds what it grows to at infinite width.

    n E L + (n Var L)/2, of which only the correlation between layers is left, as K(r) − 2 r A(r) = M(r):

        n ln E e^L = γ²b⁴ Σ_{k=1}^{d−1} (d − k) M(a^k).

    0 for an MLP and a Balanced ResNet, where it is exact.

    Args:
        scales: a, b² and γ.
        layers: d, how many layers of the kind described by ``scales``.

    References: li2021future, main theorem (rederived).
    """
    if not scales.interlayer:
        return 0.0
    lags = triangular_lag_sum(sign_of_square, scales.correlation, layers)
    return (scales.asymmetry * scales.branch_share) ** 2 * lags


def correlated_absolute_product(correlation: Float64Array, sine: Float64Array) -> Float64Array:
    """Return r A(r), half of K(r) − M(r)."""
    return correlation * absolute_product(correlation, sine)
