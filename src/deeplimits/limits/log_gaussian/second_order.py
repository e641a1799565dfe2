"""The next order in 1/width of the log-norm's variance: derived where layers are independent, measured elsewhere."""

from __future__ import annotations

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.limits.layer_scales import LayerScales
from deeplimits.limits.log_gaussian.variance import scaled_variance

_DEPTHS = (0, 1, 2, 5, 10, 20, 50, 100, 200)

_MEASURED: dict[str, dict[float, tuple[float, ...]]] = {
    "positive": {
        0.05: (1.0, 2.6, 3.6, 4.6, 4.7, 5.1, 5.4),
        0.2: (1.0, 1.5, 2.4, 4.3, 5.7, 6.2, 6.7, 7.0, 7.2),
        0.35: (1.0, 0.6, 1.0, 3.4, 5.1, 6.3, 7.2),
        0.5: (1.0, 0.5, 0.5, 1.6, 3.6, 5.6, 6.7, 7.2, 7.6),
        0.65: (1.0, 0.2, -0.2, -0.2, 1.3, 3.7, 5.8, 6.5),
        0.8: (1.0, 1.0, 0.5, -0.6, -0.5, 0.6, 3.6, 5.1, 6.0),
        0.9: (1.0, 1.2, 0.7, -0.3, -1.5, -1.8, -0.5, 2.1, 4.1),
        0.97: (1.0, 0.4, 0.3, 0.1, -0.2, -1.1, -2.5, -2.4, -0.6),
    },
    "negative": {
        0.2: (1.0, 1.7, 1.4, 1.4, 1.1, 1.3, 0.9),
        0.5: (1.0, 0.8, 0.7, 0.5, 0.4, 0.3, 0.2),
        0.8: (1.0, 0.4, 0.5, 0.4, 0.2, 0.1, 0.1),
    },
    "balanced": {
        0.2: (1.0, 1.5, 1.6, 1.6, 2.0, 1.5, 1.3),
        0.5: (1.0, 0.3, 0.0, 0.0, -0.4, -0.3, -0.3),
        0.8: (1.0, 0.7, 0.4, 0.2, -0.3, -0.3, -0.5),
    },
}
"""c in (variance of a ReLU network) = (leading order)(1 + c/n), by sign of the skip connection (or Balanced), a² and
depth.

From 4 · 10⁵ to 10⁶ simulated networks of width 100 each (a² = ½, positive: widths 100 to 400); standard error 0.2. At
depth 0 exactly: Var ln χ²_n = 2/n + 2/n² + …
"""


def second_order_variance(scales: LayerScales, layers: int, input_layer: bool) -> float:
    """Return c in n Var L = (leading order)(1 + c/n).

    One independent factor 1 + (mean of n terms of variance m₂ and third cumulant m₃) has Var ln = m₂/n + (5m₂²/2 −
    m₃)/n². That is all there is in an MLP, in a linear network and in the input layer (m₂ = 2, m₃ = 8). Elsewhere c
    was measured for ReLU. With slopes in between, c times the leading order is a polynomial N₀ + N₁γ² + N₂γ⁴, of which
    the two ends are known and, from MLPs and a measurement at γ = ½, N₂ ≈ −4N₁.

    Args:
        scales: a, b² and γ.
        layers: d, how many layers of the kind described by ``scales``.
        input_layer: whether the norm starts from that of a Gaussian vector.

    Note:
        Within about 1 of the truth, less at the measured points.
    """
    leading = scaled_variance(scales, layers, input_layer)
    linear = 2.0 * input_layer + layers * _linear_layer(scales)
    if scales.skip_share == 0:
        return (2.0 * input_layer + layers * _independent_layer(scales.asymmetry)) / leading
    relu = LayerScales(
        scales.log_growth, scales.skip_share, scales.branch_share, scales.correlation, 1.0, scales.interlayer
    )
    whole = _measured(relu, layers) * scaled_variance(relu, layers, input_layer)
    weight = (4 * scales.asymmetry**4 - scales.asymmetry**2) / 3
    return (linear + (whole - linear) * weight) / leading


def _independent_layer(asymmetry: float) -> float:
    """Return 5m₂²/2 − m₃ for (1 + γ sgn u)u²: m₂ = 2 + 3γ², m₃ = 8 + 36γ² (18.5 for ReLU)."""
    return 2.5 * (2 + 3 * asymmetry**2) ** 2 - 8 - 36 * asymmetry**2


def _linear_layer(scales: LayerScales) -> float:
    """Return 5m₂²/2 − m₃ for a linear layer, a noncentral χ²: m₂ = 2b⁴ + 4a²b², m₃ = 8b⁶ + 24a²b⁴."""
    skip, branch = scales.skip_share, scales.branch_share
    return 2.5 * (2 * branch**2 + 4 * skip * branch) ** 2 - 8 * branch**3 - 24 * skip * branch**2


def _measured(scales: LayerScales, layers: int) -> float:
    """Interpolate the table: along depth in d b², the depth in correlation lengths, then linearly in a²."""
    sign = "negative" if scales.correlation.negative else "positive"
    rows = _MEASURED[sign if scales.interlayer else "balanced"]
    position = float(_stretched(np.array([layers * scales.branch_share]))[0])
    shares, values = [0.0], [(2 + layers * _independent_layer(1.0)) / (2 + 5 * layers)]
    for share, row in rows.items():
        depths = np.array(_DEPTHS[: len(row)]) * (1 - share)
        shares.append(share)
        values.append(float(np.interp(position, _stretched(depths), row)))
    return float(np.interp(scales.skip_share, shares, values))


def _stretched(length: Float64Array) -> Float64Array:
    """Return a scale that is linear near 0 and logarithmic beyond."""
    return np.log1p(20 * length)
