"""One input vector: the whole network fused into a loop over normal numbers.

With one input W φ(z) is |φ(z)| times a vector g of independent N(0, 1), so a layer is one sum over units and one update

    z ← α z + λ sqrt(weight_variance / width) |φ(z)| g.

Networks lie side by side in the lanes of the processor. Units come in pairs, as the real and imaginary parts of one
complex number, because Box–Muller makes them so: generator, transform and update then are a single loop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Complex, Float, Int

from deeplimits.architectures import MLP, Architecture, BalancedResNet
from deeplimits.networks.forward import is_lost, num_blocks_of, readout_scale, scales_of
from deeplimits.networks.reading import Layer, Reading, scan_blocks
from deeplimits.networks.scaled import exponent_of, power_of_two
from deeplimits.randomness.keys import NORMALS, SIGNS, Key, lane_bits
from deeplimits.randomness.normals import complex_normals, complex_signs

# A homogeneous state is rescaled every few layers if a layer's gain is near 1 for sure: if it averages over enough
# units, and if a network whose units are all switched off, which keeps only its skip connection, does not shrink fast.
_RESCALE_EVERY = 8
_ENOUGH_UNITS = 16
_SLOW_SKIP = 1 / 8


class _State(NamedTuple):
    pairs: Complex[Array, "pairs networks"]
    exponent: Int[Array, " networks"]
    layer: Array


def refuses(architecture: Architecture, num_inputs: int) -> str | None:
    """Say why this reduction cannot sample ``architecture``, or None if it can."""
    if num_inputs != 1:
        return f"it takes one input vector, got {num_inputs}"
    if architecture.width % 2 and float(architecture.phi(jnp.zeros(()))) != 0:
        return "units come in pairs: with an activation that is not 0 at 0 the width must be even"
    if (architecture.depth + 1) * architecture.width + architecture.output_dim >= 2**32:
        return "its counter has 32 bits: depth × width must stay below 2³²"
    return None


def read_block(
    architecture: Architecture, scale: float | Array, key: Key, size: int, max_layers: int | None = None
) -> Reading:
    """Draw ``size`` networks and run one input vector through each.

    Args:
        architecture: which network.
        scale: standard deviation of the entries of z_0.
        key: the block's key.
        size: networks in the block.
        max_layers: most layers to describe along the depth, or None for none.

    Returns:
        Fields that end in the axes (size, 1): one input vector of each network.
    """
    units = _Units(architecture.width, size, key, architecture.phi.homogeneous)
    step = _stepper(architecture, units)
    start = _State(scale * units.draw(units.start_of(jnp.uint32(0))), jnp.zeros(size, jnp.int32), jnp.uint32(1))
    state, last, path = scan_blocks(step, start, num_blocks_of(architecture), units.describe, max_layers)
    fed = last.squared_norm
    if isinstance(architecture, MLP):
        fed = units.sum(lambda z: architecture.phi.unit(z) ** 2, units.settled(state).pairs)
    outputs = _Units(architecture.output_dim, size, key).draw(units.start_of(state.layer))
    coordinates = jnp.concatenate([outputs.real, outputs.imag])[: architecture.output_dim]
    readout, exponent = readout_scale(architecture)
    lost = is_lost(architecture, last.squared_norm)
    last = last._replace(squared_norm=jnp.where(lost, jnp.nan, last.squared_norm))
    output = readout * jnp.sqrt(jnp.where(lost, jnp.nan, fed)) * coordinates
    reading = Reading(last, path, output, last.exponent + exponent, (fed == 0) & ~lost)
    return jax.tree.map(lambda array: array[..., None], reading)


def _stepper(architecture: Architecture, units: _Units) -> Callable[[_State], _State]:
    scales, phi = scales_of(architecture), architecture.phi.unit
    is_steady = architecture.width >= _ENOUGH_UNITS and (scales.skip == 0 or abs(scales.skip) >= _SLOW_SKIP)
    every = _RESCALE_EVERY if is_steady else 1

    def step(state: _State) -> _State:
        pairs, layer = state.pairs, state.layer
        fed = units.flip(pairs, layer) if isinstance(architecture, BalancedResNet) else pairs
        deviation = scales.branch * jnp.sqrt(units.sum(lambda z: phi(z) ** 2, fed))
        shift = jnp.zeros_like(state.exponent)
        if phi.homogeneous:
            shift = lax.cond(layer % every == 0, lambda: units.shift(pairs), lambda: shift)
        factor = power_of_two(-shift)
        fresh = (factor * deviation) * units.draw(units.start_of(layer))
        updated = fresh if scales.skip == 0 else (factor * scales.skip) * pairs + fresh
        return _State(updated, state.exponent + shift + scales.exponent, layer + 1)

    return step


@dataclass(frozen=True)
class _Units:
    """The units of one layer, two in a complex number; an odd last one is alone, with imaginary part 0."""

    count: int
    networks: int
    key: Key
    homogeneous: bool = False

    @property
    def num_pairs(self) -> int:
        return (self.count + 1) // 2

    def start_of(self, layer: Array) -> Array:
        """Return the position in the stream where the pairs of ``layer`` begin."""
        return layer * jnp.uint32(self.num_pairs)

    def draw(self, position: Array) -> Complex[Array, "pairs networks"]:
        """Return a layer of N(0, 1) units, from ``position`` of the stream on."""
        return self._alone(complex_normals(self._bits(position, NORMALS)))

    def flip(self, pairs: Complex[Array, "pairs networks"], layer: Array) -> Complex[Array, "pairs networks"]:
        """Multiply each unit by a random sign."""
        signs = complex_signs(self._bits(self.start_of(layer), SIGNS))
        return lax.complex(signs.real * pairs.real, signs.imag * pairs.imag)

    def sum(
        self, function: Callable[[Array], Array], pairs: Complex[Array, "pairs networks"]
    ) -> Float[Array, " networks"]:
        """Sum ``function`` of each unit; it must vanish at 0, where the missing unit of an odd layer is."""
        return jnp.sum(function(pairs.real) + function(pairs.imag), axis=0)

    def shift(self, pairs: Complex[Array, "pairs networks"]) -> Int[Array, " networks"]:
        """Return the exponent of the largest unit, by which a state is rescaled."""
        largest = jnp.maximum(jnp.abs(pairs.real), jnp.abs(pairs.imag))
        return exponent_of(jnp.max(largest, axis=0))

    def settled(self, state: _State) -> _State:
        """Return the same state with its largest units near 1, if φ is homogeneous."""
        if not self.homogeneous:
            return state
        shift = self.shift(state.pairs)
        return _State(power_of_two(-shift) * state.pairs, state.exponent + shift, state.layer)

    def describe(self, state: _State) -> Layer:
        """Return the sums over units that are kept."""
        state = self.settled(state)
        return Layer(
            squared_norm=self.sum(jnp.square, state.pairs),
            positive_energy=self.sum(lambda z: jnp.maximum(z, 0) ** 2, state.pairs),
            num_positive=self.sum(lambda z: (z > 0).astype(jnp.float32), state.pairs),
            exponent=state.exponent,
        )

    def _bits(self, first: Array, purpose: int) -> tuple[Array, Array]:
        position = first + jnp.arange(self.num_pairs, dtype=jnp.uint32)[:, None]
        return lane_bits(self.key, position, jnp.arange(self.networks, dtype=jnp.uint32)[None, :], purpose)

    def _alone(self, pairs: Complex[Array, "pairs networks"]) -> Complex[Array, "pairs networks"]:
        if self.count % 2 == 0:
            return pairs
        kept = (jnp.arange(self.num_pairs)[:, None] < self.num_pairs - 1).astype(jnp.float32)
        return lax.complex(pairs.real, kept * pairs.imag)
