"""Expectations of a pair (u, v) of standard normal variables with correlation r.

Every function takes r and, if the caller knows it better than float64 arithmetic does near |r| = 1, sqrt(1 − r²).
"""

from __future__ import annotations

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array


def signed_squares(correlation: ArrayLike, sine: ArrayLike | None = None) -> Float64Array:
    """Return K(r) = E[u|u| v|v|], the covariance of the signed squares.

    K(r) = (2/π)[3 r sqrt(1 − r²) + (1 + 2r²) arcsin r]; odd, K(1) = 3, K(r) ≈ 8r/π at small r.

    Args:
        correlation: r in [−1, 1], any shape.
        sine: sqrt(1 − r²); computed from r by default.

    >>> round(float(signed_squares(0.5)), 6)
    1.326993

    References: li2021future, interlayer correlations (rederived).
    """
    r, s = _circle(correlation, sine)
    return np.asarray((2 / np.pi) * (3 * r * s + (1 + 2 * r**2) * np.arctan2(r, s)))


def sign_of_square(correlation: ArrayLike, sine: ArrayLike | None = None) -> Float64Array:
    """Return M(r) = E[sgn(v) u|u|].

    M(r) = (2/π)[arcsin r + r sqrt(1 − r²)]; odd, M(1) = 1. With K and A of this module, K(r) = M(r) + 2 r A(r).

    Args:
        correlation: r in [−1, 1], any shape.
        sine: sqrt(1 − r²); computed from r by default.

    >>> round(float(sign_of_square(0.5)), 6)
    0.608998
    """
    r, s = _circle(correlation, sine)
    return np.asarray((2 / np.pi) * (np.arctan2(r, s) + r * s))


def absolute_product(correlation: ArrayLike, sine: ArrayLike | None = None) -> Float64Array:
    """Return A(r) = E|uv|.

    A(r) = (2/π)[sqrt(1 − r²) + r arcsin r]; even, A(0) = 2/π, A(1) = 1.

    Args:
        correlation: r in [−1, 1], any shape.
        sine: sqrt(1 − r²); computed from r by default.

    >>> round(float(absolute_product(0.5)), 6)
    0.717996
    """
    r, s = _circle(correlation, sine)
    return np.asarray((2 / np.pi) * (s + r * np.arctan2(r, s)))


def cubed_absolute_product(correlation: ArrayLike, sine: ArrayLike | None = None) -> Float64Array:
    """Return E|u|³|v|.

    (6/π)[r arcsin r + s − s³/3] with s = sqrt(1 − r²); even, 4/π at r = 0, 3 at r = 1.

    Args:
        correlation: r in [−1, 1], any shape.
        sine: sqrt(1 − r²); computed from r by default.

    >>> round(float(cubed_absolute_product(1.0)), 12)
    3.0
    """
    r, s = _circle(correlation, sine)
    return np.asarray((6 / np.pi) * (r * np.arctan2(r, s) + s - s**3 / 3))


def arc_cosine_squares(correlation: ArrayLike, sine: ArrayLike | None = None) -> Float64Array:
    """Return J₂(r) = 2π E[relu(u)² relu(v)²], the arc-cosine kernel of order 2.

    J₂(r) = 3 sin θ cos θ + (π − θ)(1 + 2 cos² θ) with cos θ = r; K(r) = (2/π) J₂(r) − (1 + 2r²).

    Args:
        correlation: r in [−1, 1], any shape.
        sine: sqrt(1 − r²); computed from r by default.

    >>> round(float(arc_cosine_squares(0.5)), 6)
    4.440631

    References: cho2009kernel, arc-cosine kernel of degree 2.
    """
    r, s = _circle(correlation, sine)
    return np.asarray(3 * r * s + (np.pi - np.arctan2(s, r)) * (1 + 2 * r**2))


def _circle(correlation: ArrayLike, sine: ArrayLike | None) -> tuple[Float64Array, Float64Array]:
    """Return (r, sqrt(1 − r²)); the angles come from arctan2 of both, accurate at either end."""
    r = np.asarray(correlation, dtype=np.float64)
    if np.any(np.abs(r) > 1):
        raise ValueError(f"a correlation must lie in [-1, 1], got {r[np.abs(r) > 1].flat[0]!r}")
    return r, np.asarray(np.sqrt((1 - r) * (1 + r)) if sine is None else sine, dtype=np.float64)
