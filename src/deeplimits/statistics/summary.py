"""Everything kept about one observable at one input while networks stream past."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplimits._typing import Float64Array
from deeplimits.statistics.estimate import Estimate
from deeplimits.statistics.moments import Moments
from deeplimits.statistics.quantile_sketch import QuantileSketch

_LARGEST = 0.001  # an estimate is unreliable if this share of the networks …
_CARRIED = 0.2  # … carries more than this share of its sum


@dataclass(frozen=True, eq=False)
class Summary:
    """Summarise the values of one observable over independent networks.

    Memory does not grow with the count. Summaries of consecutive blocks merge in block order; another order gives the
    same law but other last bits.

    Args:
        moments: central moments.
        sketch: the distribution.
        minimum: smallest value; ``inf`` if there is none.
        maximum: largest value; ``-inf`` if there is none.

    >>> summary = Summary.from_values(np.array([0.0, 1.0])).merge(Summary.from_values(np.array([2.0, 5.0])))
    >>> summary.count, summary.mean.value, summary.maximum
    (4, 2.0, 5.0)
    """

    moments: Moments = field(default_factory=Moments)
    sketch: QuantileSketch = field(default_factory=QuantileSketch)
    minimum: float = math.inf
    maximum: float = -math.inf

    @classmethod
    def empty(cls) -> Summary:
        """Return the summary of no networks, from which merging starts."""
        return cls()

    @classmethod
    def from_values(cls, values: Float64Array) -> Summary:
        """Return the summary of ``values``, one finite number per network.

        Raises:
            ValueError: ``values`` has not one axis, or holds NaN or infinity.
        """
        values = np.ascontiguousarray(values, dtype=np.float64)
        if values.ndim != 1:
            raise ValueError(f"values must have one axis, one number per network, got shape {values.shape}")
        if not np.all(np.isfinite(values)):
            bad = int(np.count_nonzero(~np.isfinite(values)))
            raise ValueError(f"values must be finite, got {bad} of {values.size} that are not; leave dead networks out")
        if values.size == 0:
            return cls()
        sketch = QuantileSketch.from_values(values)
        return cls(Moments.from_values(values), sketch, float(values.min()), float(values.max()))

    def merge(self, other: Summary) -> Summary:
        """Return the summary of both sets of networks; neither operand changes."""
        return Summary(
            self.moments.merge(other.moments),
            self.sketch.merge(other.sketch),
            min(self.minimum, other.minimum),
            max(self.maximum, other.maximum),
        )

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the state as arrays, exact to the last bit."""
        moments = {f"moments_{name}": array for name, array in self.moments.to_arrays().items()}
        sketch = {f"sketch_{name}": array for name, array in self.sketch.to_arrays().items()}
        return {**moments, **sketch, "range": np.array([self.minimum, self.maximum])}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Summary:
        """Rebuild what `to_arrays` returned."""
        moments, sketch = (
            {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
            for prefix in ("moments_", "sketch_")
        )
        low, high = (float(value) for value in arrays["range"])
        return cls(Moments.from_arrays(moments), QuantileSketch.from_arrays(sketch), low, high)

    def __repr__(self) -> str:
        """Show count, mean and variance.

        >>> Summary.from_values(np.array([1.0, 2.0, 3.0, 6.0]))
        Summary(count=4, mean=3.0(11), variance=4.7(21))
        """
        return f"Summary(count={self.count}, mean={self.mean}, variance={self.variance})"

    @property
    def count(self) -> int:
        """Networks summarised."""
        return self.moments.count

    @property
    def mean(self) -> Estimate:
        """Mean."""
        return self.moments.mean

    @property
    def variance(self) -> Estimate:
        """Unbiased variance."""
        return self.moments.variance

    @property
    def skewness(self) -> Estimate:
        """Skewness."""
        return self.moments.skewness

    @property
    def excess_kurtosis(self) -> Estimate:
        """Excess kurtosis: 0 for a Gaussian."""
        return self.moments.excess_kurtosis

    @property
    def unreliable(self) -> tuple[str, ...]:
        """Names of the estimates that a few networks carry: the largest 0.1 % make over 20 % of the sum.

        The sum is Σ |x| for the mean and Σ (x − mean)² for the variance. Their standard errors are too small then.
        """
        values, _ = self.sketch.points()
        sums = {"mean": np.abs(values), "variance": (values - self.moments.centre) ** 2}
        return tuple(name for name, terms in sums.items() if self._carried_by_largest(terms) > _CARRIED)

    def _carried_by_largest(self, terms: Float64Array) -> float:
        """Return the share of Σ ``terms`` (one per point) that the largest 0.1 % of the networks carry."""
        order = np.argsort(terms)[::-1]
        terms, weights = terms[order], self.sketch.points()[1][order]
        before = np.cumsum(weights) - weights
        taken = np.clip(_LARGEST * self.count - before, 0, weights)
        total = float(np.sum(terms * weights))
        return float(np.sum(terms * taken)) / total if total > 0 else 0.0


class SummaryList(tuple[Summary, ...]):
    """Hold the summaries of one observable, one per input vector, in input order."""

    @property
    def mean(self) -> list[Estimate]:
        """Mean at each input."""
        return [summary.mean for summary in self]

    @property
    def variance(self) -> list[Estimate]:
        """Variance at each input."""
        return [summary.variance for summary in self]

    @property
    def skewness(self) -> list[Estimate]:
        """Skewness at each input."""
        return [summary.skewness for summary in self]

    @property
    def excess_kurtosis(self) -> list[Estimate]:
        """Excess kurtosis at each input."""
        return [summary.excess_kurtosis for summary in self]
