"""One input, two matrices a block, homogeneous activation: the squared norm of the stream is a chain of numbers.

The first matrix U of a block turns z into i.i.d. hidden units of variance v = |N(z)|²/width + bias_variance, whatever
the direction of z, and the second adds σ g to the stream, g a vector of N(0, 1), σ² = λ² (weight_variance |φ|² /
hidden_width + bias_variance). With g_1 the part of g along z,

    |z'|² = α² |z|² + 2 α σ |z| g_1 + σ² (g_1² + χ²_{width−1}),

so each block costs a few numbers, however wide it is. The direction of z is uniform, independent of all norms: it is
drawn once, for the last layer.

References: li2021future, section 2 (the chain of one-layer blocks; rederived for two).
"""

from __future__ import annotations

import math

import jax.numpy as jnp
import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.architectures import Architecture, ResNet
from deeplimits.networks.reading import Layer, Reading
from deeplimits.networks.reductions.chi_square_units import ChiSquareUnits, logarithm, read_out, split
from deeplimits.networks.scales import log_of
from deeplimits.observables import recorded_layers

# What these observables show of a layer before the last one is more than its norm.
_DIRECTIONAL = ("active_fraction", "energy_fraction", "energy_fraction_covariance")


def refuses(architecture: Architecture, num_inputs: int, observables: tuple[str, ...]) -> str | None:
    """Say why this reduction cannot sample ``architecture``, or None if it can."""
    if num_inputs != 1:
        return f"it takes one input vector, got {num_inputs}"
    if not architecture.phi.homogeneous:
        return f"it needs a ReLU, a leaky ReLU or the identity, got {architecture.phi.name}"
    if not isinstance(architecture, ResNet) or architecture.block != "two-layer":
        return "only in two-layer blocks does the norm alone decide what a block does"
    if architecture.normalization == "layer":
        return "layer normalization depends on the direction of the preactivations"
    asked = [name for name in _DIRECTIONAL if name in observables]
    return f"it knows the norm of a layer, but not its direction, which {asked[0]} shows" if asked else None


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
        Fields that end in the axes (size, 1): one input vector of each network. Only norms are described before the
        last layer.
    """
    assert isinstance(architecture, ResNet) and architecture.hidden_width is not None, "see refuses"
    generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed)))
    slopes = architecture.phi.unit.slopes or (1.0, 1.0)
    hidden = ChiSquareUnits(architecture.hidden_width, slopes, generator, size)
    recorded = set(recorded_layers(architecture.depth, max_layers)) if max_layers is not None else set()
    log_square = 2 * math.log(scale) + logarithm(generator.chisquare(architecture.width, size))
    path = []
    for layer in range(architecture.depth):
        if layer in recorded:
            path.append(_norm_only(log_square))
        log_square = _block(architecture, hidden, log_square)
    last = ChiSquareUnits(architecture.width, (1.0, 1.0), generator, size).draw(whole=True)
    end = last.describe(log_square - logarithm(last.fed))
    return read_out(architecture, generator, log_square, [*path, end], keeps_path=max_layers is not None)


def _block(architecture: ResNet, hidden: ChiSquareUnits, log_square: Float64Array) -> Float64Array:
    """Return ln |z'|² of ln |z|², both parts relative to the larger."""
    width, generator, size = architecture.width, hidden.generator, hidden.size
    log_bias = log_of(architecture.bias_variance)
    seen = log_square - math.log(width)
    if architecture.normalization == "rms":  # but a vector of zeros has no direction: it stays 0
        seen = np.where(np.isneginf(log_square), log_square, 0.0)
    seen = np.logaddexp(seen, log_bias)
    log_gain = log_of(architecture.weight_variance) - math.log(hidden.width) + 2 * math.log(architecture.phi.amplitude)
    log_fed = seen + logarithm(hidden.draw(whole=False).fed)
    log_added = 2 * log_of(abs(architecture.branch_scale)) + np.logaddexp(log_gain + log_fed, log_bias)
    log_kept = 2 * log_of(abs(architecture.skip_scale)) + log_square
    along, across = generator.standard_normal(size), 2 * generator.standard_gamma((width - 1) / 2, size)
    larger = np.maximum(log_added, log_kept)
    unit = np.where(np.isneginf(larger), 0.0, larger)
    kept, added = np.exp(log_kept - unit), np.exp(log_added - unit)
    # (√kept ± √added g_1)² + added χ²: written as squares, it cannot round below 0.
    sign = math.copysign(1.0, architecture.skip_scale)
    return unit + logarithm((sign * np.sqrt(kept) + np.sqrt(added) * along) ** 2 + added * across)


def _norm_only(log_square: Float64Array) -> Layer:
    mantissa, exponent = split(log_square)
    unknown = jnp.full(log_square.shape, jnp.nan, jnp.float32)
    return Layer(jnp.asarray(mantissa, jnp.float32), unknown, unknown, jnp.asarray(exponent))
