"""Covariance of one observable between layers, streamed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplimits._typing import Float64Array
from deeplimits.statistics.estimate import Estimate

# Sums are taken about a fixed point, so that they only add: the centre of a fraction.
_POINT = 0.5


@dataclass(frozen=True, eq=False)
class LayerCovariance:
    """Hold sums of u, u uᵀ and u² (u²)ᵀ with u = x − 1/2, for the values x of a network at its recorded layers.

    Args:
        layers: which layers, in order.
        count: networks summarised.
        first: Σ u, shape (layers,).
        second: Σ u_l u_m, shape (layers, layers).
        fourth: Σ u_l² u_m², shape (layers, layers).

    >>> pair = LayerCovariance.from_values((0, 1), np.array([[0.5, 0.5], [0.7, 0.9], [0.3, 0.1], [0.5, 0.5]]))
    >>> round(pair.covariance(0, 1).value, 6)
    0.053333
    """

    layers: tuple[int, ...]
    count: int
    first: Float64Array
    second: Float64Array
    fourth: Float64Array

    @classmethod
    def empty(cls, layers: tuple[int, ...]) -> LayerCovariance:
        """Return the state of no networks, from which merging starts."""
        size = len(layers)
        return cls(layers, 0, np.zeros(size), np.zeros((size, size)), np.zeros((size, size)))

    @classmethod
    def from_values(cls, layers: tuple[int, ...], values: Float64Array) -> LayerCovariance:
        """Return the state of ``values``, shape (networks, layers)."""
        u = values - _POINT
        square = u * u
        return cls(layers, values.shape[0], u.sum(axis=0), u.T @ u, square.T @ square)

    def merge(self, other: LayerCovariance) -> LayerCovariance:
        """Return the state of both sets of networks."""
        return LayerCovariance(
            self.layers,
            self.count + other.count,
            self.first + other.first,
            self.second + other.second,
            self.fourth + other.fourth,
        )

    def covariance(self, i: int, j: int) -> Estimate:
        """Return the unbiased covariance of the ``i``-th and ``j``-th recorded layers.

        Its standard error is that of the mean of u_i u_j, which is right to order 1/N where means of u are small
        against its deviation, as those of fractions near 1/2 are.
        """
        count = self.count
        if count < 2:
            return Estimate(math.nan, math.inf, count)
        product = float(self.second[i, j]) / count
        value = (product - float(self.first[i]) * float(self.first[j]) / count**2) * count / (count - 1)
        square = float(self.fourth[i, j]) / count - product**2
        return Estimate(value, math.sqrt(max(square, 0.0) / count), count)

    def __repr__(self) -> str:
        """Show count and layers."""
        ends = f"{self.layers[0]} to {self.layers[-1]}" if self.layers else "none"
        return f"LayerCovariance(count={self.count}, {len(self.layers)} layers: {ends})"

    @property
    def values(self) -> Float64Array:
        """Covariance of each two recorded layers, shape (layers, layers)."""
        return self._matrix("value")

    @property
    def standard_errors(self) -> Float64Array:
        """Standard error of each of `values`."""
        return self._matrix("standard_error")

    def _matrix(self, part: str) -> Float64Array:
        size = len(self.layers)
        return np.array([[getattr(self.covariance(i, j), part) for j in range(size)] for i in range(size)])

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the state as arrays, exact to the last bit."""
        sums = {"first": self.first, "second": self.second, "fourth": self.fourth}
        return {"layers": np.array(self.layers), "count": np.array(self.count), **sums}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> LayerCovariance:
        """Rebuild what `to_arrays` returned."""
        layers = tuple(int(layer) for layer in arrays["layers"])
        return cls(layers, int(arrays["count"]), arrays["first"], arrays["second"], arrays["fourth"])
