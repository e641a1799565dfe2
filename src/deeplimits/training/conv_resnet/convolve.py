"""Convolutions as a processor and an accelerator each do them well."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array, lax


def convolve(images: Array, kernel: Array, stride: int = 1) -> Array:
    """Return the cross-correlation of images with a kernel of odd size, padded with zeros to keep the size.

    On an accelerator it is the library's convolution. On a processor that one is slow inside of compiled loops, where
    all of this training runs, and a product of all neighbourhoods with the kernel takes its place.

    Args:
        images: (images, height, width, channels in).
        kernel: (rows, columns, channels in, channels out).
        stride: between the places that are kept, both ways.
    """
    on_processor = jax.default_backend() == "cpu"
    return (by_product if on_processor else by_library)(images, kernel, stride)


def by_library(images: Array, kernel: Array, stride: int) -> Array:
    """Return the convolution by the library's primitive."""
    around = [(size // 2, size // 2) for size in kernel.shape[:2]]
    return lax.conv_general_dilated(
        images, kernel, (stride, stride), around, dimension_numbers=("NHWC", "HWIO", "NHWC")
    )


def by_product(images: Array, kernel: Array, stride: int) -> Array:
    """Return the convolution as one product of matrices."""
    rows, columns, inputs, outputs = kernel.shape
    _, height, width, _ = images.shape
    padded = jnp.pad(images, ((0, 0), (rows // 2, rows // 2), (columns // 2, columns // 2), (0, 0)))
    neighbours = [
        padded[:, i : i + height : stride, j : j + width : stride] for i in range(rows) for j in range(columns)
    ]
    return jnp.concatenate(neighbours, axis=-1) @ kernel.reshape(rows * columns * inputs, outputs)
