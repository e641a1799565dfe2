"""Streaming central moments, exact under merging, with standard errors by the delta method."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.statistics.counts import MINIMUM_COUNT
from deeplimits.statistics.estimate import Estimate

ORDER = 8


@dataclass(frozen=True)
class Moments:
    """Hold the count, the mean and the central sums M_p = Σ (x − mean)^p, p = 2 … 8, of a stream of numbers.

    Two streams merge without loss but rounding: each sum is moved to the joint mean m by the binomial theorem,
    Σ (x − m)^p = Σ_k C(p, k) (mean − m)^k M_{p−k}, and then added.

    Args:
        count: numbers seen.
        centre: their mean; 0 if there are none.
        sums: M_2 … M_8.

    >>> Moments.from_values(np.array([1.0, 2.0, 4.0])).variance.value
    2.333333333333333...

    References: pebay2008formulas, arbitrary-order update formulas.
    """

    count: int = 0
    centre: float = 0.0
    sums: tuple[float, ...] = (0.0,) * (ORDER - 1)

    @classmethod
    def from_values(cls, values: Float64Array) -> Moments:
        """Return the moments of finite ``values``."""
        count = int(values.size)
        if count == 0:
            return cls()
        centre = float(np.mean(values))
        # A second pass removes the rounding of the first mean, which the high powers would magnify.
        centre += float(np.mean(values - centre))
        deviations = values - centre
        powers, sums = deviations, []
        with np.errstate(over="ignore", invalid="ignore"):
            for _ in range(2, ORDER + 1):
                powers = powers * deviations
                sums.append(float(np.sum(powers)))
        return cls(count, centre, tuple(sums))

    def merge(self, other: Moments) -> Moments:
        """Return the moments of both streams together; the order matters to the last bits only."""
        if self.count == 0 or other.count == 0:
            return other if self.count == 0 else self
        count, gap = self.count + other.count, other.centre - self.centre
        centre = self.centre + gap * (other.count / count)
        mine = self._sums_about(-gap * (other.count / count))
        theirs = other._sums_about(gap * (self.count / count))
        return Moments(count, centre, tuple(a + b for a, b in zip(mine, theirs, strict=True)))

    def _sums_about(self, offset: float) -> list[float]:
        """Return Σ (x − m)^p, p = 2 … 8, about the point m = centre − ``offset``."""
        about_mean = (float(self.count), 0.0, *self.sums)
        powers = [1.0]
        for _ in range(ORDER):
            powers.append(powers[-1] * offset)
        return [
            math.fsum(math.comb(p, k) * powers[k] * about_mean[p - k] for k in range(p + 1))
            if math.isfinite(powers[p])
            else math.inf
            for p in range(2, ORDER + 1)
        ]

    @property
    def mean(self) -> Estimate:
        """Mean; its standard error is s / sqrt(count)."""
        if self.count == 0:
            return Estimate(math.nan, math.inf, 0)
        return Estimate(self.centre, self._error("mean", self.variance.value), self.count)

    @property
    def variance(self) -> Estimate:
        """Unbiased variance s²; Var s² = (μ_4 − s⁴ (N − 3) / (N − 1)) / N."""
        count = self.count
        if count < 2:
            return Estimate(math.nan, math.inf, count)
        value = self.sums[0] / (count - 1)
        squared_error = self.sums[2] / count - value * value * (count - 3) / (count - 1)
        # μ_4 ≥ σ⁴, so Var s² is never below 2 σ⁴ / (N (N − 1)): without this, two-valued numbers would have error 0.
        return Estimate(value, self._error("variance", max(squared_error, 2 * value * value / (count - 1))), count)

    @property
    def skewness(self) -> Estimate:
        """Skewness γ = β_3, with β_k the k-th central moment over σ^k.

        N Var γ = β_6 − 6 β_4 + 9 + γ² (35 + 9 β_4) / 4 − 3 γ β_5.
        """
        beta = self._standardised()
        squared_error = beta[6] - 6 * beta[4] + 9 + beta[3] ** 2 * (35 + 9 * beta[4]) / 4 - 3 * beta[3] * beta[5]
        return Estimate(beta[3], self._error("skewness", squared_error), self.count)

    @property
    def excess_kurtosis(self) -> Estimate:
        """Excess kurtosis β_4 − 3, with β_k the k-th central moment over σ^k.

        N Var β_4 = β_8 − 4 β_4 β_6 + 4 β_4³ − β_4² + 16 β_3² (1 + β_4) − 8 β_3 β_5.
        """
        beta = self._standardised()
        squared_error = (
            beta[8]
            - 4 * beta[4] * beta[6]
            + 4 * beta[4] ** 3
            - beta[4] ** 2
            + 16 * beta[3] ** 2 * (1 + beta[4])
            - 8 * beta[3] * beta[5]
        )
        return Estimate(beta[4] - 3, self._error("excess_kurtosis", squared_error), self.count)

    def _standardised(self) -> list[float]:
        """Return β_0 … β_8, NaN where the values do not vary or their powers leave the range of float64."""
        smallest = sum(self.sums[:1]) / max(self.count, 1)
        if not (smallest**4 if smallest < 1e70 else 0.0) > 0 or not all(map(math.isfinite, self.sums)):
            return [math.nan] * (ORDER + 1)
        scale = math.sqrt(smallest)
        return [1.0, 0.0, *(total / self.count / scale**p for p, total in enumerate(self.sums, start=2))]

    def _error(self, statistic: str, squared_error: float) -> float:
        """Return sqrt(``squared_error`` / count), infinite where it cannot be told."""
        if self.count < MINIMUM_COUNT[statistic] or not math.isfinite(squared_error):
            return math.inf
        return math.sqrt(max(squared_error, 0.0) / self.count)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return the state as arrays, exact to the last bit."""
        return {"count": np.array(self.count, dtype=np.int64), "moments": np.array([self.centre, *self.sums])}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Moments:
        """Rebuild what `to_arrays` returned."""
        centre, *sums = (float(value) for value in arrays["moments"])
        return cls(int(arrays["count"]), centre, tuple(sums))
