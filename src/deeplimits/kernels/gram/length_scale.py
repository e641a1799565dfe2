"""The variable in which kernels are smooth functions of an input's length, and their diagonal as such a function."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import chebyshev

from deeplimits._typing import Float64Array
from deeplimits.kernels.gram.pair_functions import Network
from deeplimits.kernels.gram.recursion import Kernels

_FEW = 64
_DEGREES = (11, 17, 23, 31, 47, 63)
_AIM = 1e-12
ONE_LENGTH = 1e-14
"""Relative spread up to which inputs count as equally long."""


@dataclass(frozen=True)
class LengthScale:
    """Map lengths to x in [−1, 1] by arsinh(‖x‖ / unit): a logarithm for long inputs, linear near 0.

    Kernels are analytic in the length at 0 and singular at imaginary lengths of order ``unit``, where the variance of
    a preactivation would be 0 (piecewise linear activations with biases) or of order −1 (others).
    """

    unit: float
    low: float
    high: float

    def position(self, lengths: Float64Array) -> Float64Array:
        """Return x of ``lengths``."""
        return (2 * np.arcsinh(lengths / self.unit) - self.low - self.high) / (self.high - self.low)

    def lengths(self, position: Float64Array) -> Float64Array:
        """Return the lengths at x."""
        middle, half = (self.high + self.low) / 2, (self.high - self.low) / 2
        return self.unit * np.sinh(middle + half * position)


def length_scale(network: Network, lengths: Float64Array) -> LengthScale:
    """Return the scale that covers ``lengths``, which are not all equal."""
    terms = network.terms
    variance = terms.bias + 0.25
    if network.closed and not network.smooth:  # piecewise linear, with biases or normalized
        variance = terms.bias_first if terms.bias_first else terms.branch * (terms.bias + terms.normalized)
    unit = float(np.sqrt(variance / terms.input))
    low, high = float(np.arcsinh(np.min(lengths) / unit)), float(np.arcsinh(np.max(lengths) / unit))
    return LengthScale(unit, low, high)


def diagonal(network: Network, lengths: Float64Array) -> Kernels:
    """Return K(x, x) and Θ(x, x) for inputs of these lengths.

    Without closed forms and for many lengths they are interpolated in the length, to 1e-12 as checked.
    """
    if network.homogeneous or network.closed or lengths.size <= _FEW:
        return network.of_one(lengths)
    if np.ptp(lengths) <= ONE_LENGTH * np.max(lengths):
        one = network.of_one(np.asarray([np.median(lengths)]))
        return Kernels(*(np.repeat(values, lengths.size) for values in one))
    scale = length_scale(network, lengths)
    checked = np.quantile(lengths, np.linspace(0, 1, 20), method="nearest")
    exact = np.stack(network.of_one(checked))
    for degree in _DEGREES:
        nodes = chebyshev.chebpts1(degree + 1)
        values = np.stack(network.of_one(scale.lengths(nodes)), axis=1)
        series = interpolation(values)
        found = chebyshev.chebval(scale.position(checked), series)
        if np.all(np.abs(found - exact) <= _AIM * np.abs(exact)):
            return Kernels(*chebyshev.chebval(scale.position(lengths), series))
    return network.of_one(lengths)


def interpolation(values: Float64Array, axis: int = 0) -> Float64Array:
    """Return the Chebyshev coefficients of the polynomial through ``values`` at ascending nodes of the first kind."""
    from scipy.fft import dct

    coefficients = np.moveaxis(dct(np.flip(values, axis), type=2, axis=axis), axis, 0) / values.shape[axis]
    coefficients[0] /= 2
    return np.asarray(np.moveaxis(coefficients, 0, axis))
