"""Operator norms of a trained network's convolutions, block by block."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from deeplimits.training.conv_resnet.network import ConvResNet, Place
from deeplimits.weights import LayerNorms, convolution_norm

PARTS = ("first", "second")
"""A, the first convolution of a block, and Δ, the second."""


def block_norms(
    network: ConvResNet, first: Sequence[np.ndarray], second: Sequence[np.ndarray], resolution: tuple[int, int]
) -> dict[str, LayerNorms]:
    """Return the norms of A and of Δ over blocks and those of their increments, under ``first`` and ``second``.

    Each convolution is periodic, at the resolution of what it is given; see `convolution_norm`. Increments are
    differences of consecutive kernels of one stage whose shape and resolution are equal: those at the border of two
    stages are no increments, nor is that of A from a stage's first block, which changes the shape, to the next one.

    Args:
        network: the network.
        first: A_k of every block.
        second: Δ_k of every block.
        resolution: height and width of an image.

    References: cohen2021scaling.
    """
    places = list(network.places(resolution))
    given = {
        "first": [(place, place.resolution, kernel) for place, kernel in zip(places, first, strict=True)],
        "second": [(place, place.inside, kernel) for place, kernel in zip(places, second, strict=True)],
    }
    return {part: LayerNorms(_norms(layers), _increments(layers)) for part, layers in given.items()}


Layer = tuple[Place, tuple[int, int], np.ndarray]


def _norms(layers: Sequence[Layer]) -> list[float]:
    return [convolution_norm(kernel, resolution) for _, resolution, kernel in layers]


def _increments(layers: Sequence[Layer]) -> list[float]:
    # The difference of single-precision kernels is taken in double precision.
    return [
        convolution_norm(kernel.astype(np.float64) - before, resolution)
        for (place_before, resolution_before, before), (place, resolution, kernel) in pairwise(layers)
        if (place_before.stage, resolution_before, before.shape) == (place.stage, resolution, kernel.shape)
    ]
