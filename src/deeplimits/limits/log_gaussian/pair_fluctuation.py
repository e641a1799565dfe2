"""How the correlation of two inputs fluctuates from network to network, layer by layer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.architectures import Architecture
from deeplimits.kernels import correlation_gaps, planar_chaos
from deeplimits.limits.layer_scales import LayerScales, alignment_rate, layer_scales
from deeplimits.limits.layers import layers_of
from deeplimits.limits.log_gaussian.pair_features import DEGREE, PairFeatures

_BLOCK = 512


@dataclass(frozen=True)
class PairPath:
    """Hold the correlation of two inputs at the recorded layers.

    Args:
        gaps: 1 − ρ_l, ρ_l the correlation at infinite width.
        scaled_variances: n times the variance of the correlation over networks.
    """

    gaps: tuple[float, ...]
    scaled_variances: tuple[float, ...]


def pair_path(architecture: Architecture, first_gap: float) -> PairPath:
    """Return the mean path of the correlation and n times its variance about it, at leading order.

    The covariances P of (z_l, z'_l) follow P_{l+1} = a² P_l + b² (F(P_l) + η_l), where η_l is the sampling noise of
    (f_aa, f_bb, f_ab) over n independent neurons, and the correlation at layer d adds that of the neurons there.
    Linearised about ρ_l, of which the derivative is k_l = a² + b² κ'(ρ_l), a neuron's contribution is

        C_{d+1} = k_d C_d + b² N_d,  n Var = Var(C_d + Z_d),  Z_d = uv − (ρ_d/2)(u² + v²),

    with N_d as in `PairFeatures`. Along its path E[U_m|U_l] = a^{m−l} U_l, so in Hermite polynomials of
    s = (u + v)/√(2 + 2ρ_l) and t = (u − v)/√(2 − 2ρ_l) a layer multiplies component (i, j) of what is remembered of
    C_d by powers i and j of a √((1 ± ρ_l)/(1 ± ρ_{l+1})). The odd part of N_d is not remembered by a Balanced ResNet:
    its signs are fresh.

    Args:
        architecture: a piecewise linear MLP or residual network.
        first_gap: 1 − ρ_0.

    Note:
        Leading order in 1/n. Var N_d in closed form, covariances of layers by an expansion up to degree 40: within
        1e-3 relative, less where a is not close to 1. About 20 µs a layer.

    References: li2021future, fluctuations of ResNets (the method; two inputs derived here).
    """
    layers, slopes = layers_of(architecture), architecture.phi.slopes
    if slopes is None:
        raise TypeError(f"{architecture.phi.name} is not piecewise linear with its kink at 0")
    rate = alignment_rate(architecture)
    gaps = np.array(list(islice(correlation_gaps(rate, first_gap), layers[-1] + 2)))
    variances = _scaled_variances(layer_scales(architecture), PairFeatures(slopes), rate, gaps)
    wanted = dict.fromkeys(layers)
    kept = [variance for layer, variance in enumerate(islice(variances, layers[-1] + 1)) if layer in wanted]
    return PairPath(tuple(float(gaps[layer]) for layer in layers), tuple(kept))


def _scaled_variances(
    scales: LayerScales, features: PairFeatures, rate: float, gaps: Float64Array
) -> Iterator[float]:
    """Yield n Var ρ_l for l = 0 … len(gaps) − 2."""
    even, odd = (planar_chaos(odd=parity, degree=DEGREE) for parity in (False, True))
    # Where Z has its two components, h_2(s) and h_2(t).
    places = [int(np.flatnonzero((even.powers_s == i) & (even.powers_t == 2 - i))[0]) for i in (2, 0)]
    memory_even, memory_odd = np.zeros(len(even.powers_s)), np.zeros(len(odd.powers_s))
    remembers_signs = scales.interlayer and features.asymmetry != 0
    variance = 0.0
    for start in range(0, len(gaps) - 1, _BLOCK):
        block = slice(start, min(start + _BLOCK, len(gaps) - 1))
        now, after = gaps[block], gaps[block.start + 1 : block.stop + 1]
        added = scales.branch_share**2 * features.variances(now, after)
        evens = scales.branch_share * features.even(now, after)
        slopes = 1 - rate * _angle_slope(now)
        kept_even = _kept(scales, even.powers_s, even.powers_t, now, after)
        if remembers_signs:
            odds = scales.branch_share * features.odd(now, after)
            kept_odd = _kept(scales, odd.powers_s, odd.powers_t, now, after)
        for layer in range(len(now)):
            spread = float(now[layer] * (2 - now[layer]))
            cross = (memory_even[places[0]] - memory_even[places[1]]) * spread / math.sqrt(2)
            yield max(0.0, variance + 2 * float(cross) + spread**2)
            slope = float(slopes[layer])
            shared = float(memory_even @ evens[layer])
            memory_even = (slope * memory_even + evens[layer]) * kept_even[layer]
            if remembers_signs:
                shared += float(memory_odd @ odds[layer])
                memory_odd = (slope * memory_odd + odds[layer]) * kept_odd[layer]
            variance = slope**2 * variance + 2 * slope * shared + float(added[layer])


def _angle_slope(gaps: Float64Array) -> Float64Array:
    """Return θ, by which d(sin θ − θ cos θ)/dρ = −θ: the recursion's derivative is 1 − rate · θ."""
    return np.asarray(2 * np.arcsin(np.minimum(1.0, np.sqrt(gaps / 2))))


def _kept(
    scales: LayerScales, powers_s: Float64Array, powers_t: Float64Array, now: Float64Array, after: Float64Array
) -> Float64Array:
    """Return what a layer leaves of each component, shape (layers, components)."""
    log_modulus = scales.correlation.log_modulus
    if log_modulus == -math.inf:
        return np.zeros((len(now), len(powers_s)))
    with np.errstate(divide="ignore", invalid="ignore"):
        log_s = np.where(now < 2, log_modulus + (np.log(2 - now) - np.log(2 - after)) / 2, -1e9)
        log_t = np.where(now > 0, log_modulus + (np.log(now) - np.log(after)) / 2, -1e9)
    signs = np.where((powers_s + powers_t) % 2 == 1, -1.0, 1.0) if scales.correlation.negative else 1.0
    return signs * np.exp(np.multiply.outer(log_s, powers_s) + np.multiply.outer(log_t, powers_t))
