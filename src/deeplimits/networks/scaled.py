"""Vectors of any magnitude: a float32 array times a power of two per row."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Float, Int

# The layout of a float32.
_FRACTION_BITS = 23
_BIAS = 127
NOTHING = -(1 << 30)  # below every exponent: that of 0


class Scaled(NamedTuple):
    """Stand for 2^exponent × mantissa, row by row: one row per input vector.

    Multiplying by a power of two is exact, so the logarithm of a norm accumulates no rounding error however deep the
    network is, and neither overflow nor underflow can occur.
    """

    mantissa: Float[Array, "k n"]
    exponent: Int[Array, " k"]


def rescale(vectors: Scaled) -> Scaled:
    """Bring the largest entry of each row near 1, exactly; a row of zeros is left alone.

    A row beyond 2^±100 (only an extreme input to one layer can be) is brought home over several layers.
    """
    shift = exponent_of(jnp.max(jnp.abs(vectors.mantissa), axis=1))
    return Scaled(vectors.mantissa * power_of_two(-shift)[:, None], vectors.exponent + shift)


def add(first: Scaled, second: Scaled) -> Scaled:
    """Return the sum row by row, at the larger of the two exponents: what is 2^-126 of it or less counts as 0.

    The exponent of a row of zeros says nothing and does not count.
    """
    exponents = [jnp.where(jnp.any(v.mantissa != 0, axis=1), v.exponent, NOTHING) for v in (first, second)]
    larger = jnp.maximum(*exponents)
    exponent = jnp.where(larger > NOTHING, larger, jnp.maximum(first.exponent, second.exponent))
    return Scaled(_at(first, exponent) + _at(second, exponent), exponent)


def _at(vectors: Scaled, exponent: Int[Array, " k"]) -> Float[Array, "k n"]:
    return vectors.mantissa * power_of_two(jnp.clip(vectors.exponent - exponent, -126, 0))[:, None]


def exponent_of(sizes: Float[Array, ...]) -> Int[Array, ...]:
    """Return e with 2^e ≤ size < 2^(e+1), clipped to ±100; 0 for a size of 0."""
    exponents = (lax.bitcast_convert_type(sizes, jnp.int32) >> _FRACTION_BITS) - _BIAS
    return jnp.where(sizes > 0, jnp.clip(exponents, -100, 100), 0)


def power_of_two(exponents: Int[Array, ...]) -> Float[Array, ...]:
    """Return 2^exponent exactly, for exponents within ±126, from its bits: much faster than ``ldexp``."""
    return lax.bitcast_convert_type((exponents + _BIAS) << _FRACTION_BITS, jnp.float32)
