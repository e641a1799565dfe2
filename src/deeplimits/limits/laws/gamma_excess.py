"""What ln Γ and ψ add to their leading term, without the cancellation of two large numbers."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from deeplimits._typing import Float64Array

# complex128; NumPy's own annotations widen 1j * float64 to any complex type.
ComplexArray: TypeAlias = NDArray[Any]

_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
"""Coefficients of z^{1−2k} in ln Γ(z) − [(z − ½) ln z − z + ½ ln 2π]."""

_LARGE = 16
"""From here on seven terms of Stirling's series give float64 precision."""


def log_gamma_excess(x: Float64Array, s: ComplexArray) -> ComplexArray:
    """Return ln Γ(x + s) − ln Γ(x) − s ln x, broadcast to at least one axis; about s(s − 1)/(2x) for large x.

    Args:
        x: real, above 0.
        s: complex, with Re s > −x.

    Note:
        A power of a law with a million factors multiplies the error by a million; so it is kept relative to the result,
        where ln Γ(x) itself would leave its own rounding. Small x are first moved up by Γ(x + 1) = x Γ(x).

    >>> log_gamma_excess(np.array([3.0]), np.array([2.0 + 0j])).round(12)  # ln(4!/2!) − 2 ln 3
    array([0.28768207+0.j])
    """
    from scipy import special

    x, s = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(s, dtype=np.complex128))
    smallest = np.minimum(x, x + s.real)
    steps = np.where(smallest < _LARGE, np.ceil(_LARGE - smallest), 0.0)
    large = x + steps
    result = large * _log1p_remainder(s / large) + (s - 0.5) * special.log1p(s / large)
    result += _stirling(large + s) - _stirling(large + 0j) + s * np.log1p(steps / x)
    for j in range(int(steps.max(initial=0.0))):
        moved = j < steps
        result[moved] -= special.log1p(s[moved] / (x[moved] + j))
    return np.asarray(result, dtype=np.complex128)


def digamma_excess(x: Float64Array) -> Float64Array:
    """Return ψ(x) − ln x for a vector x > 0; about −1/(2x) for large x.

    >>> digamma_excess(np.array([1.0])).round(6)  # minus Euler's constant
    array([-0.577216])
    """
    from scipy import special

    large = np.maximum(x, _LARGE)
    derivatives = [(1 - 2 * k) * coefficient for k, coefficient in enumerate(_STIRLING, start=1)]
    asymptotic = -0.5 / large + _polynomial(derivatives, large**-2.0) * large**-2.0
    return np.asarray(np.where(x < _LARGE, special.digamma(x) - np.log(x), asymptotic), dtype=np.float64)


def _log1p_remainder(u: ComplexArray) -> ComplexArray:
    """Return ln(1 + u) − u, by its series where the difference would cancel."""
    from scipy import special

    small = np.abs(u) < 0.1
    safe = np.where(small, u, 0.0)
    series = _polynomial([(-1.0) ** (k + 1) / k for k in range(2, 18)], safe) * safe**2
    return np.where(small, series, special.log1p(u) - u)


def _stirling(z: ComplexArray) -> ComplexArray:
    inverse = 1 / z
    return np.asarray(inverse * _polynomial(list(_STIRLING), inverse**2), dtype=np.complex128)


def _polynomial(coefficients: list[float], x: NDArray[np.inexact]) -> NDArray[np.inexact]:
    """Return Σ c_k x^k by Horner's rule."""
    total = np.zeros_like(x)
    for coefficient in reversed(coefficients):
        total = total * x + coefficient
    return total
