"""Correlations that decay geometrically with the distance between layers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import Float64Array


@dataclass(frozen=True)
class GeometricCorrelation:
    """Describe r_k = a^k, the correlation of a neuron's preactivations k layers apart.

    Args:
        log_modulus: ln |a| ≤ 0; −inf for a = 0. Its logarithm is kept because 1 − r_k² is lost in float64 when |a| is
            close to 1, as in a stable ResNet of depth 10⁶.
        negative: whether a < 0.

    >>> r, sine = GeometricCorrelation(log_modulus=-1e-20).at(np.array([1.0]))
    >>> float(r[0]), round(1e10 * float(sine[0]), 9)
    (1.0, 1.414213562)
    """

    log_modulus: float
    negative: bool = False

    def __post_init__(self) -> None:
        """Refuse a modulus above 1."""
        if not self.log_modulus <= 0:
            raise ValueError(f"log_modulus must be at most 0, got {self.log_modulus!r}")

    @property
    def modulus(self) -> float:
        """|a|."""
        return math.exp(self.log_modulus)

    def at(self, lags: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Return r_k and sqrt(1 − r_k²) at ``lags`` k ≥ 1."""
        exponents = lags * self.log_modulus
        correlations = np.exp(exponents)
        if self.negative:
            correlations = np.where(lags % 2 == 1, -correlations, correlations)
        return correlations, np.sqrt(-np.expm1(2 * exponents))

    def reach(self, precision: float = 1e-18) -> float:
        """Return the lag after which the rest of Σ |a|^k is below ``precision`` times its first term."""
        if self.log_modulus == 0:
            return math.inf
        return 1 + (math.log(precision) + math.log(-math.expm1(self.log_modulus))) / self.log_modulus
