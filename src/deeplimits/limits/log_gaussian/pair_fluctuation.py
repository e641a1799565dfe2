"""How the correlation of two inputs fluctuates from network to network, layer by layer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.architectures import Architecture
from deeplimits.datasets import Inputs
from deeplimits.kernels import correlation_gaps
from deeplimits.limits.input_pair import first_gap
from deeplimits.limits.laws import Law, LayeredLaw, MomentsOnly, PointMass
from deeplimits.limits.layer_scales import LayerScales, alignment_rate, layer_scales
from deeplimits.limits.layers import layers_of
from deeplimits.limits.log_gaussian.pair_features import PairFeatures

_BLOCK = 512
_NOTHING = -1e9
"""Logarithm of 0, without 0 · ∞ in its powers."""


@dataclass(frozen=True)
class PairPath:
    """Hold the correlation of two inputs at the recorded layers.

    Args:
        gaps: 1 − ρ_l, ρ_l the correlation at infinite width.
        scaled_variances: n times the variance of the correlation over networks.
    """

    gaps: tuple[float, ...]
    scaled_variances: tuple[float, ...]


def correlation_by_layer(architecture: Architecture, inputs: Inputs) -> LayeredLaw:
    """Return mean and variance of ``correlation``, the cosine between z_l and z'_l, from `pair_path`.

    The mean is that of infinite width: what it lacks is O(1/n), like the variance.
    """
    path = pair_path(architecture, first_gap(inputs))
    laws: list[Law] = []
    for gap, variance in zip(path.gaps, path.scaled_variances, strict=True):
        laws.append(MomentsOnly(1 - gap, variance / architecture.width) if variance > 0 else PointMass(1 - gap))
    return LayeredLaw(layers_of(architecture), tuple(laws))


def pair_path(architecture: Architecture, gap: float) -> PairPath:
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
        gap: 1 − ρ_0.

    Note:
        Leading order in 1/n. Var N_d in closed form, covariances of layers by an expansion in Hermite polynomials:
        within 2e-4 of the whole. About 10 µs a layer.

    References: li2021future, fluctuations of ResNets (the method; two inputs derived here).
    """
    layers, slopes = layers_of(architecture), architecture.phi.slopes
    if slopes is None:
        raise TypeError(f"{architecture.phi.name} is not piecewise linear with its kink at 0")
    rate = alignment_rate(architecture)
    gaps = np.array(list(islice(correlation_gaps(rate, gap), layers[-1] + 2)))
    variances = _scaled_variances(layer_scales(architecture), PairFeatures(slopes), rate, gaps)
    wanted = dict.fromkeys(layers)
    kept = [variance for layer, variance in enumerate(islice(variances, layers[-1] + 1)) if layer in wanted]
    return PairPath(tuple(float(gaps[layer]) for layer in layers), tuple(kept))


def _scaled_variances(scales: LayerScales, features: PairFeatures, rate: float, gaps: Float64Array) -> Iterator[float]:
    """Yield n Var ρ_l for l = 0 … len(gaps) − 2."""
    powers = features.powers
    # Z_d = (1 − ρ²)(h_2(s) − h_2(t))/√2.
    last = ((powers[0] == 2).astype(np.float64) - (powers[1] == 2)) * (powers[0] + powers[1] == 2) / math.sqrt(2)
    memory, variance = np.zeros(len(last)), 0.0
    for start in range(0, len(gaps) - 1, _BLOCK):
        now, after = gaps[start : start + _BLOCK + 1][:-1], gaps[start + 1 : start + _BLOCK + 1]
        added = (scales.branch_share**2 * features.variances(now, after)).tolist()
        news = scales.branch_share * features.components(now, after)
        kept = _kept(scales, powers, now, after)
        slopes, spreads = (1 - rate * _angles(now)).tolist(), (now * (2 - now)).tolist()
        for layer in range(len(now)):
            slope, spread, new = slopes[layer], spreads[layer], news[layer]
            yield max(0.0, variance + 2 * spread * float(memory @ last) + spread**2)
            variance = slope**2 * variance + 2 * slope * float(memory @ new) + added[layer]
            memory = (slope * memory + new) * kept[layer]


def _angles(gaps: Float64Array) -> Float64Array:
    """Return θ, by which d(sin θ − θ cos θ)/dρ = −θ: the recursion's derivative is 1 − rate · θ."""
    return np.asarray(2 * np.arcsin(np.minimum(1.0, np.sqrt(gaps / 2))))


def _kept(
    scales: LayerScales, powers: tuple[Float64Array, Float64Array], now: Float64Array, after: Float64Array
) -> Float64Array:
    """Return what a layer leaves of each component, shape (layers, components)."""
    log_modulus, odd = scales.correlation.log_modulus, (powers[0] + powers[1]) % 2 == 1
    if log_modulus == -math.inf:
        return np.zeros((len(now), len(odd)))
    with np.errstate(divide="ignore", invalid="ignore"):
        log_s = np.where(now < 2, log_modulus + (np.log(2 - now) - np.log(2 - after)) / 2, _NOTHING)
        log_t = np.where(now > 0, log_modulus + (np.log(now) - np.log(after)) / 2, _NOTHING)
    signs = np.where(odd, -1.0 if scales.correlation.negative else 1.0, 1.0)
    if not scales.interlayer:
        signs = np.where(odd, 0.0, signs)
    return np.asarray(signs * np.exp(np.multiply.outer(log_s, powers[0]) + np.multiply.outer(log_t, powers[1])))
