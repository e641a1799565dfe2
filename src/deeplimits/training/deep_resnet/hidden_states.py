"""Hidden states of a network whose weights are given, layer by layer in double precision."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.activations import Activation, resolve


def hidden_states(
    inputs: ArrayLike,
    weight: ArrayLike,
    *,
    scale: ArrayLike | None = None,
    bias: ArrayLike | None = None,
    activation: Activation | str | Callable[[Any], Any] = "tanh",
) -> Iterator[Float64Array]:
    """Yield h_0, …, h_depth with h_{k+1} = h_k + scale_k φ(weight_k h_k + bias_k), each of shape (samples, width).

    The last one is the network's output.

    Args:
        inputs: h_0, (samples, width).
        weight: (depth, width, width).
        scale: one number or (depth,); None for 1.
        bias: (depth, width); None for 0.
        activation: φ.

    >>> [*hidden_states([[1.0]], np.ones((2, 1, 1)), scale=0.5, activation="identity")][-1]
    array([[2.25]])
    """
    phi, state, matrices = resolve(activation), np.asarray(inputs, dtype=np.float64), np.asarray(weight)
    depth, width = matrices.shape[:2]
    biases = np.broadcast_to(0.0 if bias is None else np.asarray(bias), (depth, width))
    scales = np.broadcast_to(1.0 if scale is None else np.asarray(scale), (depth,))
    yield state
    for matrix, shift, factor in zip(matrices, biases, scales, strict=True):
        state = state + factor * np.asarray(phi(state @ matrix.T + shift), dtype=np.float64)
        yield state
