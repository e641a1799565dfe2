"""The kernels of pairs of inputs as functions of lengths and angle, evaluated through every layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.kernels.gram.expectations import Expectations
from deeplimits.kernels.gram.network_terms import NetworkTerms
from deeplimits.kernels.gram.recursion import Kernels, Steps, first_pair, output_kernels


@runtime_checkable
class PairFunction(Protocol):
    """Return kernels of pairs."""

    def __call__(self, first: Float64Array, second: Float64Array, angle: Float64Array) -> Kernels:
        """Return K and Θ for lengths ‖x‖ (rows,), ‖x'‖ (columns,) and angles (rows, columns)."""


@dataclass(frozen=True, eq=False)
class Network:
    """An infinitely wide network.

    Args:
        terms: its numbers.
        expectations: of its activation.
        homogeneous: whether t x makes t z at every layer.
        closed: whether the expectations are closed forms, fast for whole matrices.
        smooth: whether the activation has no kinks.
        steps: the flow at infinite depth; None at finite depth.
    """

    terms: NetworkTerms
    expectations: Expectations
    homogeneous: bool
    closed: bool
    smooth: bool
    steps: Steps | None = None

    def at_one_length(self, length: float, angle: Float64Array) -> Kernels:
        """Return K and Θ of inputs of one length."""
        square = np.asarray([length * length])
        gap = 2 * square * np.sin(angle / 2) ** 2
        pair = first_pair(self.terms, square, None, square * np.cos(angle), gap)
        return output_kernels(self.terms, self.expectations, pair, self.steps)

    def at(self, first: Float64Array, second: Float64Array, angle: Float64Array) -> Kernels:
        """Return K and Θ of inputs of any lengths; the arguments broadcast."""
        pair = first_pair(self.terms, first * first, second * second, first * second * np.cos(angle))
        return output_kernels(self.terms, self.expectations, pair, self.steps)

    def of_one(self, lengths: Float64Array) -> Kernels:
        """Return K(x, x) and Θ(x, x) for inputs of these lengths."""
        if self.homogeneous:
            unit = self.at_one_length(1.0, np.zeros(1))
            return Kernels(lengths * (lengths * unit.nngp), lengths * (lengths * unit.ntk))
        squares, zeros = lengths * lengths, np.zeros_like(lengths)
        return output_kernels(
            self.terms, self.expectations, first_pair(self.terms, squares, None, squares, zeros), self.steps
        )


@dataclass(frozen=True, eq=False)
class OneLength:
    """Kernels of the angle alone: of homogeneous networks, times both lengths, or of inputs that are equally long.

    Args:
        network: the network.
        length: the inputs' common length; None if the network is homogeneous.
    """

    network: Network
    length: float | None

    def at_angle(self, angle: Float64Array) -> Kernels:
        """Return the kernels of inputs of the common length, or of length 1."""
        return self.network.at_one_length(1.0 if self.length is None else self.length, angle)

    def __call__(self, first: Float64Array, second: Float64Array, angle: Float64Array) -> Kernels:
        """Return K and Θ."""
        return scaled(self.at_angle(angle), self, first, second)


def scaled(kernels: Kernels, function: OneLength, first: Float64Array, second: Float64Array) -> Kernels:
    """Multiply the kernels by the lengths if the network is homogeneous."""
    if function.length is not None:
        return kernels
    for values in kernels:
        np.multiply(values, first[:, None], out=values)
        np.multiply(values, second, out=values)
    return kernels


@dataclass(frozen=True, eq=False)
class AnyLength:
    """Kernels of both lengths and the angle.

    Args:
        network: the network.
    """

    network: Network

    def __call__(self, first: Float64Array, second: Float64Array, angle: Float64Array) -> Kernels:
        """Return K and Θ."""
        return self.network.at(first[:, None], second, angle)
