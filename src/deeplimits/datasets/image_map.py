"""Images as inputs of a network of width 25: two untrained convolutions, and a digit's number as target vector."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from deeplimits._typing import Float64Array
from deeplimits.datasets.flow_map import unit_rows
from deeplimits.datasets.labelled import Labels

WIDTH = 25
ORIGIN = (
    "their raw pixels through two untrained convolutions, scaled to norm 1; the digit as a unit vector of 25 entries"
)
_SIDE, _STRIDE = 28, 2
_KERNELS = (5, 3)


def image_map(pixels: Float64Array, labels: Labels, seed: int) -> tuple[Float64Array, Float64Array]:
    """Return inputs and targets of dimension 25, of norm 1.

    Pixels 0 … 255 pass two convolutions of one channel, 5 × 5 and 3 × 3 with stride 2, 28 × 28 → 12 × 12 → 5 × 5, whose
    weights and bias are uniform on ±1/sqrt(fan-in) and stay as they are. The target's entry with the digit's number
    is 1.

    Args:
        pixels: (images, 784), 0 … 255.
        labels: digits.
        seed: of the convolutions.

    References: cohen2021scaling.
    """
    generator = np.random.default_rng(seed)
    images = pixels.reshape(-1, _SIDE, _SIDE)
    for size in _KERNELS:
        kernel = generator.uniform(-1 / size, 1 / size, size=(size, size))
        bias = generator.uniform(-1 / size, 1 / size)
        windows = sliding_window_view(images, (size, size), axis=(1, 2))[:, ::_STRIDE, ::_STRIDE]
        images = np.einsum("nijkl,kl->nij", windows, kernel) + bias
    return unit_rows(images.reshape(-1, WIDTH)), np.eye(WIDTH)[labels]
