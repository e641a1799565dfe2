"""The units of a layer in the lanes of the processor: networks side by side, two units in a complex number."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Complex, Float, Int

from deeplimits.networks.scaled import exponent_of
from deeplimits.randomness.keys import NORMALS, SIGNS, Key, lane_bits
from deeplimits.randomness.normals import complex_normals, complex_signs


@dataclass(frozen=True)
class Units:
    """The units of one layer, two in a complex number; an odd last one is alone, with imaginary part 0."""

    count: int
    networks: int
    key: Key

    @property
    def num_pairs(self) -> int:
        """Complex numbers of a layer."""
        return (self.count + 1) // 2

    def resized(self, count: int) -> Units:
        """Return a layer of ``count`` units of the same networks."""
        return dataclasses.replace(self, count=count)

    def start_of(self, layer: Array) -> Array:
        """Return the position in the stream where the pairs of ``layer`` begin."""
        return layer * jnp.uint32(self.num_pairs)

    def draw(self, position: Array, purpose: int = NORMALS) -> Complex[Array, "pairs networks"]:
        """Return a layer of N(0, 1) units, from ``position`` of the stream on."""
        return self._alone(complex_normals(self._bits(position, purpose)))

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
        return exponent_of(self.largest(pairs))

    def largest(self, pairs: Complex[Array, "pairs networks"]) -> Float[Array, " networks"]:
        """Return the modulus of the largest unit."""
        return jnp.max(jnp.maximum(jnp.abs(pairs.real), jnp.abs(pairs.imag)), axis=0)

    def _bits(self, first: Array, purpose: int) -> tuple[Array, Array]:
        position = first + jnp.arange(self.num_pairs, dtype=jnp.uint32)[:, None]
        return lane_bits(self.key, position, jnp.arange(self.networks, dtype=jnp.uint32)[None, :], purpose)

    def _alone(self, pairs: Complex[Array, "pairs networks"]) -> Complex[Array, "pairs networks"]:
        if self.count % 2 == 0:
            return pairs
        kept = (jnp.arange(self.num_pairs)[:, None] < self.num_pairs - 1).astype(jnp.float32)
        return lax.complex(pairs.real, kept * pairs.imag)
