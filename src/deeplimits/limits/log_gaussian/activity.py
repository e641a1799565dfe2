"""Hypoactivation: fewer than half of the neurons are active, by an amount of order 1/width."""

from __future__ import annotations

import math
from collections.abc import Sequence

from deeplimits._typing import Float64Array
from deeplimits.kernels import lag_sums
from deeplimits.limits.layer_scales import LayerScales
from deeplimits.limits.log_gaussian.mean import correlated_absolute_product


def scaled_energy_excesses(scales: LayerScales, layers: Sequence[int]) -> Float64Array:
    """Return n (E[‖relu z‖²/‖z‖²] − ½) for z_l at each of ``layers``.

    A neuron that has been positive raised the norm of the layers above (if γ > 0), and there its own sign persists:
    with the response to it in the denominator and in the numerator (Stein's identity) together,

        n (E[energy fraction] − ½) = −γ b² Σ_{i=1}^{l} a^i A(a^i).

    Positive for γ > 0 > a: the sign then alternates. The observable does not know the slopes, so γ enters once; in the
    layer's own drift it enters twice.

    Args:
        scales: a, b² and γ.
        layers: l, the numbers of layers below z_l besides the input layer, ascending.

    References: li2021future, hypoactivation (rederived by the cavity method, for finite depth and leaky slopes).
    """
    return _response(scales) * lag_sums(correlated_absolute_product, scales.correlation, layers)


def scaled_energy_excess(scales: LayerScales, layer: int) -> float:
    """Return n (E[‖relu z‖²/‖z‖²] − ½) for z after ``layer`` layers, `scaled_energy_excesses` at one."""
    return float(scaled_energy_excesses(scales, [layer])[0])


def scaled_active_excesses(scales: LayerScales, layers: Sequence[int]) -> Float64Array:
    """Return n (E[fraction of positive entries] − ½) for z_l at each of ``layers``.

        n (E[active fraction] − ½) = −(γ b²/π) Σ_{i=1}^{l} a^i sqrt(1 − a^{2i}).

    Args:
        scales: a, b² and γ.
        layers: l, the numbers of layers below z_l besides the input layer, ascending.
    """
    return _response(scales) * lag_sums(_half_chord, scales.correlation, layers) / math.pi


def scaled_active_excess(scales: LayerScales, layer: int) -> float:
    """Return n (E[fraction of positive entries] − ½) for z after ``layer`` layers, `scaled_active_excesses` at one."""
    return float(scaled_active_excesses(scales, [layer])[0])


def energy_variance(scales: LayerScales, width: int, layer: int) -> float:
    """Return Var ‖relu z‖²/‖z‖² for z after ``layer`` layers.

    It is ½ + ½ Σ z|z| / ‖z‖², whose sum is odd in z: no common scale of the neurons moves its mean, and only the
    sampling noise of n nearly independent Gaussian neurons is left, E z⁴/4 = 3/4 over n. For a Gaussian vector it is
    exactly 3/4(n + 2): so at z_0, and to the next order also where no neuron hears back from the layers above (no skip
    connection, or fresh signs).
    """
    return 0.75 / (width + 2 * (layer == 0 or not _responds(scales)))


def active_variance(width: int) -> float:
    """Return Var of the fraction of positive entries, 1/(4n) by the same argument."""
    return 0.25 / width


def _responds(scales: LayerScales) -> bool:
    return scales.interlayer and scales.skip_share * scales.branch_share * scales.asymmetry != 0


def _response(scales: LayerScales) -> float:
    return -scales.asymmetry * scales.branch_share if scales.interlayer else 0.0


def _half_chord(correlation: Float64Array, sine: Float64Array) -> Float64Array:
    return correlation * sine
