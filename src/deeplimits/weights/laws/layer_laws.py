"""Laws of layer matrices at initialisation: independent, smooth or fractional-Brownian in the layer's index.

Every entry is an independent process in the index, with variance 1/fan-in, the fan-in being the last axis of a layer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.validation import one_of, positive_integer, positive_number
from deeplimits.weights.laws.circulant import stationary_gaussian
from deeplimits.weights.laws.fractional import fractional_gaussian_noise
from deeplimits.weights.laws.generator import law_generator

# exp(-DECAY²/2) is below the rounding of a float64 next to 1.
_DECAY = 8.6


def draw_layers(law: str, depth: int, shape: Sequence[int], *, seed: int = 0) -> Float64Array:
    """Return layer matrices drawn from the law that ``law`` names, shape (depth, *shape).

    Args:
        law: ``iid`` (uniform), ``iid:gaussian``, ``rbf`` or ``rbf:VARIANCE``, ``fbm:HURST``.
        depth: number of layers.
        shape: of one layer; its last axis is the fan-in.
        seed: of all layers together.

    Raises:
        ValueError: unknown law, or a parameter out of range.

    References: marion2025scaling.

    >>> draw_layers("fbm:0.8", 100, (4, 4)).shape
    (100, 4, 4)
    """
    name, _, parameter = str(law).partition(":")
    one_of("law of layers", name, ("iid", "rbf", "fbm"))
    if name == "iid":
        kind = one_of("law of independent weights", parameter or "uniform", ("uniform", "gaussian"))
        return iid(depth, shape, seed=seed, law=kind)  # type: ignore[arg-type]
    if name == "fbm" and not parameter:
        raise ValueError("the law fbm needs its Hurst index, as in fbm:0.8")
    try:
        number = float(parameter) if parameter else 0.01
    except ValueError:
        raise ValueError(f"the parameter of {name} must be a number, got {parameter!r}") from None
    return (
        rbf(depth, shape, seed=seed, variance=number) if name == "rbf" else fbm(depth, shape, seed=seed, hurst=number)
    )


def iid(
    depth: int, shape: Sequence[int], *, seed: int = 0, law: Literal["uniform", "gaussian"] = "uniform"
) -> Float64Array:
    """Return independent entries of mean 0 and variance 1/fan-in, shape (depth, *shape).

    Uniform ones lie within ±sqrt(3/fan-in).

    References: marion2025scaling.
    """
    depth, layer, fan_in = _sizes(depth, shape)
    generator = law_generator(f"iid-{law}", seed)
    if law == "gaussian":
        return generator.standard_normal((depth, *layer)) / math.sqrt(fan_in)
    return generator.uniform(-1, 1, (depth, *layer)) * math.sqrt(3 / fan_in)


def rbf(depth: int, shape: Sequence[int], *, seed: int = 0, variance: float = 0.01) -> Float64Array:
    """Return weights that are smooth in the layer's index, shape (depth, *shape).

    They are the increments, on the grid j/depth, of a Gaussian process with covariance exp(-(s - t)²/(2 variance)),
    divided by the mean over layers of their standard deviation over entries and by sqrt(fan-in).

    Args:
        depth: number of layers.
        shape: of one layer, of at least two entries.
        seed: of all layers together.
        variance: squared length scale of the process, in units of the whole depth.

    Raises:
        ValueError: ``variance`` is not above 0, or a layer has a single entry, which has no spread.

    References: marion2025scaling.
    """
    depth, layer, fan_in = _sizes(depth, shape)
    positive_number("variance", variance)
    if math.prod(layer) < 2:
        raise ValueError(
            f"rbf weights are normalised by their spread over a layer's entries; shape {layer} has only one"
        )

    def covariance(lags: Float64Array) -> Float64Array:
        return np.exp(-((lags / depth) ** 2) / (2 * variance))

    generator = law_generator("rbf", seed, variance=float(variance))
    half = math.ceil(_DECAY * math.sqrt(variance) * depth)
    paths = stationary_gaussian(
        covariance, depth + 1, count=math.prod(layer), generator=generator, half_period=half + depth
    )
    increments = np.diff(paths, axis=1).T
    increments /= increments.std(axis=1).mean() * math.sqrt(fan_in)
    return increments.reshape(depth, *layer)


def fbm(depth: int, shape: Sequence[int], *, hurst: float, seed: int = 0) -> Float64Array:
    """Return increments of fractional Brownian motion in the layer's index over sqrt(fan-in), shape (depth, *shape).

    Args:
        depth: number of layers.
        shape: of one layer.
        hurst: Hurst index, between 0 and 1; 0.5 gives independent Gaussian weights.
        seed: of all layers together.

    Raises:
        ValueError: see `fractional_gaussian_noise`.

    References: marion2025scaling.
    """
    depth, layer, fan_in = _sizes(depth, shape)
    noise = fractional_gaussian_noise(depth, hurst=hurst, count=math.prod(layer), seed=seed)
    return noise.T.reshape(depth, *layer) / math.sqrt(fan_in)


def _sizes(depth: int, shape: Sequence[int]) -> tuple[int, tuple[int, ...], int]:
    """Return depth, shape and fan-in."""
    layer = tuple(positive_integer("entry of shape", size) for size in shape)
    if not layer:
        raise ValueError("the shape of a layer needs at least one axis, as in (10, 10)")
    return positive_integer("depth", depth), layer, layer[-1]
