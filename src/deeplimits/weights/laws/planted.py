"""Weights with a known dependence on depth, to hold statistics and verdicts to: their sums are mixtures."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.randomness import stable_hash
from deeplimits.weights.laws.fractional import fractional_gaussian_noise
from deeplimits.weights.laws.generator import law_generator

_HARMONICS = 4


def planted_smooth(depth: int, shape: Sequence[int], *, exponent: float, seed: int = 0) -> Float64Array:
    """Return L^-exponent f(k/L), k = 0 … L-1, with one smooth random f for all depths L, shape (depth, *shape).

    f(t) = sum_{j<4} a_j cos(j π t) / (1 + j), a_j normal, for each entry.

    >>> shallow, deep = (planted_smooth(depth, (2, 2), exponent=1.0) for depth in (10, 20))
    >>> bool(np.allclose(shallow, 2 * deep[::2]))
    True
    """
    generator = law_generator("planted-smooth", seed)
    amplitudes = generator.standard_normal((_HARMONICS, math.prod(shape))) / np.arange(1, _HARMONICS + 1)[:, None]
    times = np.arange(depth)[:, None] / depth
    profile = np.cos(np.pi * times * np.arange(_HARMONICS)) @ amplitudes
    return float(depth) ** -exponent * profile.reshape(depth, *shape)


def planted_rough(
    depth: int, shape: Sequence[int], *, exponent: float, hurst: float = 0.5, seed: int = 0
) -> Float64Array:
    """Return L^-exponent times unit fractional Gaussian noise, fresh at each depth L, shape (depth, *shape)."""
    fresh = stable_hash({"depth": depth, "seed": seed})
    noise = fractional_gaussian_noise(depth, hurst=hurst, count=math.prod(shape), seed=fresh)
    return float(depth) ** -exponent * noise.T.reshape(depth, *shape)


def planted_sparse(
    depth: int, shape: Sequence[int], *, layers: int = 3, background: float = 1.0, seed: int = 0
) -> Float64Array:
    """Return unit normal weights in a few layers at random places, L^-background times that elsewhere.

    Args:
        depth: number of layers, L.
        shape: of one layer.
        layers: how many stand out, at every depth.
        background: exponent of the others.
        seed: of all depths.
    """
    generator = law_generator("planted-sparse", seed, depth=depth)
    size = np.full(depth, float(depth) ** -background)
    size[generator.permutation(depth)[:layers]] = 1.0
    return size.reshape(depth, *(1 for _ in shape)) * generator.standard_normal((depth, *shape))
