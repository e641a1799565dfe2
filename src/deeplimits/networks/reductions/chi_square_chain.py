"""One input, no skip connection, homogeneous activation: the network is a chain of chi-square numbers.

Given |φ(z_l)|² the next preactivations are i.i.d. N(0, v), so B of the n units are positive, B ~ Binomial(n, 1/2), and
|φ(z_{l+1})|² = v (s₊² χ²_B + s₋² χ²_{n−B}); biases add to v. Each layer is truly sampled, at a cost that does not grow
with the width.

References: hanin2019products; li2021future, section 2.
"""

from __future__ import annotations

import math

import numpy as np

from deeplimits.architectures import MLP, Architecture, BalancedResNet, ResNet
from deeplimits.networks.reading import Reading
from deeplimits.networks.reductions.chi_square_units import ChiSquareUnits, logarithm, read_out
from deeplimits.networks.scales import has_small_slope, log_of, num_blocks_of
from deeplimits.observables import recorded_layers

# Factors multiplied together before a logarithm is taken: far inside float64's range for widths up to 10^9.
_FACTORS_PER_LOG = 16


def refuses(architecture: Architecture, num_inputs: int, observables: tuple[str, ...]) -> str | None:
    """Say why this reduction cannot sample ``architecture``, or None if it can."""
    if num_inputs != 1:
        return f"it takes one input vector, got {num_inputs}"
    if not architecture.phi.homogeneous:
        return f"it needs a ReLU, a leaky ReLU or the identity, got {architecture.phi.name}"
    if isinstance(architecture, BalancedResNet):
        return "the signs of a Balanced ResNet make the units that feed a layer others than the positive ones"
    if isinstance(architecture, ResNet) and architecture.skip_scale != 0:
        return "a skip connection makes the norm depend on the shape of the preactivations"
    if isinstance(architecture, ResNet) and (architecture.block != "one-layer" or architecture.normalization != "none"):
        return "it knows no normalization and blocks of one layer only"
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
    generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed)))
    units = ChiSquareUnits(architecture.width, architecture.phi.unit.slopes or (1.0, 1.0), generator, size)
    every = 1 if has_small_slope(architecture) else _FACTORS_PER_LOG
    log_gain, log_bias = _log_gain(architecture), _log_bias(architecture)
    log_variance, product, path = np.full(size, 2 * math.log(scale)), np.ones(size), []
    if isinstance(architecture, MLP):
        log_variance = np.logaddexp(log_variance, log_bias)
    for layer in range(num_blocks + 1):
        is_last = layer == num_blocks
        is_described = is_last or layer in recorded
        if is_described or layer % every == 0:
            log_variance, product = log_variance + logarithm(product), np.ones(size)
        drawn = units.draw(whole=is_described)
        if is_described:
            path.append(drawn.describe(log_variance))
        if not is_last:
            product *= drawn.fed
            log_variance += log_gain
            if architecture.bias_variance:
                log_variance, product = np.logaddexp(log_variance + logarithm(product), log_bias), np.ones(size)
    fed = drawn.fed if isinstance(architecture, MLP) else drawn.positive + drawn.negative
    log_fed = log_variance + logarithm(fed)
    return read_out(architecture, generator, log_fed, path, keeps_path=max_layers is not None)


def _log_gain(architecture: Architecture) -> float:
    branch = architecture.branch_scale if isinstance(architecture, ResNet) else 1.0
    amplitude = math.log(architecture.phi.amplitude) + math.log(abs(branch))
    return math.log(architecture.weight_variance) - math.log(architecture.width) + 2 * amplitude


def _log_bias(architecture: Architecture) -> float:
    """Return ln of the variance that a bias adds to a preactivation."""
    branch = architecture.branch_scale if isinstance(architecture, ResNet) else 1.0
    return log_of(architecture.bias_variance) + 2 * log_of(abs(branch))
