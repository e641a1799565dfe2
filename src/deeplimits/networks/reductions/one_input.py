"""One input vector: the whole network fused into a loop over normal numbers.

With one input W φ(z) is |φ(z)| times a vector g of independent N(0, 1), so a layer is one sum over units and one update

    z ← α z + σ g,  σ² = λ² (weight_variance |φ(z)|² / width + bias_variance),

as a bias adds another Gaussian vector. With a normalization or a hidden layer φ(z) is what feeds the block's last
matrix.

Networks lie side by side in the lanes of the processor. Units come in pairs, as the real and imaginary parts of one
complex number, because Box–Muller makes them so: generator, transform and update then are a single loop.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Complex, Float, Int

from deeplimits.architectures import MLP, Architecture, ResNet
from deeplimits.networks.reading import Layer, Reading, scan_blocks
from deeplimits.networks.reductions.branch import Size, deviation_of, plus
from deeplimits.networks.reductions.units import Units
from deeplimits.networks.scaled import NOTHING, exponent_of, power_of_two
from deeplimits.networks.scales import (
    first_bias,
    has_small_slope,
    hidden_width_of,
    is_lost,
    normalization_of,
    num_blocks_of,
    readout_scale,
    rescalable,
    scales_of,
)
from deeplimits.randomness.keys import Key

# A homogeneous state is rescaled every few layers if a layer's gain is near 1 for sure: if it averages over enough
# units, and if a network whose units are all switched off, which keeps only its skip connection, does not shrink fast.
_RESCALE_EVERY = 8
_ENOUGH_UNITS = 16
_SLOW_SKIP = 1 / 8


class _State(NamedTuple):
    pairs: Complex[Array, "pairs networks"]
    exponent: Int[Array, " networks"]
    layer: Array


def refuses(architecture: Architecture, num_inputs: int, observables: tuple[str, ...]) -> str | None:
    """Say why this reduction cannot sample ``architecture``, or None if it can."""
    if num_inputs != 1:
        return f"it takes one input vector, got {num_inputs}"
    hidden = hidden_width_of(architecture) or architecture.width
    if (architecture.width % 2 or hidden % 2) and (
        float(architecture.phi(jnp.zeros(()))) != 0 or normalization_of(architecture) == "layer"
    ):
        return "units come in pairs: with an activation that is not 0 at 0, or layer normalization, widths must be even"
    if (architecture.depth + 1) * max(architecture.width, hidden) + architecture.output_dim >= 2**32:
        return "its counter has 32 bits: depth × width must stay below 2³²"
    return None


def read_block(
    architecture: Architecture, scale: float | Array, key: Key, size: int, max_layers: int | None = None
) -> Reading:
    """Draw ``size`` networks and run one input vector through each.

    Args:
        architecture: which network.
        scale: standard deviation of the entries of z_0, but for its bias.
        key: the block's key.
        size: networks in the block.
        max_layers: most layers to describe along the depth, or None for none.

    Returns:
        Fields that end in the axes (size, 1): one input vector of each network.
    """
    units = Units(architecture.width, size, key)
    step = _stepper(architecture, units)
    begin = Size(jnp.full(size, scale, jnp.float32), jnp.zeros(size, jnp.int32))
    if architecture.bias_variance and not isinstance(architecture, ResNet):
        begin = plus(begin, first_bias(architecture), apart=architecture.phi.homogeneous)
    start = _State(begin.mantissa * units.draw(units.start_of(jnp.uint32(0))), begin.exponent, jnp.uint32(1))
    describe = partial(_describe, architecture, units)
    state, last, path = scan_blocks(step, start, num_blocks_of(architecture), describe, max_layers)
    fed = last.squared_norm
    if isinstance(architecture, MLP):
        fed = units.sum(lambda z: architecture.phi.unit(z) ** 2, _settled(architecture, units, state).pairs)
    outputs = units.resized(architecture.output_dim).draw(units.start_of(state.layer))
    coordinates = jnp.concatenate([outputs.real, outputs.imag])[: architecture.output_dim]
    readout, exponent = readout_scale(architecture)
    lost = is_lost(architecture, last.squared_norm)
    last = last._replace(squared_norm=jnp.where(lost, jnp.nan, last.squared_norm))
    output = readout * jnp.sqrt(jnp.where(lost, jnp.nan, fed)) * coordinates
    reading = Reading(last, path, output, last.exponent + exponent, (fed == 0) & ~lost)
    return jax.tree.map(lambda array: array[..., None], reading)


def _stepper(architecture: Architecture, units: Units) -> Callable[[_State], _State]:
    scales, deviation = scales_of(architecture), deviation_of(architecture, units)
    is_steady = architecture.width >= _ENOUGH_UNITS and (scales.skip == 0 or abs(scales.skip) >= _SLOW_SKIP)
    every = _RESCALE_EVERY if is_steady else 1

    def plain(state: _State) -> _State:
        pairs, layer = state.pairs, state.layer
        size = deviation(pairs, state.exponent, layer)
        shift = jnp.zeros_like(state.exponent)
        if rescalable(architecture):
            shift = lax.cond(layer % every == 0, lambda: units.shift(pairs), lambda: shift)
        factor = power_of_two(-shift)
        fresh = (factor * size.mantissa) * units.draw(units.start_of(layer))
        updated = fresh if scales.skip == 0 else (factor * scales.skip) * pairs + fresh
        return _State(updated, size.exponent + shift, layer + 1)

    def extended(state: _State) -> _State:
        """The branch has an exponent of its own; the larger part decides which the sum has."""
        pairs, layer = state.pairs, state.layer
        size, skipped = deviation(pairs, state.exponent, layer), state.exponent + scales.exponent
        exponent = size.exponent
        if rescalable(architecture):
            larger = _exponent_of(size.mantissa, size.exponent)
            if scales.skip != 0:
                larger = jnp.maximum(larger, _exponent_of(units.largest(pairs), skipped))
            exponent = jnp.where(larger > NOTHING, larger, skipped)
        fresh = (_factor(size.exponent - exponent) * size.mantissa) * units.draw(units.start_of(layer))
        updated = fresh if scales.skip == 0 else (_factor(skipped - exponent) * scales.skip) * pairs + fresh
        return _State(updated, exponent, layer + 1)

    return extended if architecture.extensions or has_small_slope(architecture) else plain


def _exponent_of(sizes: Float[Array, " networks"], exponents: Int[Array, " networks"]) -> Int[Array, " networks"]:
    return jnp.where(sizes > 0, exponents + exponent_of(sizes), NOTHING)


def _factor(exponents: Int[Array, " networks"]) -> Float[Array, " networks"]:
    return power_of_two(jnp.clip(exponents, -126, 126))


def _settled(architecture: Architecture, units: Units, state: _State) -> _State:
    """Return the same state with its largest units near 1, if its magnitude may be carried apart."""
    if not rescalable(architecture):
        return state
    shift = units.shift(state.pairs)
    return _State(power_of_two(-shift) * state.pairs, state.exponent + shift, state.layer)


def _describe(architecture: Architecture, units: Units, state: _State) -> Layer:
    """Return the sums over units that are kept."""
    state = _settled(architecture, units, state)
    return Layer(
        squared_norm=units.sum(jnp.square, state.pairs),
        positive_energy=units.sum(lambda z: jnp.maximum(z, 0) ** 2, state.pairs),
        num_positive=units.sum(lambda z: (z > 0).astype(jnp.float32), state.pairs),
        exponent=state.exponent,
    )
