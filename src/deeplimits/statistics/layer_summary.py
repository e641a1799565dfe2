"""Mean and variance of one observable at many layers, streamed together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplimits._typing import Float64Array
from deeplimits.statistics.counts import MINIMUM_COUNT
from deeplimits.statistics.estimate import Estimate


@dataclass(frozen=True)
class LayerEstimates:
    """Hold what was measured at one layer."""

    layer: int
    mean: Estimate
    variance: Estimate


@dataclass(frozen=True, eq=False)
class LayerSummary:
    """Summarise an observable's values over independent networks at each recorded layer.

    Args:
        layers: which layers, in order.
        count: networks summarised.
        centre: mean at each layer.
        sums: central sums Σ (x − mean)^p of order p = 2, 3, 4, shape (3, layers).

    >>> summary = LayerSummary.from_values((0, 5), np.array([[1.0, 2.0], [3.0, 2.0]]))
    >>> summary[1].layer, [str(mean.value) for mean in summary.mean]
    (5, ['2.0', '2.0'])
    """

    layers: tuple[int, ...]
    count: int
    centre: Float64Array
    sums: Float64Array

    @classmethod
    def empty(cls, layers: tuple[int, ...]) -> LayerSummary:
        """Return the summary of no networks, from which merging starts."""
        return cls(layers, 0, np.zeros(len(layers)), np.zeros((3, len(layers))))

    @classmethod
    def from_values(cls, layers: tuple[int, ...], values: Float64Array) -> LayerSummary:
        """Return the summary of ``values``, shape (networks, layers)."""
        if values.shape[0] == 0:
            return cls.empty(layers)
        centre = values.mean(axis=0)
        deviations = values - centre
        square = deviations * deviations
        sums = [square.sum(axis=0), (square * deviations).sum(axis=0), (square * square).sum(axis=0)]
        return cls(layers, values.shape[0], centre, np.stack(sums))

    def merge(self, other: LayerSummary) -> LayerSummary:
        """Return the summary of both sets of networks; the order matters to the last bits only."""
        if self.count == 0 or other.count == 0:
            return other if self.count == 0 else self
        count, gap = self.count + other.count, other.centre - self.centre
        mine = self._sums_about(gap * (other.count / count))
        theirs = other._sums_about(-gap * (self.count / count))
        return LayerSummary(self.layers, count, self.centre + gap * (other.count / count), mine + theirs)

    def _sums_about(self, offset: Float64Array) -> Float64Array:
        """Return the central sums about centre + ``offset``."""
        second, third, fourth = self.sums
        shift = -offset
        return np.stack(
            [
                second + self.count * shift**2,
                third + 3 * shift * second + self.count * shift**3,
                fourth + 4 * shift * third + 6 * shift**2 * second + self.count * shift**4,
            ]
        )

    def __repr__(self) -> str:
        """Show count, layers and the means at the ends.

        >>> LayerSummary.from_values((0, 5), np.array([[1.0, 2.0], [3.0, 2.0]]))
        LayerSummary(count=2, 2 layers, mean 2.0(10) at layer 0 … 2 at layer 5)
        """
        if not self.layers:
            return f"LayerSummary(count={self.count}, no layers)"
        ends = " … ".join(f"{self._mean(i)} at layer {self.layers[i]}" for i in (0, len(self.layers) - 1))
        return f"LayerSummary(count={self.count}, {len(self.layers)} layers, mean {ends})"

    def __getitem__(self, index: int) -> LayerEstimates:
        """Return what was measured at the ``index``-th recorded layer."""
        return LayerEstimates(self.layers[index], self._mean(index), self._variance(index))

    def __len__(self) -> int:
        """Count the recorded layers."""
        return len(self.layers)

    def __iter__(self) -> Iterator[LayerEstimates]:
        """Iterate over the recorded layers."""
        return (self[i] for i in range(len(self)))

    @property
    def mean(self) -> list[Estimate]:
        """Mean at each layer."""
        return [self._mean(i) for i in range(len(self))]

    @property
    def variance(self) -> list[Estimate]:
        """Unbiased variance at each layer."""
        return [self._variance(i) for i in range(len(self))]

    def _mean(self, i: int) -> Estimate:
        if self.count == 0:
            return Estimate(math.nan, math.inf, 0)
        error = math.inf
        if self.count >= MINIMUM_COUNT["mean"]:
            error = math.sqrt(float(self.sums[0, i]) / (self.count - 1) / self.count)
        return Estimate(float(self.centre[i]), error, self.count)

    def _variance(self, i: int) -> Estimate:
        """Var s² = (μ_4 − s⁴ (N − 3)/(N − 1)) / N."""
        if self.count < 2:
            return Estimate(math.nan, math.inf, self.count)
        value = float(self.sums[0, i]) / (self.count - 1)
        error = math.inf
        if self.count >= MINIMUM_COUNT["variance"]:
            square = float(self.sums[2, i]) / self.count - value * value * (self.count - 3) / (self.count - 1)
            error = math.sqrt(max(square, 2 * value * value / (self.count - 1)) / self.count)
        return Estimate(value, error, self.count)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the state as arrays, exact to the last bit."""
        sums = {"centre": self.centre, "sums": self.sums}
        return {"layers": np.array(self.layers), "count": np.array(self.count), **sums}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> LayerSummary:
        """Rebuild what `to_arrays` returned."""
        layers = tuple(int(layer) for layer in arrays["layers"])
        return cls(layers, int(arrays["count"]), arrays["centre"], arrays["sums"])
