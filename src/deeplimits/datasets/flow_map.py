"""The synthetic regression set of the experiments on very deep networks: points and where a flow takes them."""

from __future__ import annotations

import numpy as np

from deeplimits._typing import Float64Array

STEPS = 100
ORIGIN = f"uniform points and where {STEPS} steps of a flow take them, both scaled to norm 1"


def flow_map(count: int, width: int, seed: int) -> tuple[Float64Array, Float64Array]:
    """Return ``count`` inputs and their targets, of norm 1.

    x is uniform on [−1, 1]^width and y = z_K, z_0 = x, K = 100, coordinate by coordinate,

        z_{t+1} = z_t + K^{-1/2} tanh(sin(5π t/K) z_t + cos(5π t/K)),

    then both are divided by their norms, so that y is not a flow of the input that the network sees.

    Note: as in the paper's code; its step is K^{-1/2}, that of a flow over a time of 10, and its docstring's additional
    term x is not in its code, nor here.

    Args:
        count: number of samples.
        width: dimension.
        seed: of the points.

    References: cohen2021scaling.
    """
    inputs = np.random.default_rng(seed).uniform(-1, 1, size=(count, width))
    state = inputs
    for step in range(STEPS):
        angle = 5 * np.pi * step / STEPS
        state = state + STEPS**-0.5 * np.tanh(np.sin(angle) * state + np.cos(angle))
    return unit_rows(inputs), unit_rows(state)


def unit_rows(values: Float64Array) -> Float64Array:
    """Return each row over its norm."""
    scaled: Float64Array = values / np.linalg.norm(values, axis=1, keepdims=True)
    return scaled
