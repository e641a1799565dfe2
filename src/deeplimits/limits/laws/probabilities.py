"""The one check that every law makes of a user's probabilities."""

from __future__ import annotations

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array


def checked_probabilities(probability: ArrayLike) -> Float64Array:
    """Return ``probability`` as float64.

    Raises:
        ValueError: an entry lies outside [0, 1].
    """
    p = np.asarray(probability, dtype=np.float64)
    outside = ~((p >= 0) & (p <= 1))
    if np.any(outside):
        raise ValueError(f"a probability must lie in [0, 1], got {float(p[outside].flat[0])!r}")
    return p
