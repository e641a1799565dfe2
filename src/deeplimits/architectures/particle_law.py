"""The law from which the particles of a mean-field ResNet start: pure data, for theory and simulation alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from deeplimits._typing import ArrayLike

Matrix = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class ParticleLaw:
    """Describe particles θ = (a, w) of a layer at time s in [0, 1]: w ~ N(0, 1) in the plane, a = (base + s slope) w.

    A particle moves a state x by h(x, θ) = a tanh(w · x). The layer l of a network of depth L has time s = l / L.

    Args:
        base: 2 × 2 matrix; kept as tuples.
        slope: likewise.

    Raises:
        ValueError: a matrix is not 2 × 2 or has an entry that is no finite number.

    >>> TURNING.scaled(0.5).base
    ((0.0, 0.5), (-0.5, 0.0))
    """

    base: ArrayLike
    slope: ArrayLike

    def __post_init__(self) -> None:
        """Validate both matrices and make them tuples."""
        for name in ("base", "slope"):
            object.__setattr__(self, name, _matrix(name, getattr(self, name)))

    def scaled(self, factor: float) -> ParticleLaw:
        """Return the law of particles whose a is ``factor`` times as long."""
        base, slope = (
            tuple(tuple(factor * entry for entry in row) for row in _matrix(name, part))
            for name, part in (("base", self.base), ("slope", self.slope))
        )
        return ParticleLaw(base, slope)


def _matrix(name: str, value: Any) -> Matrix:
    try:
        (p, q), (r, s) = ((float(x) for x in row) for row in value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a 2 × 2 matrix of numbers, got {value!r}") from None
    if not all(map(math.isfinite, (p, q, r, s))):
        raise ValueError(f"{name} must have finite entries, got {value!r}")
    return (p, q), (r, s)


TURNING = ParticleLaw(base=((0.0, 1.0), (-1.0, 0.0)), slope=((1.0, 0.0), (0.0, 1.0)))
"""a = J w + s w, J the clockwise quarter turn: states turn about the origin, and away from it as s grows."""
