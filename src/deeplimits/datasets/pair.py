"""Two input vectors, as far as their directions differ."""

from __future__ import annotations

import math

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.datasets.inputs import Inputs

# Directions of float64 vectors are known to 1e-16, so of a smaller angle not even four digits would be known.
_SMALLEST_SINE = 1e-12


def along_and_across(directions: Float64Array) -> Float64Array:
    """Return the rows u, c u and s g of two unit vectors u and v = c u + s g with g a unit vector orthogonal to u.

    Args:
        directions: u and v, shape (2, input_dim).

    >>> along_and_across(np.array([[1.0, 0.0], [0.6, -0.8]])).round(12).tolist()
    [[1.0, 0.0], [0.6, 0.0], [0.0, -0.8]]
    """
    u, v = directions
    cosine = float(u @ v)
    difference = v - math.copysign(1.0, cosine) * u  # subtracted first, so that a small angle keeps its digits
    return np.stack([u, cosine * u, difference - (difference @ u) * u])


def are_parallel(inputs: Inputs) -> bool:
    """Whether two input vectors have one direction, or opposite ones, up to an angle of 1e-12.

    >>> from deeplimits.datasets import as_inputs
    >>> are_parallel(as_inputs([[1.0, 3.0], [-0.1, -0.3]], 2))
    True
    """
    directions = inputs.values / np.sqrt(inputs.squared_norms)[:, None]
    return bool(np.linalg.norm(along_and_across(directions)[2]) < _SMALLEST_SINE)
