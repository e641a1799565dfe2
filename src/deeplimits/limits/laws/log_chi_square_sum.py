"""Sums of independent normal and ln χ² variables, by their moment generating functions."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.limits.laws.gamma_excess import ComplexArray, digamma_excess, log_gamma_excess


@dataclass(frozen=True, eq=False)
class LogChiSquareMixture:
    """Describe ln(χ²_B / reference) for a random number B of degrees of freedom.

    Args:
        degrees: possible values of B, above 0.
        weights: their probabilities, summing to 1.
        reference: what χ²_B is measured in; near E B it keeps the digits of a sum of many such variables.
    """

    degrees: Float64Array
    weights: Float64Array
    reference: float = 1.0
    mean: float = field(init=False)
    variance: float = field(init=False)
    _log_ratios: Float64Array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Compute the mean E[ψ(B/2) − ln(reference/2)] and the variance E ψ′(B/2) + Var ψ(B/2)."""
        from scipy import special

        log_ratios = np.log1p((self.degrees - self.reference) / self.reference)
        means = digamma_excess(self.degrees / 2) + log_ratios
        mean = float(self.weights @ means)
        variance = float(self.weights @ (special.polygamma(1, self.degrees / 2) + (means - mean) ** 2))
        object.__setattr__(self, "mean", mean)
        object.__setattr__(self, "variance", variance)
        object.__setattr__(self, "_log_ratios", log_ratios)

    def log_moment(self, s: ComplexArray) -> ComplexArray:
        """Return ln E exp(s (Y − mean)) at a vector s, with E (χ²_b)^s = 2^s Γ(b/2 + s) / Γ(b/2)."""
        from scipy import special

        logs = log_gamma_excess(self.degrees[:, None] / 2, s) + s * (self._log_ratios[:, None] - self.mean)
        if self.degrees.size == 1:
            return logs[0]
        # Close to 1 the moment's excess over 1 is known best; elsewhere it must neither overflow nor vanish.
        close = np.max(np.abs(logs), axis=0) < 0.5
        excess = self.weights @ special.expm1(np.where(close, logs, 0.0))
        peak = np.max(logs.real, axis=0)
        return np.where(close, special.log1p(excess), peak + np.log(self.weights @ np.exp(logs - peak)))


def log_chi_square(degrees: int, reference: float = 1.0) -> LogChiSquareMixture:
    """Return ln(χ²_k / reference) for a fixed k as a mixture of one."""
    return LogChiSquareMixture(np.array([float(degrees)]), np.ones(1), reference)


@dataclass(frozen=True, eq=False)
class LogChiSquareSum:
    """Describe N(0, normal_variance) + Σ over terms of ``count`` independent copies of ln(χ²_B / reference).

    Args:
        terms: pairs (mixture, count).
        normal_variance: variance of an independent centred normal variable in the sum.
    """

    terms: tuple[tuple[LogChiSquareMixture, int], ...]
    normal_variance: float = 0.0

    @property
    def mean(self) -> float:
        """Expectation."""
        return sum(count * term.mean for term, count in self.terms)

    @property
    def variance(self) -> float:
        """Variance."""
        return self.normal_variance + sum(count * term.variance for term, count in self.terms)

    @property
    def left_abscissa(self) -> float:
        """The s > 0 up to which E exp(−s Y) is finite."""
        return min((float(term.degrees.min()) / 2 for term, _ in self.terms), default=math.inf)

    def log_moment(self, s: ComplexArray) -> ComplexArray:
        """Return ln E exp(s (Y − mean)) at a vector of complex s with Re s > −left_abscissa."""
        result = np.asarray(self.normal_variance * s**2 / 2, dtype=np.complex128)
        for term, count in self.terms:
            result = result + count * term.log_moment(s)
        return result
