"""How the mean square of a layer scatters about the flow at finite width and depth."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.architectures import ResNet
from deeplimits.limits.depth_flow.chaos import DEGREE
from deeplimits.limits.depth_flow.clock import ClockLayers, clock_layers
from deeplimits.limits.depth_flow.scaling import flow_time, parity
from deeplimits.limits.layers import layers_of

_EXTRAPOLATED_FROM = 128
_ORDERS = np.arange(DEGREE + 1, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Fluctuation:
    """Hold the law of q_l = ‖z_l‖²/width at the recorded layers, as width → ∞ at the network's own depth.

    Args:
        log_means: ln of the mean at infinite width, τ_l.
        scaled_shifts: n (E q_l/τ_l − 1) at leading order.
        scaled_variances: n Var q_l/τ_l².
    """

    log_means: Float64Array
    scaled_shifts: Float64Array
    scaled_variances: Float64Array


def fluctuation(architecture: ResNet, log_start: float) -> Fluctuation:
    """Return mean and variance of the mean square at each recorded layer, to the first order in 1/width.

    As long as its clock shows the same for all, a neuron is a Brownian motion B_i at the times

        τ_0 = q_0,  τ_{l+1} = τ_l + branch_scale² (r_l + bias_variance),  r_l = weight_variance mean_i φ(B_i(τ_l))²,

    and q_l = mean_i B_i(τ_l)². Expanded in Hermite polynomials of B(τ)/√τ with coefficients a_k, the fluctuations ξ_k
    of r_l are independent, and √(τ_l/τ_{l+1})^k is what a layer remembers of ξ_k, so with η = branch_scale²

        δτ' = (1 + η g'(τ)) δτ + η Σ_k a_k ξ_k,  δq = δτ + √2 τ ξ_2,

    a linear system whose covariances are carried along. In a Balanced ResNet the odd k are fresh in each layer, with
    skip_scale −1 they alternate. E q_l = E τ_l, in which order 1/width comes from g'' and from the correlation of τ_l
    with the mean of (φ²)'' over neurons, as τ_l is a stopping time.

    Args:
        architecture: a residual network that `refusal` lets pass.
        log_start: ln q_0.

    Note:
        Terms of relative order 1/width² are left out. About 20 µs a layer.

    References: hayou2023width, the convergence that this is the rate of (derived here).
    """
    wanted: tuple[int, ...] = layers_of(architecture)
    found: list[tuple[float, float, float]] = []
    for layer, values in enumerate(_by_layer(architecture, log_start)):
        if layer == wanted[len(found)]:
            found.append(values)
    return Fluctuation(*np.array(found).T)


def width_constant(architecture: ResNet, log_start: float) -> float:
    """Return C = lim n Var q/q² at the end of the flow, width → ∞ and depth → ∞ at the same branch_scale² · depth.

    The variance at finite depth is analytic in 1/depth but for a remainder of order depth^(−7/2) where φ has a kink:
    it is extrapolated from 128, 256 and 512 layers.

    >>> from deeplimits.architectures import ResNet
    >>> stable = ResNet(width=9, depth=4, skip_scale=1.0, branch_scale=0.5, weight_variance=1.0)
    >>> round(width_constant(stable, 0.0), 4)
    4.6753
    """
    time, values = flow_time(architecture), []
    for depth in (_EXTRAPOLATED_FROM, 2 * _EXTRAPOLATED_FROM, 4 * _EXTRAPOLATED_FROM):
        sign = math.copysign(1.0, architecture.branch_scale)
        deeper = dataclasses.replace(architecture, depth=depth, branch_scale=sign * math.sqrt(time / depth))
        found = fluctuation(deeper, log_start)
        values.append(float(found.scaled_variances[-1]))
    return (8 * values[2] - 6 * values[1] + values[0]) / 3


def _by_layer(architecture: ResNet, log_start: float) -> Iterator[tuple[float, float, float]]:
    """Yield ln τ_l, n (E q_l/τ_l − 1) and n Var q_l/τ_l² for l = 0 … depth."""
    step, signs = architecture.branch_scale**2, _kept(architecture)
    shift, variance, memory = 0.0, 0.0, np.zeros(DEGREE + 1)
    yield log_start, 0.0, 2.0
    for layers in clock_layers(architecture, log_start):
        gains = np.exp(-np.diff(layers.log_readings))
        for i, gain in enumerate(gains):
            shift, variance, memory = _next(layers, i, gain, step, (shift, variance, memory))
            memory *= signs
            yield layers.log_readings[i + 1], shift, variance + 2 * math.sqrt(2) * memory[2] + 2


def _next(
    layers: ClockLayers, i: int, gain: float, step: float, state: tuple[float, float, Float64Array]
) -> tuple[float, float, Float64Array]:
    """Return shift and variance of the clock, and its covariances with the modes, after the i-th layer.

    All are in units of the clock's reading, of which ``gain`` is old over new.
    """
    shift, variance, memory = state
    modes, factor = layers.modes[i], 1 + step * layers.slope[i]
    pulled = 0.5 * layers.curvature[i] * variance + layers.pull[i] @ memory + layers.offset[i]
    shift = gain * (factor * shift + step * pulled)
    spread = factor**2 * variance + 2 * step * factor * (modes @ memory) + step**2 * layers.fluctuation[i]
    memory = gain * math.sqrt(gain) ** _ORDERS * (factor * memory + step * modes)
    return shift, gain**2 * spread, memory


def _kept(architecture: ResNet) -> Float64Array:
    """Return the factors of the modes that signs make: those of odd order change sign, or are forgotten."""
    odd = {"kept": 1.0, "alternating": -1.0, "fresh": 0.0}[parity(architecture)]
    return np.where(_ORDERS % 2 == 1, odd, 1.0)
