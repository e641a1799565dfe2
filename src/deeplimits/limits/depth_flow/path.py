"""The flow itself: the covariance kernel of infinitely wide and deep residual networks, along the depth."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.architectures import ResNet
from deeplimits.datasets import Inputs
from deeplimits.limits.infinite_width.second_moments import EVALUATED_RANGE
from deeplimits.limits.infinite_width.variance_recursion import layer_maps
from deeplimits.limits.input_pair import first_gap
from deeplimits.limits.layers import layers_of

_TOLERANCE = 1e-11


@dataclass(frozen=True, eq=False)
class FlowPath:
    """Hold the infinite-depth limit at the recorded layers of a network.

    Args:
        layers: indices l of the preactivation vectors z_l.
        times: s = branch_scale² l, the time of the flow at each of them.
        mean_square: q_s, the limit of ‖z_l‖²/width, one row for each input vector.
        correlation: c_s, the limit of the cosine between two inputs' vectors; None unless there are two.
    """

    layers: tuple[int, ...]
    times: Float64Array
    mean_square: Float64Array
    correlation: Float64Array | None = None

    @property
    def covariance(self) -> Float64Array | None:
        """c_s sqrt(q_s q'_s), the limit of ⟨z_l, z'_l⟩/width; None unless there are two inputs."""
        if self.correlation is None:
            return None
        return np.asarray(self.correlation * np.sqrt(self.mean_square[0]) * np.sqrt(self.mean_square[1]))


@lru_cache(maxsize=8)
def flow_path(architecture: ResNet, inputs: Inputs) -> FlowPath:
    """Return the flow of the covariances of every input, and of the correlation of two.

    With c = weight_variance and (u, v) Gaussian of variances q_s, q'_s and correlation c_s,

        dq_s/ds = c E φ(u)² + bias_variance,  d(c_s √(q_s q'_s))/ds = c E φ(u)φ(v) + bias_variance,

    from q_0 = input_variance ‖x‖²/input_dim, s from 0 to branch_scale² · depth; through a hidden layer u and v have
    bias_variance more of variance and covariance. ReLU, c = 1: q_s = q_0 e^{s/2}.

    Args:
        architecture: a residual network; only branch_scale² · depth of its scales enters.
        inputs: the input vectors.

    Raises:
        ValueError: an expectation cannot be computed.

    Note:
        Solved to 1e-10. A pair takes some ms for piecewise linear activations, erf and GELU, a second for others.

    References: hayou2023width, the limiting covariance kernel (rederived).
    """
    layers = layers_of(architecture)
    times = architecture.branch_scale**2 * np.array(layers, dtype=np.float64)
    starts = np.log(inputs.squared_norms * (architecture.input_variance / architecture.input_dim))
    flow = _Flow(architecture)
    pair = inputs.count == 2
    if pair:
        state = _solve(flow.pair, np.array([*starts, 1 - first_gap(inputs)]), times)
        return FlowPath(layers, times, np.exp(state[:2]), np.clip(state[2], -1.0, 1.0))
    rows = [_solve(lambda _, u: flow.growth(u), np.array([start]), times)[0] for start in starts]
    return FlowPath(layers, times, np.exp(np.array(rows)))


class _Flow:
    """Hold the right-hand sides, in u = ln q so that no variance leaves float64."""

    def __init__(self, architecture: ResNet) -> None:
        self._maps = layer_maps(architecture)
        self._phi, self._weight = architecture.phi, architecture.weight_variance
        self._bias = architecture.bias_variance
        self._hidden_bias = architecture.bias_variance if architecture.block == "two-layer" else 0.0
        self._homogeneous = architecture.homogeneous

    def growth(self, logs: Float64Array) -> Float64Array:
        """Return du/ds = (c E φ² + bias_variance)/q."""
        return np.array([math.exp(self._maps.fed(u) - u) + self._bias * math.exp(-u) for u in map(float, logs)])

    def pair(self, _: float, state: Float64Array) -> Float64Array:
        """Return the derivatives of (u, u', c_s)."""
        from deeplimits.activations.duals import dual

        logs, correlation = state[:2], min(1.0, max(-1.0, float(state[2])))
        growth = self.growth(logs)
        shift = logs.mean() if self._homogeneous else 0.0
        first, second = np.exp(np.clip(logs - shift, -EVALUATED_RANGE, EVALUATED_RANGE))
        size = math.sqrt(first * second)
        seen = first + self._hidden_bias, second + self._hidden_bias
        of_seen = (correlation * size + self._hidden_bias) / math.sqrt(seen[0] * seen[1])
        drawn = self._weight * dual(self._phi, *seen, min(1.0, of_seen)) + self._bias
        return np.array([*growth, drawn / size - correlation * growth.mean()])


def _solve(
    slope: Callable[[float, Float64Array], Float64Array], start: Float64Array, times: Float64Array
) -> Float64Array:
    """Return the state at each time; a network without branch stays where it is."""
    from scipy.integrate import solve_ivp

    if times[-1] == 0:
        return np.repeat(start[:, None], len(times), axis=1)
    states = solve_ivp(slope, (0.0, times[-1]), start, t_eval=times, method="DOP853", rtol=_TOLERANCE, atol=_TOLERANCE)
    return np.asarray(states.y)
