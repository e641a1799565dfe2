"""Moments of an output coordinate over an ensemble of networks, streamed; heavy tails are flagged."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplimits._typing import Float64Array
from deeplimits.statistics.estimate import Estimate
from deeplimits.statistics.quantile_sketch import QuantileSketch

_LARGEST, _CARRIED = 0.001, 0.2  # unreliable: the largest 0.1 % of networks make over 20 % of the sum


@dataclass(frozen=True, eq=False)
class OutputMoments:
    """Hold sums over networks of A, Q, P and of their products, in a unit e^log_scale of squared output.

    With y a network's output of m coordinates, A is the mean of y_i², Q that of y_i⁴ and P that of y_i² y_j², i ≠ j:
    the coordinates are exchangeable, so all of them serve. Every statistic is a smooth function of E A, E Q and E P;
    its standard error is by the delta method.

    Args:
        log_scale: ln of the unit of A.
        output_dim: m.
        count: networks summarised.
        first: Σ (A, Q, P).
        second: Σ (A, Q, P)ᵀ (A, Q, P).
        sketch: distribution of ln A.
    """

    log_scale: float
    output_dim: int
    count: int
    first: Float64Array
    second: Float64Array
    sketch: QuantileSketch

    @classmethod
    def empty(cls, log_scale: float, output_dim: int) -> OutputMoments:
        """Return the state of no networks, from which merging starts."""
        return cls(log_scale, output_dim, 0, np.zeros(3), np.zeros((3, 3)), QuantileSketch())

    @classmethod
    def from_values(
        cls, log_scale: float, output_dim: int, log_squared_norm: Float64Array, fourth_ratio: Float64Array
    ) -> OutputMoments:
        """Return the state of networks.

        Args:
            log_scale: ln of the unit; near ln A, so that sums neither overflow nor underflow.
            output_dim: coordinates of an output.
            log_squared_norm: ln Σ y_i² of each network.
            fourth_ratio: m Σ y_i⁴ / (Σ y_i²)² of each network, from 1 to m.
        """
        log_energy = log_squared_norm - math.log(output_dim)
        sketch = QuantileSketch.from_values(log_energy) if log_energy.size else QuantileSketch()
        with np.errstate(over="ignore", invalid="ignore"):  # sums that overflow tell nothing, and `estimate` says so
            a = np.exp(log_energy - log_scale)
            q = fourth_ratio * a**2
            p = (output_dim * a**2 - q) / (output_dim - 1) if output_dim > 1 else np.zeros_like(a)
            features = np.stack([a, q, p], axis=1)
            return cls(log_scale, output_dim, a.size, features.sum(axis=0), features.T @ features, sketch)

    def merge(self, other: OutputMoments) -> OutputMoments:
        """Return the state of both sets of networks."""
        return OutputMoments(
            self.log_scale,
            self.output_dim,
            self.count + other.count,
            self.first + other.first,
            self.second + other.second,
            self.sketch.merge(other.sketch),
        )

    def __repr__(self) -> str:
        """Show count and coordinates."""
        return f"OutputMoments(count={self.count}, output_dim={self.output_dim})"

    def estimate(self, statistic: str) -> Estimate:
        """Return ``log_output_second_moment``, ``output_kurtosis`` or ``output_square_correlation``."""
        if self.count < 2 or not np.all(np.isfinite(self.second)):
            return Estimate(math.nan, math.inf, self.count)
        a, q, p = self.first / self.count
        if not (a > 0 and q > 0 and math.isfinite(1 / a**3)):  # the unit is hundreds of e-folds off
            return Estimate(math.nan, math.inf, self.count)
        value, gradient = _STATISTICS[statistic](a, q, p)
        if statistic == "log_output_second_moment":
            value += self.log_scale
        covariance = self.second / self.count - np.outer(self.first, self.first) / self.count**2
        variance = float(gradient @ covariance @ gradient)
        return Estimate(float(value), math.sqrt(max(variance, 0.0) / self.count), self.count)

    def is_unreliable(self, statistic: str) -> bool:
        """Whether a few networks carry the estimate: its standard error is too small then; compare log-moments."""
        terms, weights = self._terms(statistic)
        if terms.size == 0:
            return True
        taken = np.clip(_LARGEST * self.count - (np.cumsum(weights[::-1])[::-1] - weights), 0, weights)
        return bool(np.sum(terms * taken) > _CARRIED * np.sum(terms * weights))

    def skewness(self, statistic: str) -> float:
        """Return the skewness over networks of the terms behind a statistic, which tells how slowly it turns normal."""
        terms, weights = self._terms(statistic)
        if terms.size < 2:
            return 0.0
        deviations = terms - np.average(terms, weights=weights)
        second, third = (float(np.average(deviations**p, weights=weights)) for p in (2, 3))
        return third / second**1.5 if second > 0 else 0.0

    def _terms(self, statistic: str) -> tuple[Float64Array, Float64Array]:
        """Return the terms that carry a statistic, A or A² in units of the largest, ascending, and how often each."""
        power = 1 if statistic == "log_output_second_moment" else 2
        points, weights = self.sketch.points()
        return np.exp(power * (points - points[-1:])), weights.astype(np.float64)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the state as arrays, exact to the last bit."""
        sketch = {f"sketch_{name}": array for name, array in self.sketch.to_arrays().items()}
        numbers = {"log_scale": np.array(self.log_scale), "output_dim": np.array(self.output_dim)}
        return {**numbers, "count": np.array(self.count), "first": self.first, "second": self.second, **sketch}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> OutputMoments:
        """Rebuild what `to_arrays` returned."""
        prefix = "sketch_"
        sketch = {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
        log_scale, output_dim = float(arrays["log_scale"]), int(arrays["output_dim"])
        rebuilt = QuantileSketch.from_arrays(sketch)
        return cls(log_scale, output_dim, int(arrays["count"]), arrays["first"], arrays["second"], rebuilt)


def _log_second_moment(a: float, q: float, p: float) -> tuple[float, Float64Array]:
    return math.log(a), np.array([1 / a, 0.0, 0.0])


def _kurtosis(a: float, q: float, p: float) -> tuple[float, Float64Array]:
    return q / a**2, np.array([-2 * q / a**3, 1 / a**2, 0.0])


def _square_correlation(a: float, q: float, p: float) -> tuple[float, Float64Array]:
    """(P − A²) / (Q − A²)."""
    top, bottom = p - a**2, q - a**2
    return top / bottom, np.array([2 * a * (top / bottom - 1) / bottom, -top / bottom**2, 1 / bottom])


_STATISTICS = {
    "log_output_second_moment": _log_second_moment,
    "output_kurtosis": _kurtosis,
    "output_square_correlation": _square_correlation,
}


@dataclass(frozen=True, eq=False)
class EnsembleStatistic:
    """One number for the whole ensemble, as `mean` so that every observable has one.

    Args:
        name: which statistic.
        moments: what it is made of.
    """

    name: str
    moments: OutputMoments

    def __repr__(self) -> str:
        """Show the statistic."""
        unreliable = ", unreliable" if self.unreliable else ""
        return f"EnsembleStatistic({self.name}, count={self.count}, {self.mean}{unreliable})"

    @property
    def mean(self) -> Estimate:
        """The statistic."""
        return self.moments.estimate(self.name)

    @property
    def count(self) -> int:
        """Networks behind it."""
        return self.moments.count

    @property
    def unreliable(self) -> tuple[str, ...]:
        """('mean',) if a few networks carry the estimate, else nothing."""
        return ("mean",) if self.moments.is_unreliable(self.name) else ()
