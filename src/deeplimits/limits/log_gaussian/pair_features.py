"""What one neuron contributes to the correlation of two inputs, expanded in Hermite polynomials."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.kernels import absolute_product, cubed_absolute_product, planar_chaos, signed_squares
from deeplimits.limits.layer_scales import kink_share

_DEGREE = 24
"""Largest degree of the expansion: what two layers share is then known to 1e-4 of the whole."""

_SMALL_GAP = 1e-6
"""Gap 1 − ρ below which the variance is that at leading order, as its closed form cancels."""


@dataclass(frozen=True)
class PairFeatures:
    """Expand N = f_ab − (ρ'/2)(f_aa + f_bb), f_xy = φ(x)φ(y)/E φ², for neurons (u, v) at correlation ρ.

    With φ = s₊ max + s₋ min: f_ab = (1 − D) uv + D|uv| + (γ/2)(u|v| + |u|v) and f_aa = u² + γ u|u|, of which the parts
    with γ are odd under (u, v) → (−u, −v). In (u + v)/√2 = √(1 + ρ) s and (u − v)/√2 = √(1 − ρ) t these are R² times
    functions of the angle, whose cosine series are in closed form.

    Args:
        slopes: (s₊, s₋).
    """

    slopes: tuple[float, float]

    @property
    def kink(self) -> float:
        """D = (s₊ − s₋)²/2(s₊² + s₋²)."""
        return kink_share(*self.slopes)

    @property
    def asymmetry(self) -> float:
        """γ = (s₊² − s₋²)/(s₊² + s₋²)."""
        up, down = self.slopes
        largest = max(abs(up), abs(down))
        first, second = (up / largest) ** 2, (down / largest) ** 2
        return (first - second) / (first + second)

    @property
    def powers(self) -> tuple[Float64Array, Float64Array]:
        """Powers i of s and j of t of each component, those of even i + j first."""
        even, odd = (planar_chaos(odd=parity, degree=_DEGREE) for parity in (False, True))
        return np.concatenate([even.powers_s, odd.powers_s]), np.concatenate([even.powers_t, odd.powers_t])

    def components(self, gaps: Float64Array, next_gaps: Float64Array) -> Float64Array:
        """Return the Hermite coefficients of N without its mean.

        Args:
            gaps: 1 − ρ of each layer.
            next_gaps: 1 − ρ' of each layer.

        Returns:
            float64 array (layers, components).
        """
        return np.concatenate([self._even(gaps, next_gaps), self._odd(gaps, next_gaps)], axis=1)

    def _even(self, gaps: Float64Array, next_gaps: Float64Array) -> Float64Array:
        """Return the components of the even part of N.

        With θ the angle between the inputs, uv = R²(cos 2ψ + cos θ)/2 and u² + v² = R²(1 + cos θ cos 2ψ).
        """
        basis = planar_chaos(odd=False, degree=_DEGREE)
        theta, cosine = _angles(gaps)[:, None], (1 - gaps)[:, None]
        orders = basis.modes[None, :] / 2
        series = self.kink * _absolute_cosine(theta, orders) / 2
        # The harmonics 0 and 2 of what is smooth.
        smooth, after = 1 - self.kink, (1 - next_gaps)[:, None]
        series[:, :1] += (smooth * cosine - after) / 2
        series[:, 1:2] += (smooth - after * cosine) / 2
        return series @ basis.matrix

    def _odd(self, gaps: Float64Array, next_gaps: Float64Array) -> Float64Array:
        """Return the components of the odd part of N.

        |cos x| = (4/π)[½ − Σ (−1)^n cos(2nx)/(4n² − 1)], multiplied by cos x or a shifted one.
        """
        basis = planar_chaos(odd=True, degree=_DEGREE)
        half, after = _angles(gaps)[:, None] / 2, (1 - next_gaps)[:, None]
        m = basis.modes[None, :]
        lower, upper = _absolute_series((m - 1) / 2), _absolute_series((m + 1) / 2)
        series = lower * np.cos((m - 2) * half) + upper * np.cos((m + 2) * half)
        series -= after * (lower + upper) * np.cos(m * half)
        return self.asymmetry / 2 * series @ basis.matrix

    def variances(self, gaps: Float64Array, next_gaps: Float64Array) -> Float64Array:
        """Return Var N in closed form; 4(1 + γ²)(1 − ρ)² at leading order where 1 − ρ is below 1e-6."""
        r, after, square = 1 - gaps, 1 - next_gaps, self.asymmetry**2
        sine = np.sqrt(gaps * (2 - gaps))
        signed, cubed = signed_squares(r, sine), cubed_absolute_product(r, sine)
        smooth, kink = 1 - self.kink, self.kink
        products = (smooth**2 + kink**2) * (1 + 2 * r**2) + 2 * smooth * kink * signed
        mixed, squares = smooth * 6 * r + kink * 2 * cubed, 8 + 4 * r**2
        mean = smooth * r + kink * absolute_product(r, sine) - after
        even = products - after * mixed + after**2 / 4 * squares - mean**2
        odd = (1 + 2 * r**2 + signed) / 2 - after * (cubed + 3 * r) + after**2 / 4 * (6 + 2 * signed)
        return np.where(gaps > _SMALL_GAP, even + square * odd, 4 * (1 + square) * gaps**2)


def _angles(gaps: Float64Array) -> Float64Array:
    return np.asarray(2 * np.arcsin(np.minimum(1.0, np.sqrt(gaps / 2))))


def _absolute_series(n: Float64Array) -> Float64Array:
    """Return e_n of |cos x| = e_0/2 + Σ e_n cos 2nx."""
    return np.asarray((4 / math.pi) * np.where(n % 2 == 1, 1.0, -1.0) / (4 * n**2 - 1))


def _absolute_cosine(theta: Float64Array, n: Float64Array) -> Float64Array:
    """Return d_n of |cos x + cos θ| = Σ_{n ≥ 0} d_n cos nx.

    The sum is positive for |x| < π − θ; d_n = (2/π)[2∫_0^{π−θ} − ∫_0^π](cos x + cos θ) cos nx dx, half of it at n = 0.
    """
    cosine, signs = np.cos(theta), np.where(n % 2 == 1, -1.0, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        sides = np.sin((n + 1) * theta) / (n + 1) + np.sin((n - 1) * theta) / (n - 1)
        series = (4 / math.pi) * signs * (sides / 2 - cosine * np.sin(n * theta) / n)
    series[:, n[0] == 0] = (2 / math.pi) * (np.sin(theta) + (math.pi / 2 - theta) * cosine)
    series[:, n[0] == 1] = (2 / math.pi) * (math.pi / 2 - theta + np.sin(2 * theta) / 2)
    return np.asarray(series)
