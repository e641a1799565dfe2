"""What the recursions ask of an activation."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np

from deeplimits._typing import Float64Array


class Moments(NamedTuple):
    """Expectations over centred Gaussian (u, v).

    Args:
        product: E φ(u)φ(v).
        slope: E φ'(u)φ'(v).
        gap: E φ(u)² − E φ(u)φ(v), or None where it was not asked for.
    """

    product: Any
    slope: Any
    gap: Any = None


@runtime_checkable
class Expectations(Protocol):
    """Evaluate the Gaussian expectations of an activation φ on arrays that broadcast."""

    def square(self, variance: Any) -> Any:
        """Return E φ(u)² at Var u = ``variance``."""

    def pair(self, a: Any, b: Any, covariance: Any) -> Moments:
        """Return the moments at variances a, b and a covariance."""

    def near(self, variance: Any, gap: Any) -> Moments:
        """Return the moments, the gap too, at equal variances and a covariance that is ``gap`` less."""


def correlation_of(a: Float64Array, b: Float64Array, covariance: Float64Array) -> Float64Array:
    """Return the correlation, clipped to [−1, 1]; 0 where a variance is 0."""
    scale = np.sqrt(a) * np.sqrt(b)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(scale > 0, covariance / scale, 0.0)
    return np.clip(ratio, -1.0, 1.0)


def relative_gap(variance: Float64Array, gap: Float64Array) -> Float64Array:
    """Return gap / variance, clipped to [0, 2]; 0 where the variance is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(variance > 0, gap / variance, 0.0)
    return np.clip(ratio, 0.0, 2.0)
