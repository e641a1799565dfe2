"""A layer of independent centred Gaussian units, drawn as what φ and the observables see of it: χ² numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from deeplimits._typing import Float64Array
from deeplimits.architectures import Architecture
from deeplimits.networks.reading import Layer, Reading
from deeplimits.networks.scales import readout_scale
from deeplimits.randomness.binomial import draw, half_binomial_table


@dataclass(frozen=True)
class DrawnUnits:
    """What the units of a layer show, in units of its variance v: how many are positive, and their squares' sums."""

    num_positive: Float64Array
    positive: Float64Array
    negative: Float64Array
    fed: Float64Array

    def describe(self, log_variance: Float64Array) -> Layer:
        """Return the layer whose units have variance v."""
        mantissa, exponent = split(log_variance + logarithm(self.positive + self.negative))
        total = self.positive + self.negative
        energy = mantissa * self.positive / np.where(total > 0, total, 1)
        return Layer(
            squared_norm=jnp.asarray(mantissa, jnp.float32),
            positive_energy=jnp.asarray(energy, jnp.float32),
            num_positive=jnp.asarray(self.num_positive, jnp.float32),
            exponent=jnp.asarray(exponent),
        )


@dataclass(frozen=True)
class ChiSquareUnits:
    """Draw such layers.

    Args:
        width: units of a layer.
        slopes: of φ, for positive and for negative preactivations.
        generator: the random numbers.
        size: networks side by side.
    """

    width: int
    slopes: tuple[float, float]
    generator: np.random.Generator
    size: int

    def draw(self, whole: bool) -> DrawnUnits:
        """Draw the units of a layer; the squares that φ does not need only if the ``whole`` layer is described."""
        num_positive = draw(half_binomial_table(self.width), self.generator, self.size)
        up, down = self.slopes
        nothing = np.zeros(self.size)
        positive = self._chi_square(num_positive) if up != 0 or whole else nothing
        negative = self._chi_square(self.width - num_positive) if down != 0 or whole else nothing
        fed = positive if (up, down) == (1, 0) else up**2 * positive + down**2 * negative
        return DrawnUnits(num_positive, positive, negative, fed)

    def _chi_square(self, degrees: Float64Array) -> Float64Array:
        return 2 * self.generator.standard_gamma(degrees / 2)


def read_out(
    architecture: Architecture,
    generator: np.random.Generator,
    log_fed: Float64Array,
    path: list[Layer],
    keeps_path: bool,
) -> Reading:
    """Draw the output and return the reading of one input vector.

    Args:
        architecture: which network.
        generator: the random numbers.
        log_fed: ln of the squared norm of what feeds the readout, for each network.
        path: descriptions along the depth, the last layer's at the end.
        keeps_path: whether the reading has the path.
    """
    mantissa, exponent = split(log_fed)
    gaussian = generator.standard_normal((architecture.output_dim, log_fed.size))
    readout, more = readout_scale(architecture)
    output = jnp.asarray(readout * np.sqrt(mantissa) * gaussian, jnp.float32)
    whole = jax.tree.map(lambda *layers: jnp.stack(layers), *path) if keeps_path else None
    reading = Reading(path[-1], whole, output, jnp.asarray(exponent + more), jnp.asarray(np.isneginf(log_fed)))
    return jax.tree.map(lambda array: array[..., None], reading)


def logarithm(values: Float64Array) -> Float64Array:
    """Return the logarithm, −∞ for 0."""
    with np.errstate(divide="ignore"):  # a dead layer's norm is 0, its logarithm −∞
        return np.log(values)


def split(log_square: Float64Array) -> tuple[Float64Array, NDArray[np.int32]]:
    """Return m in [1, 4) and e with square = m 4^e; 0 and 0 for a square of 0."""
    bits = np.where(np.isneginf(log_square), 0.0, log_square) / math.log(2)
    exponent = np.floor(bits / 2)
    mantissa = np.where(np.isneginf(log_square), 0.0, np.exp2(bits - 2 * exponent))
    return mantissa, exponent.astype(np.int32)
