"""Expectations of activations with their kink at 0, in polar coordinates."""

from __future__ import annotations

import functools
import math

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.activations.panels import REACH, PiecewiseSmooth, gauss_legendre

_ANGULAR, _RADIAL, _PANELS = 20, 12, 5
_CHUNK = 1 << 21


def polar_pair(function: PiecewiseSmooth, a: Float64Array, b: Float64Array, angle: Float64Array) -> Float64Array:
    """Return E f(u)f(v) for f that is smooth but at 0, at variances a, b and the angle θ with cos θ the correlation.

    With u = √a ρ cos ψ and v = √b ρ cos(ψ − θ), the integrand e^{−ρ²/2} ρ f(u)f(v) is smooth in
    each of the four arcs of ψ between the directions in which u or v is 0, of lengths θ and π − θ.

    Note:
        4800 evaluations of f twice an entry; the error is for the caller to check.
    """
    shape = np.broadcast_shapes(np.shape(a), np.shape(b), np.shape(angle))
    first, second, angle = (part.ravel() for part in np.broadcast_arrays(np.sqrt(a), np.sqrt(b), angle))
    radii, radial = _radial()
    nodes, weights = gauss_legendre(_ANGULAR)
    found = np.zeros(angle.size)
    step = max(1, _CHUNK // (radii.size * nodes.size))
    for start in range(0, angle.size, step):
        chunk = slice(start, start + step)
        theta = angle[chunk, None]
        for left, length in ((theta - np.pi / 2, np.pi - theta), (np.pi / 2, theta)):
            psi = left + length * (nodes + 1) / 2
            share = length * weights / 2
            u, v = first[chunk, None] * np.cos(psi), second[chunk, None] * np.cos(psi - theta)
            for sign in (1.0, -1.0):
                values = _at(function, sign * u, radii) * _at(function, sign * v, radii)
                found[chunk] += np.sum(share * (values @ radial), axis=1)
    return found.reshape(shape) / (2 * math.pi)


def _at(function: PiecewiseSmooth, directions: Float64Array, radii: Float64Array) -> Float64Array:
    points = directions[..., None] * radii
    return function(points.ravel()).reshape(points.shape)


@functools.lru_cache(maxsize=1)
def _radial() -> tuple[Float64Array, Float64Array]:
    """Return radii and weights times ρ e^{−ρ²/2}."""
    nodes, weights = gauss_legendre(_RADIAL)
    edges = np.linspace(0.0, REACH, _PANELS + 1)
    half = np.diff(edges)[:, None] / 2
    radii = (edges[:-1, None] + half * (nodes + 1)).ravel()
    return radii, (half * weights).ravel() * radii * np.exp(-0.5 * radii**2)
