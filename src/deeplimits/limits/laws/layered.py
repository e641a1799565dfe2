"""Laws of what a network has at each layer, or between each two layers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from deeplimits._typing import Float64Array
from deeplimits.limits.laws.law import Law


@dataclass(frozen=True)
class LayeredLaw:
    """Hold the law of one observable at each recorded layer; of different layers together it says nothing.

    Args:
        layers: indices l of the preactivation vectors z_l, ascending.
        laws: one law per layer.

    Raises:
        ValueError: there are not as many laws as layers.

    >>> from deeplimits.limits.laws import PointMass
    >>> LayeredLaw((0, 5), (PointMass(1.0), PointMass(0.5))).mean
    [1.0, 0.5]
    """

    layers: tuple[int, ...]
    laws: tuple[Law, ...]

    def __post_init__(self) -> None:
        """Refuse laws that do not match the layers."""
        if len(self.laws) != len(self.layers):
            raise ValueError(f"expected one law per layer, got {len(self.laws)} laws for {len(self.layers)} layers")

    def __repr__(self) -> str:
        """Show the laws at the ends."""
        ends = [f"{self.laws[i]!r} at layer {self.layers[i]}" for i in sorted({0, len(self.layers) - 1})]
        return f"LayeredLaw({len(self.layers)} layers: {' … '.join(ends)})"

    @property
    def mean(self) -> list[float | None]:
        """Expectation at each recorded layer."""
        return [law.mean for law in self.laws]

    @property
    def variance(self) -> list[float | None]:
        """Variance at each recorded layer."""
        return [law.variance for law in self.laws]

    def __getitem__(self, position: int) -> Law:
        """Return the law of the layer ``layers[position]``."""
        return self.laws[position]

    def __iter__(self) -> Iterator[Law]:
        """Iterate over the laws, in the order of the layers."""
        return iter(self.laws)

    def __len__(self) -> int:
        """Count the recorded layers."""
        return len(self.layers)


@dataclass(frozen=True, eq=False)
class LayerPairLaw:
    """Hold one predicted number, such as a covariance, for each two recorded layers.

    Args:
        layers: indices l of the preactivation vectors z_l, ascending.
        values: symmetric float64 array (layers, layers).

    Raises:
        ValueError: ``values`` has another shape.

    >>> import numpy as np
    >>> LayerPairLaw((0, 5), np.array([[0.3, 0.1], [0.1, 0.3]])).covariance(0, 1)
    0.1
    """

    layers: tuple[int, ...]
    values: Float64Array

    def __post_init__(self) -> None:
        """Refuse values that do not match the layers."""
        if self.values.shape != (len(self.layers),) * 2:
            raise ValueError(f"expected one value per two of {len(self.layers)} layers, got shape {self.values.shape}")

    def __repr__(self) -> str:
        """Show the layers."""
        return f"LayerPairLaw({len(self.layers)} layers: {self.layers[0]} to {self.layers[-1]})"

    def covariance(self, first: int, second: int) -> float:
        """Return the value for the layers ``layers[first]`` and ``layers[second]``."""
        return float(self.values[first, second])


AnyLaw: TypeAlias = Law | LayeredLaw | LayerPairLaw
"""What a prediction gives for one observable, by the observable's kind."""
