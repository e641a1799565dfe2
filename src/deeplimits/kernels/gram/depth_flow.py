"""Infinitely many blocks, each infinitely weak: the recursion over blocks becomes an ordinary differential equation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.kernels.gram.recursion import Pair, Steps

FLOW_TOLERANCE = 1e-12
"""Relative tolerance of the integrator at each step."""


def flow(time: float, tolerance: float = FLOW_TOLERANCE) -> Steps:
    """Return what carries a pair through dk/ds = branch of a block at k, 0 ≤ s ≤ ``time``, and so for each kernel.

    A residual network with skip_scale ±1 and branch_scale² = time/depth takes Euler steps of it; its depth bias is
    O(1/depth).

    Args:
        time: t of branch_scale = stable(t).
        tolerance: relative, of an explicit Runge–Kutta method of order 8.

    References: hayou2023width, the limiting covariance kernel of stable ResNets (rederived).
    """

    def steps(branch: Callable[[Pair], Pair], first: Pair) -> Pair:
        from scipy.integrate import solve_ivp

        layout = _Layout(first)

        def slope(_: float, state: Float64Array) -> Float64Array:
            return layout.pack(branch(layout.unpack(state)))

        # The variances that the flow reaches: an input of length 0, or nearly, owes its own to the biases.
        drawn = branch(first)
        reached = first.a + time * drawn.a, first.b + time * drawn.b
        done = solve_ivp(
            slope,
            (0.0, time),
            layout.pack(first),
            "DOP853",
            [time],
            rtol=tolerance,
            atol=layout.floor(tolerance, *reached),
        )
        if not done.success or not np.all(np.isfinite(done.y)):
            raise ValueError(
                f"the kernel cannot be integrated to depth-time {time:g}: {done.message} If it grows beyond float64, "
                "take a shorter time or a smaller weight_variance"
            )
        return layout.unpack(done.y[:, -1])

    return steps


class _Layout:
    """Put the arrays of a pair into one vector and back."""

    def __init__(self, pair: Pair) -> None:
        self._equal = pair.gap is not None
        pair = pair._replace(covariance=pair.covariance + 0 * pair.tangent)
        self._shapes = [np.shape(part) for part in self._parts(pair)]
        self._first = pair

    def _parts(self, pair: Pair) -> list[Float64Array]:
        last = pair.gap if self._equal else pair.b
        return [np.asarray(part, dtype=np.float64) for part in (pair.a, pair.covariance, pair.tangent, last)]

    def pack(self, pair: Pair) -> Float64Array:
        parts = zip(self._parts(pair), self._shapes, strict=True)
        return np.concatenate([np.broadcast_to(part, shape).ravel() for part, shape in parts])

    def unpack(self, state: Float64Array) -> Pair:
        ends = np.cumsum([int(np.prod(shape)) for shape in self._shapes])
        a, covariance, tangent, last = (
            part.reshape(shape) for part, shape in zip(np.split(state, ends[:-1]), self._shapes, strict=True)
        )
        return Pair(a, a, covariance, tangent, last) if self._equal else Pair(a, last, covariance, tangent)

    def floor(self, tolerance: float, a: Float64Array, b: Float64Array) -> Float64Array:
        """Return the absolute tolerance: beside the variances a and b, and for gaps less than that."""
        pair, tiny = self._first, 1e-300
        scale = np.sqrt(a) * np.sqrt(b) + 0 * pair.covariance
        tangent = np.maximum(scale, np.abs(pair.tangent))
        parts = a, scale, tangent, np.asarray(0.01 * a if self._equal else b)
        return np.concatenate(
            [
                np.broadcast_to(tolerance * part + tiny, shape).ravel()
                for part, shape in zip(parts, self._shapes, strict=True)
            ]
        )
