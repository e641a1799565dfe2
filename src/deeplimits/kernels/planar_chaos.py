"""Hermite expansion of functions of two independent normal variables that grow with the square of the radius."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from deeplimits._typing import Float64Array


@dataclass(frozen=True, eq=False)
class PlanarChaos:
    """Hold how R² Σ_m c_m cos(mψ) expands in h_i(s) h_j(t), s = R cos ψ and t = R sin ψ independent N(0, 1).

    h_i are the normalised Hermite polynomials. Only even j occur, as cosines are even in t, and only i + j of the
    parity of the modes m.

    Args:
        modes: the m, ascending.
        powers_s: i of each component.
        powers_t: j of each component.
        matrix: float64 (modes, components); coefficients c_m times it are the expansion.
    """

    modes: Float64Array
    powers_s: Float64Array
    powers_t: Float64Array
    matrix: Float64Array


@lru_cache(maxsize=4)
def planar_chaos(odd: bool, degree: int) -> PlanarChaos:
    """Return the expansion of even or odd modes up to total degree i + j ≤ ``degree``, without the constant.

    Degree k and mode m have one radial function, of Laguerre type with n = (k − m)/2, on which R² cos(mψ) has
    the coefficient (−1)^n sqrt(n!/(n + m)!) 2Γ(2 + m/2) (m/2 − 1)_n / n!; from there to h_i h_j leads the expansion of
    (s + it)^{n+m} (s − it)^n.

    Args:
        odd: whether the modes and degrees are odd.
        degree: the largest degree.
    """
    degrees = range(1 if odd else 2, degree + 1, 2)
    modes = [m for m in range(degree + 1) if m % 2 == odd]
    pairs = [(k, j) for k in degrees for j in range(0, k + 1, 2)]
    matrix = np.zeros((len(modes), len(pairs)))
    for column, (k, j) in enumerate(pairs):
        for row, m in enumerate(modes):
            if m <= k:
                matrix[row, column] = _radial(k, m) * _angular(k, m, j)
    powers = np.array(pairs, dtype=np.float64)
    return PlanarChaos(np.array(modes, dtype=np.float64), powers[:, 0] - powers[:, 1], powers[:, 1], matrix)


def _radial(k: int, m: int) -> float:
    """Return the coefficient of R² cos(mψ) on the radial function of degree k."""
    n = (k - m) // 2
    if m == 2:
        return 2.0 * math.sqrt(2) if n == 0 else 0.0
    rising, sign = 0.0, 1.0
    for step in range(n):
        factor = m / 2 - 1 + step
        if factor == 0:
            return 0.0
        rising, sign = rising + math.log(abs(factor)), sign * math.copysign(1.0, factor)
    logarithm = math.lgamma(2 + m / 2) + rising - (math.lgamma(n + 1) + math.lgamma(n + m + 1)) / 2
    return (-1) ** n * sign * 2 * math.exp(logarithm)


def _angular(k: int, m: int, j: int) -> float:
    """Return the real part of h_{k−j} h_j in (s + it)^{n+m} (s − it)^n = (s² + t²)^n (s + it)^m, summed in integers."""
    n = (k - m) // 2
    places = range(max(0, (j - m + 1) // 2), min(n, j // 2) + 1)
    number = sum((-1) ** (j // 2 - q) * math.comb(n, q) * math.comb(m, j - 2 * q) for q in places)
    if number == 0:
        return 0.0
    logs = math.lgamma(k - j + 1) + math.lgamma(j + 1) - math.lgamma(n + m + 1) - math.lgamma(n + 1) - k * math.log(2)
    return math.copysign(math.exp(math.log(abs(number)) + logs / 2), number)
