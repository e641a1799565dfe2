"""Gaussian duals in closed form: piecewise linear, erf and GELU.

Throughout, (u, v) is centred Gaussian with covariance matrix Σ: variances a, b and covariance c = r sqrt(ab), and
s = sqrt(1 − r²). Angles come from atan2, which is accurate at both ends of r where arccos and arcsin are not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.activations.pointwise import ERF, GELU, Activation

ClosedForm: TypeAlias = Callable[[Float64Array, Float64Array, Float64Array], Float64Array]
"""(variance_1, variance_2, correlation) to the expectation, elementwise."""


def closed_dual(activation: Activation) -> ClosedForm | None:
    """Return the closed form of E φ(u)φ(v), or None if there is none here."""
    if activation.slopes is not None:
        up, down = activation.slopes
        return lambda a, b, r: _piecewise_linear(a, b, r, up, down)
    return {ERF: _erf, GELU: _gelu}.get(activation)


def closed_derivative_dual(activation: Activation) -> ClosedForm | None:
    """Return the closed form of E φ'(u)φ'(v), or None if there is none here."""
    if activation.slopes is not None:
        up, down = activation.slopes
        return lambda a, b, r: _piecewise_linear_derivative(r, up, down)
    return {ERF: _erf_derivative, GELU: _gelu_derivative}.get(activation)


def _sine(r: Float64Array) -> Float64Array:
    return np.asarray(np.sqrt((1 - r) * (1 + r)))


def _both_positive(r: Float64Array) -> Float64Array:
    """Return P(u > 0, v > 0) = (π − arccos r) / 2π."""
    return np.asarray(np.arctan2(_sine(r), -r) / (2 * math.pi))


def _relu_pair(r: Float64Array) -> Float64Array:
    """Return E relu(u) relu(v) at unit variances, (s + r (π − arccos r)) / 2π.

    References: cho2009kernel, arc-cosine kernel of degree 1.
    """
    return np.asarray(_sine(r) / (2 * math.pi) + r * _both_positive(r))


def _piecewise_linear(a: Float64Array, b: Float64Array, r: Float64Array, up: float, down: float) -> Float64Array:
    """Return sqrt(ab) ((up² + down²) R(r) − 2 up down R(−r)), R of `_relu_pair`: φ(u) = up relu(u) − down relu(−u)."""
    return np.asarray(np.sqrt(a) * np.sqrt(b) * ((up**2 + down**2) * _relu_pair(r) - 2 * up * down * _relu_pair(-r)))


def _piecewise_linear_derivative(r: Float64Array, up: float, down: float) -> Float64Array:
    """Return (up² + down²) P(u, v > 0) + 2 up down P(u > 0 > v)."""
    return np.asarray((up**2 + down**2) * _both_positive(r) + 2 * up * down * _both_positive(-r))


def _erf(a: Float64Array, b: Float64Array, r: Float64Array) -> Float64Array:
    """Return (2/π) arcsin(2c / sqrt((1 + 2a)(1 + 2b))).

    References: williams1997computing, the kernel of erf.
    """
    covariance = r * np.sqrt(a) * np.sqrt(b)
    return np.asarray(2 / math.pi * np.arctan2(2 * covariance, np.sqrt(1 + 2 * a + 2 * b + 4 * a * b * _sine(r) ** 2)))


def _erf_derivative(a: Float64Array, b: Float64Array, r: Float64Array) -> Float64Array:
    """Return (4/π) / sqrt(det(I + 2Σ))."""
    return np.asarray(4 / math.pi / np.sqrt(1 + 2 * a + 2 * b + 4 * a * b * _sine(r) ** 2))


def _gelu_parts(a: Float64Array, b: Float64Array, r: Float64Array) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Return c, E Φ(u)Φ(v) = arccos(−c / sqrt((1 + a)(1 + b))) / 2π and det(I + Σ)."""
    covariance = r * np.sqrt(a) * np.sqrt(b)
    determinant = 1 + a + b + a * b * _sine(r) ** 2
    return covariance, np.arctan2(np.sqrt(determinant), -covariance) / (2 * math.pi), determinant


def _gelu(a: Float64Array, b: Float64Array, r: Float64Array) -> Float64Array:
    """Return c F + H (ab s² + c² (1/(1 + a) + 1/(1 + b))).

    F = E Φ(u)Φ(v), H = E Φ'(u)Φ'(v) = 1 / (2π sqrt(det(I + Σ))). By Stein's lemma in u, E uΦ(u) vΦ(v) =
    a E vΦ'(u)Φ(v) + c F + c E vΦ(u)Φ'(v). As Φ''(u) = −uΦ'(u), once more gives cH / (1 + b) for the last expectation
    and (b − c²/(1 + a)) H for the first.

    References: tsuchida2021avoiding, the GELU kernel.
    """
    covariance, below, determinant = _gelu_parts(a, b, r)
    bracket = a * b * _sine(r) ** 2 + covariance**2 * (1 / (1 + a) + 1 / (1 + b))
    return np.asarray(covariance * below + bracket / (2 * math.pi * np.sqrt(determinant)))


def _gelu_derivative(a: Float64Array, b: Float64Array, r: Float64Array) -> Float64Array:
    """Return F + c H (1/(1 + a) + 1/(1 + b) + 1/det(I + Σ)), from φ'(u) = Φ(u) + uΦ'(u) and the parts of `_gelu`."""
    covariance, below, determinant = _gelu_parts(a, b, r)
    bracket = 1 / (1 + a) + 1 / (1 + b) + 1 / determinant
    return np.asarray(below + covariance * bracket / (2 * math.pi * np.sqrt(determinant)))
