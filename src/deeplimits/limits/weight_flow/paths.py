"""Solutions of the equations that weights stand for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deeplimits._typing import Float64Array

REFERENCES = ("cohen2021scaling",)


@dataclass(frozen=True, eq=False)
class FlowPath:
    """Hold the hidden states that an ordinary differential equation predicts.

    Args:
        times: t = k/L, from 0 to 1.
        states: H(t) of each input, shape (times, samples, width).
        numerical_error: about how far solver and interpolation are off, in the states' units.
        equation: the equation, in words.
        regime: what is assumed.
        accuracy: how fast networks come to it.
        references: keys of ``references.bib``.
    """

    times: Float64Array
    states: Float64Array
    numerical_error: float
    equation: str
    regime: str
    accuracy: str
    references: tuple[str, ...] = REFERENCES


@dataclass(frozen=True, eq=False)
class FlowPaths:
    """Hold hidden states sampled from a stochastic differential equation, with fresh noise for each path.

    Args:
        times: from 0 to 1.
        states: H(t), shape (paths, times, samples, width); the inputs of one path share its noise, as they share the
            layers of a network.
        trend_share: c, the share of the fitted trend that the drift has: near 0 chance explains the trend, near 1 not.
        equation: the equation, in words.
        regime: what is assumed.
        accuracy: how fast networks come to it, and how far the solver is off.
        references: keys of ``references.bib``.
    """

    times: Float64Array
    states: Float64Array
    trend_share: float
    equation: str
    regime: str
    accuracy: str
    references: tuple[str, ...] = REFERENCES

    def square_displacement(self) -> Float64Array:
        """Return ‖H(1) − H(0)‖², averaged over inputs, of each path."""
        moved = self.states[:, -1] - self.states[:, 0]
        found: Float64Array = np.sum(moved**2, axis=-1).mean(axis=-1)
        return found
