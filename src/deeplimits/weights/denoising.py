"""Trend and noise of weights over layers, and whether the trend alone does what the network does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.validation import finite_number, positive_integer

_TREND_DEPTHS = 4


@dataclass(frozen=True, eq=False)
class TrendAndNoise:
    """Hold the decomposition w_k = L^-β (trend at k/L) + noise of networks of several depths L.

    Args:
        trend: depth → trend weights, the shape of the weights.
        noise: depth → L^{β-1} times the partial sums of weights less trend, at layers 1 … L.
        integral: I(t), the partial sums' common limit at ``points`` + 1 times from 0 to 1.
        trend_depths: depths whose rescaled partial sums were averaged.
        exponent: β.
    """

    trend: dict[int, Float64Array]
    noise: dict[int, Float64Array]
    integral: Float64Array
    trend_depths: tuple[int, ...]
    exponent: float


@dataclass(frozen=True)
class DenoisedLoss:
    """Hold the loss of one depth's network, and of the network rebuilt from the trend alone.

    Args:
        depth: L.
        original: loss with the network's own weights.
        denoised: loss with the trend weights in their place.
    """

    depth: int
    original: float
    denoised: float

    @property
    def ratio(self) -> float:
        """Denoised over original: about 1 where the trend suffices, well above 1 where the noise matters."""
        return self.denoised / self.original


def rescaled_partial_sums(
    weights: ArrayLike, exponent: float, *, points: int = 500, interpolate: bool = True
) -> Float64Array:
    """Return S(t) = L^{β-1} Σ_{k ≤ tL} w_k at t = 0, 1/points, …, 1, shape (points + 1, …).

    Args:
        weights: array (depth, …), w_1 … w_L.
        exponent: β, by which the weights fall.
        points: steps of t.
        interpolate: count a layer in part where tL is not whole. False takes whole layers only, as the paper's code
            does: unless L is a multiple of ``points``, neighbouring differences are then off by up to points/L.

    References: cohen2021scaling.

    >>> rescaled_partial_sums(np.ones((6, 1)), 0.0, points=4).ravel()
    array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """
    path, points = np.asarray(weights, dtype=np.float64), positive_integer("points", points)
    beta, depth = finite_number("exponent", exponent), path.shape[0]
    sums = np.concatenate([np.zeros_like(path[:1]), np.cumsum(path, axis=0)])
    # Whole numbers until the last division, so that t = 1 is layer L exactly.
    whole, rest = np.divmod(np.arange(points + 1) * depth, points)
    found = sums[whole]
    if interpolate:
        share = (rest / points).reshape(-1, *(1 for _ in path.shape[1:]))
        found = found + share * (sums[np.minimum(whole + 1, depth)] - found)
    scaled: Float64Array = float(depth) ** (beta - 1) * found
    return scaled


def trend_and_noise(
    weights_by_depth: Mapping[int, ArrayLike],
    exponent: float,
    *,
    trend_depths: Sequence[int] | None = None,
    points: int = 500,
    interpolate: bool = True,
) -> TrendAndNoise:
    """Return trend and noise of networks of several depths, whose trend is one function of k/L.

    I(t) is the mean of S(t) over the ``trend_depths``; the trend weights of depth L are
    L^-β points (I(j + 1) - I(j)), j = floor(points k / L), k = 0 … L - 1; the noise is L^{β-1} Σ (w - trend).

    Args:
        weights_by_depth: depth → array (depth, …): the weights, or scale times weights.
        exponent: β, by which they fall.
        trend_depths: the four deepest by default. (The paper takes the 8th to the 5th from the end of 16.)
        points: steps of t, at most the least of ``trend_depths``.
        interpolate: see `rescaled_partial_sums`.

    Raises:
        ValueError: no such depth, or more points than layers.

    References: cohen2021scaling.
    """
    paths = {int(depth): np.asarray(weights_by_depth[depth], dtype=np.float64) for depth in sorted(weights_by_depth)}
    chosen = tuple(sorted(trend_depths if trend_depths is not None else list(paths)[-_TREND_DEPTHS:]))
    if not chosen or not set(chosen) <= set(paths):
        raise ValueError(f"trend_depths must be among the depths {list(paths)}, got {list(chosen)}")
    if positive_integer("points", points) > chosen[0]:
        raise ValueError(f"{points} points need as many layers, but the trend is taken from depth {chosen[0]} too")
    sums = [rescaled_partial_sums(paths[depth], exponent, points=points, interpolate=interpolate) for depth in chosen]
    integral: Float64Array = np.mean(sums, axis=0)
    slopes = points * np.diff(integral, axis=0)
    trend = {d: float(d) ** -exponent * slopes[np.arange(d) * points // d] for d in paths}
    noise = {d: float(d) ** (exponent - 1) * np.cumsum(path - trend[d], axis=0) for d, path in paths.items()}
    return TrendAndNoise(trend, noise, integral, chosen, float(exponent))


def denoising_test(
    weights_by_depth: Mapping[int, ArrayLike],
    exponent: float,
    loss: Callable[[int, Float64Array], float],
    *,
    trend_depths: Sequence[int] | None = None,
    points: int = 500,
    interpolate: bool = True,
) -> list[DenoisedLoss]:
    """Return what networks lose if their weights are replaced by their trend.

    In an ODE regime the trend suffices (ratios near 1); where the noise has a limit of its own the loss rises.

    Args:
        weights_by_depth: see `trend_and_noise`.
        exponent: see `trend_and_noise`.
        loss: loss of the network of a depth with these weights in place of its own.
        trend_depths: see `trend_and_noise`.
        points: see `trend_and_noise`.
        interpolate: see `trend_and_noise`.

    References: cohen2021scaling.
    """
    parts = trend_and_noise(
        weights_by_depth, exponent, trend_depths=trend_depths, points=points, interpolate=interpolate
    )
    return [
        DenoisedLoss(depth, float(loss(depth, np.asarray(weights_by_depth[depth]))), float(loss(depth, trend)))
        for depth, trend in parts.trend.items()
    ]
