"""Functions of one variable that know where they are smooth, and intervals on which a polynomial resolves them."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import Float64Array

REACH = 10.0
"""Standard deviations that the quadrature covers; a Gaussian has 1.5e-23 of its mass outside."""

_ORDER = 20
_RESOLUTION = 1e-10
_MOST_PANELS = 256
_LEVELS_PER_OCTAVE = 4


@dataclass(frozen=True, eq=False)
class PiecewiseSmooth:
    """A function that is smooth between its kinks.

    Args:
        function: map on float64 arrays of one axis, entry by entry.
        kinks: every point where ``function`` or its derivative jumps.
        name: used in error messages.
        precision: relative rounding error of the values, if larger than that of float64.
    """

    function: Callable[[Float64Array], Float64Array]
    kinks: tuple[float, ...] = ()
    name: str = "the function"
    precision: float = 0.0

    def __call__(self, points: Float64Array) -> Float64Array:
        """Return the values at ``points``.

        Raises:
            ValueError: a value is NaN or infinite.
        """
        # A user's function may overflow on its way to a finite value; what counts is checked below.
        with np.errstate(all="ignore"):
            values = self.function(points)
        finite = np.isfinite(values)
        if not finite.all():
            first = int(np.argmin(finite))
            raise ValueError(
                f"{self.name} must be finite wherever its Gaussian argument can be, "
                f"got {values[first]} at z = {points[first]:.6g}; define it there, or use a smaller variance"
            )
        return values

    def edges(self, scale: float) -> Float64Array:
        """Return increasing panel edges that cover ±REACH ``scale`` at least, kinks among them.

        Between neighbours a polynomial of degree 19 matches the function to a relative 1e-10.

        Raises:
            ValueError: the function is not smooth between its kinks, or oscillates too fast.
        """
        return _resolve(self, math.ceil(_LEVELS_PER_OCTAVE * math.log2(scale)))


@functools.lru_cache(maxsize=256)
def _resolve(function: PiecewiseSmooth, level: int) -> Float64Array:
    """Bisect panels until each is resolved, for the scale 2^(level/4); scales are rounded up so that few are stored."""
    scale = 2.0 ** (level / _LEVELS_PER_OCTAVE)
    narrowest = min(scale * 2.0**-17, 2.0**-10)
    tolerance = max(_RESOLUTION, 20 * function.precision)
    start = _first_edges(function.kinks, scale)
    left, right, floor, resolved = start[:-1], start[1:], 0.0, [start]
    while left.size:
        points, values, tail = _legendre_tail(function, left, right)
        floor = max(floor, float(np.max(np.abs(values) * np.exp(-0.5 * (points / scale) ** 2))))
        rough = tail > tolerance * np.maximum(np.max(np.abs(values), axis=1), floor)
        # Next to a declared kink φ may be singular, like sqrt|z|: the rest is left to the quadrature's own check.
        singular = (right - left < 2 * narrowest) & (np.isin(left, function.kinks) | np.isin(right, function.kinks))
        left, right = left[rough & ~singular], right[rough & ~singular]
        if left.size and np.min(right - left) < narrowest:
            raise _not_smooth(function, left, right)
        middle = (left + right) / 2
        resolved.append(middle)
        left, right = np.concatenate([left, middle]), np.concatenate([middle, right])
        if sum(map(len, resolved)) > _MOST_PANELS:
            raise ValueError(
                f"{function.name} varies too fast to be integrated up to |z| = {REACH * scale:.3g}: "
                f"more than {_MOST_PANELS} pieces would be needed; use a smaller variance, and compute in float64"
            )
    edges = np.unique(np.concatenate(resolved))
    edges.flags.writeable = False
    return edges


@functools.lru_cache(maxsize=64)
def power(function: PiecewiseSmooth, exponent: int) -> PiecewiseSmooth:
    """Return ``function`` raised to ``exponent``."""
    return PiecewiseSmooth(
        lambda points: function.function(points) ** exponent,
        function.kinks,
        f"{function.name} to the power {exponent}",
        exponent * function.precision,
    )


def _first_edges(kinks: tuple[float, ...], scale: float) -> Float64Array:
    """Return the kinks and edges that double away from 0, where narrow features of activations are.

    The two sides differ, or a bisection would hit 0 and hide a kink there that was not declared.
    """
    reach, unit = REACH * scale, 0.61 * min(1.0, scale)
    doubling = unit * 2.0 ** np.arange(math.ceil(math.log2(reach / unit)))
    inside = [kink for kink in kinks if abs(kink) < reach]
    return np.unique(np.concatenate([-0.83 * doubling, doubling, [-reach, reach], inside]))


def _legendre_tail(
    function: PiecewiseSmooth, left: Float64Array, right: Float64Array
) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Return nodes and values in each panel, and its largest Legendre coefficient of the four highest degrees."""
    nodes, weights = gauss_legendre(_ORDER)
    degrees = np.arange(_ORDER - 4, _ORDER)
    transform = np.polynomial.legendre.legvander(nodes, _ORDER - 1)[:, -4:] * weights[:, None] * (degrees + 0.5)
    points = (left + right)[:, None] / 2 + (right - left)[:, None] / 2 * nodes
    values = function(points.ravel()).reshape(points.shape)
    return points, values, np.max(np.abs(values @ transform), axis=1)


@functools.lru_cache(maxsize=8)
def gauss_legendre(order: int) -> tuple[Float64Array, Float64Array]:
    """Return nodes and weights of the Gauss–Legendre rule on [−1, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(order)
    return nodes, weights


def _not_smooth(function: PiecewiseSmooth, left: Float64Array, right: Float64Array) -> ValueError:
    narrow = int(np.argmin(right - left))
    digits = math.floor(-math.log10(right[narrow] - left[narrow]))
    place = f"{round((left[narrow] + right[narrow]) / 2, digits) + 0.0:g}"
    declared = ", ".join(f"{kink:g}" for kink in function.kinks) or "none"
    return ValueError(
        f"{function.name} is not smooth near z = {place}, so that its Gaussian expectations cannot be had to 1e-6; "
        f"declare every kink and jump with kinks=(…,) (got {declared}), and compute in the precision of the argument"
    )
