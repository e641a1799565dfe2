"""Forward through residual ReLU layers and back through their adjoint, many exponents and inputs at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.sampling.residual_ratios.layers import Float32Array, Layers

_LAYERS_BETWEEN_SCALINGS = 8
_LARGE = 1e4


@dataclass(frozen=True)
class Movement:
    """Hold ln ‖end‖/‖start‖ and ln ‖end − start‖/‖start‖, each (networks, columns)."""

    log_ratio: Float64Array
    log_displacement: Float64Array


def propagate(layers: Layers, start: ArrayLike, cotangent: ArrayLike, scales: ArrayLike) -> tuple[Movement, Movement]:
    """Return how hidden states move from h_0 to h_L, and gradients from p_L to p_0.

    h_{k+1} = h_k + s V_k σ(θ_k h_k), p_k = p_{k+1} + s θ_kᵀ (1[θ_k h_k > 0] ∘ V_kᵀ p_{k+1}), σ = ReLU and p = the
    derivative of the loss by h; θ_k = 1 if a layer has one matrix. Columns have inputs and scales s of their own and
    the weights of their network.

    Args:
        layers: the weights.
        start: h_0, (networks, width, columns), no column 0.
        cotangent: p_L up to a factor, of the same shape.
        scales: s of each column.

    Note: single precision. What is carried is the displacement, so that a small one is not lost in rounding; states and
        displacements are divided by a common factor when large, which is exact for ReLU. Layers are used twice, the
        second time in reverse order; the signs of all neurons are kept, one byte each. A neuron that rounding has put
        on the other side of 0 counts in the adjoint where it is: the logarithms of that gradient are of a network near
        by.
    """
    size = np.asarray(scales, np.float32)
    masks: list[npt.NDArray[np.bool_]] = []
    forward, backward = _Path(start), _Path(cotangent)
    for matrices in layers:
        state = forward.state()
        inner = state if len(matrices) == 1 else matrices[1] @ state
        masks.append(inner > 0)
        forward.move(size * (matrices[0] @ np.maximum(inner, 0)))
    for matrices, mask in zip(_reversed(layers), reversed(masks), strict=True):
        pulled = mask * (matrices[0].swapaxes(1, 2) @ backward.state())
        backward.move(size * (pulled if len(matrices) == 1 else matrices[1].swapaxes(1, 2) @ pulled))
    return forward.movement(), backward.movement()


def _reversed(layers: Layers) -> Iterable[Float32Array]:
    return layers.__reversed__()


class _Path:
    """Carry v_0 + δ as e^ρ (v_0 e^-ρ + δ'), with v_0 of length 1."""

    def __init__(self, start: ArrayLike) -> None:
        origin = np.asarray(start, np.float64)
        self._origin = (origin / np.linalg.norm(origin, axis=1, keepdims=True)).astype(np.float32)
        self._here = self._origin
        self._shift = np.zeros_like(self._origin)
        self._log_scale = np.zeros((len(origin), 1, origin.shape[2]))
        self._layers = 0

    def state(self) -> Float32Array:
        return self._here + self._shift

    def move(self, increment: Float32Array) -> None:
        self._shift += increment
        self._layers += 1
        if self._layers % _LAYERS_BETWEEN_SCALINGS == 0:
            norm = np.linalg.norm(self._shift, axis=1, keepdims=True)
            if norm.max() > _LARGE:
                factor = np.where(norm > _LARGE, norm, 1).astype(np.float32)
                self._shift /= factor
                self._log_scale += np.log(factor, dtype=np.float64)
                self._here = self._origin * np.exp(-self._log_scale).astype(np.float32)

    def movement(self) -> Movement:
        scale, shift = self._log_scale[:, 0], self._shift.astype(np.float64)
        with np.errstate(divide="ignore"):  # a state that did not move has the logarithm -inf
            moved = scale + np.log(np.linalg.norm(shift, axis=1))
            length = scale + np.log(np.linalg.norm(self._here + shift, axis=1))
        return Movement(length, moved)
