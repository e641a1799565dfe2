"""Operator norms of convolutions: how much they can lengthen an image whose borders are joined."""

from __future__ import annotations

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.validation import positive_integer

_TOGETHER = 2**22  # entries of the matrices that are decomposed side by side


def convolution_norm(kernel: ArrayLike, resolution: ArrayLike) -> float:
    """Return the operator norm of a periodic convolution, the largest of `convolution_singular_values`.

    >>> convolution_norm(np.ones((3, 3, 1, 1)), resolution=8)
    9.0

    References: cohen2021scaling.
    """
    return float(convolution_singular_values(kernel, resolution, count=1)[0])


def convolution_singular_values(kernel: ArrayLike, resolution: ArrayLike, *, count: int | None = 10) -> Float64Array:
    """Return the largest singular values of a periodic convolution of stride 1, in descending order.

    A convolution of h × w images whose borders are joined is block-diagonal after a two-dimensional Fourier transform:
    one matrix (channels out × channels in) for each of the h w frequencies, the transform of the kernel there. Its
    singular values are those of all these matrices.

    Args:
        kernel: array (rows, columns, channels in, channels out).
        resolution: h and w of the images that the convolution is given, or one number for both.
        count: how many; None for all of them.

    Raises:
        ValueError: the kernel has another shape or is not finite, or the resolution is no positive integer.

    Note: exact, in double precision. A kernel larger than the image is folded onto it. The stride is ignored, as in the
        paper's code: one of stride 2 keeps a quarter of the outputs, so that its norm is at most this one. Networks pad
        with zeros in place of joining borders: with p of them at each side, their norm is at most the periodic one at
        resolution + 2 p. Two frequencies that are each other's negative have the same values; one is decomposed.

    >>> identity = np.zeros((3, 3, 2, 2))
    >>> identity[1, 1] = [[2.0, 0.0], [0.0, 1.0]]
    >>> convolution_singular_values(identity, 4, count=17).tolist() == [2.0] * 16 + [1.0]
    True

    References: cohen2021scaling.
    """
    weights = np.asarray(kernel, dtype=np.float64)
    if weights.ndim != 4 or not weights.size or not np.all(np.isfinite(weights)):
        raise ValueError(
            "kernel must be an array of finite numbers (rows, columns, channels in, channels out), got shape "
            f"{weights.shape}"
        )
    sides = np.ravel(np.asarray(resolution)).tolist()
    if len(sides) not in (1, 2):
        raise ValueError(f"resolution must be one number or two, height and width, got {resolution!r}")
    height, width = (positive_integer("resolution", side) for side in (sides[0], sides[-1]))
    image = _folded(weights, height, width)
    # Of real numbers, half of the frequencies: those left out are the negatives of some that are there.
    matrices = np.fft.rfft2(image, axes=(0, 1))
    columns = np.arange(matrices.shape[1])
    twice = (columns > 0) & (2 * columns != width)
    times = np.broadcast_to(1 + twice, matrices.shape[:2]).reshape(-1)
    matrices = matrices.reshape(-1, *matrices.shape[2:])
    step = max(1, _TOGETHER // matrices[0].size)
    values = np.concatenate(
        [np.linalg.svd(matrices[i : i + step], compute_uv=False) for i in range(0, len(matrices), step)]
    )
    return np.sort(np.repeat(values, times, axis=0), axis=None)[::-1][:count]


def _folded(kernel: Float64Array, height: int, width: int) -> Float64Array:
    """Return the kernel on an image of this size, entries beyond a border added at the other side."""
    image = np.zeros((height, width, *kernel.shape[2:]))
    for i, row in enumerate(kernel):
        for j, entry in enumerate(row):
            image[i % height, j % width] += entry
    return image
