"""One input, no skip connection, homogeneous activation: the network is a chain of chi-square numbers.

Given |φ(z_l)|² the next preactivations are i.i.d. N(0, v), so B of the n units are positive, B ~ Binomial(n, 1/2), and
|φ(z_{l+1})|² = v (s₊² χ²_B + s₋² χ²_{n−B}). Each layer is truly sampled, at a cost that does not grow with the width.

References: hanin2019products; li2021future, section 2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from deeplimits._typing import Float64Array
from deeplimits.architectures import MLP, Architecture, BalancedResNet, ResNet
from deeplimits.networks.forward import num_blocks_of, readout_scale
from deeplimits.networks.reading import Layer, Reading
from deeplimits.observables import recorded_layers
from deeplimits.randomness.binomial import draw, half_binomial_table

# Factors multiplied together before a logarithm is taken: far inside float64's range for widths up to 10^9.
_FACTORS_PER_LOG = 16


def refuses(architecture: Architecture, num_inputs: int) -> str | None:
    """Say why this reduction cannot sample ``architecture``, or None if it can."""
    if num_inputs != 1:
        return f"it takes one input vector, got {num_inputs}"
    if not architecture.phi.homogeneous:
        return f"it needs a ReLU, a leaky ReLU or the identity, got {architecture.phi.name}"
    if isinstance(architecture, BalancedResNet):
        return "the signs of a Balanced ResNet make the units that feed a layer others than the positive ones"
    if isinstance(architecture, ResNet) and architecture.skip_scale != 0:
        return "a skip connection makes the norm depend on the shape of the preactivations"
    return None


def read_block(
    architecture: Architecture, scale: float, seed: tuple[int, ...], size: int, max_layers: int | None = None
) -> Reading:
    """Draw ``size`` networks and run one input vector through each.

    Args:
        architecture: which network.
        scale: standard deviation of the entries of z_0.
        seed: the block's own integers.
        size: networks in the block.
        max_layers: most layers to describe along the depth, or None for none.

    Returns:
        Fields that end in the axes (size, 1): one input vector of each network.
    """
    num_blocks = num_blocks_of(architecture)
    recorded = set(recorded_layers(num_blocks, max_layers)) if max_layers is not None else set()
    units = _Units(architecture, np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed))), size)
    log_gain = _log_gain(architecture)
    log_variance, product, path = np.full(size, 2 * math.log(scale)), np.ones(size), []
    for layer in range(num_blocks + 1):
        is_last = layer == num_blocks
        is_described = is_last or layer in recorded
        if is_described or layer % _FACTORS_PER_LOG == 0:
            log_variance, product = log_variance + _log(product), np.ones(size)
        drawn = units.draw(whole=is_described)
        if is_described:
            path.append(drawn.describe(log_variance))
        if not is_last:
            product *= drawn.fed
            log_variance += log_gain
    fed = drawn.fed if isinstance(architecture, MLP) else drawn.positive + drawn.negative
    log_fed = log_variance + _log(fed)
    mantissa, exponent = _split(log_fed)
    gaussian = units.generator.standard_normal((architecture.output_dim, size))
    readout, more = readout_scale(architecture)
    output = jnp.asarray(readout * np.sqrt(mantissa) * gaussian, jnp.float32)
    whole = None if max_layers is None else jax.tree.map(lambda *layers: jnp.stack(layers), *path)
    reading = Reading(path[-1], whole, output, jnp.asarray(exponent + more), jnp.asarray(np.isneginf(log_fed)))
    return jax.tree.map(lambda array: array[..., None], reading)


@dataclass(frozen=True)
class _Drawn:
    """What the units of a layer show, in units of its variance v: how many are positive, and their squares' sums."""

    num_positive: Float64Array
    positive: Float64Array
    negative: Float64Array
    fed: Float64Array

    def describe(self, log_variance: Float64Array) -> Layer:
        mantissa, exponent = _split(log_variance + _log(self.positive + self.negative))
        total = self.positive + self.negative
        energy = mantissa * self.positive / np.where(total > 0, total, 1)
        return Layer(
            squared_norm=jnp.asarray(mantissa, jnp.float32),
            positive_energy=jnp.asarray(energy, jnp.float32),
            num_positive=jnp.asarray(self.num_positive, jnp.float32),
            exponent=jnp.asarray(exponent),
        )


@dataclass(frozen=True)
class _Units:
    architecture: Architecture
    generator: np.random.Generator
    size: int

    def draw(self, whole: bool) -> _Drawn:
        """Draw the units of a layer; the squares that φ does not need only if the ``whole`` layer is described."""
        width, slopes = self.architecture.width, self.architecture.phi.unit.slopes
        num_positive = draw(half_binomial_table(width), self.generator, self.size)
        up, down = slopes if slopes is not None else (1.0, 1.0)
        nothing = np.zeros(self.size)
        positive = self._chi_square(num_positive) if up != 0 or whole else nothing
        negative = self._chi_square(width - num_positive) if down != 0 or whole else nothing
        fed = positive if (up, down) == (1, 0) else up**2 * positive + down**2 * negative
        return _Drawn(num_positive, positive, negative, fed)

    def _chi_square(self, degrees: Float64Array) -> Float64Array:
        return 2 * self.generator.standard_gamma(degrees / 2)


def _log_gain(architecture: Architecture) -> float:
    branch = architecture.branch_scale if isinstance(architecture, ResNet) else 1.0
    amplitude = math.log(architecture.phi.amplitude) + math.log(abs(branch))
    return math.log(architecture.weight_variance) - math.log(architecture.width) + 2 * amplitude


def _log(values: Float64Array) -> Float64Array:
    with np.errstate(divide="ignore"):  # a dead layer's norm is 0, its logarithm −∞
        return np.log(values)


def _split(log_square: Float64Array) -> tuple[Float64Array, NDArray[np.int32]]:
    """Return m in [1, 4) and e with square = m 4^e; 0 and 0 for a square of 0."""
    bits = np.where(np.isneginf(log_square), 0.0, log_square) / math.log(2)
    exponent = np.floor(bits / 2)
    mantissa = np.where(np.isneginf(log_square), 0.0, np.exp2(bits - 2 * exponent))
    return mantissa, exponent.astype(np.int32)
