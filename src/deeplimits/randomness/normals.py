"""Standard normal numbers by the Box–Muller transform, written so that it vectorises and fuses.

A pair of normals is one complex number, so that a loop which keeps complex state runs the generator once for both.
"""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
from jax import lax

from deeplimits.randomness.keys import NORMALS, SIGNS, Key, random_bits

# Chebyshev interpolation on |angle| ≤ π/2, in angle²: sin(t)/t to 4e-9 and cos(t) to 5e-8, below float32's rounding.
SINE = (0.999999995698809, -0.16666657947846011, 0.008333050170671773, -0.00019809017408678003, 2.605107635334788e-06)
COSINE = (0.9999999530275123, -0.49999904777792115, 0.04166357316018825, -0.001385362953617557, 2.3152416659997792e-05)


_BELOW = 2.0**-31 * (1 - 2.0**-23)


def complex_normals(bits: tuple[jax.Array, jax.Array]) -> jax.Array:
    """Return complex64 numbers whose real and imaginary parts are independent N(0, 1).

    Args:
        bits: two uint32 arrays of one shape, uniform and independent.

    Note: the radius uses 31 bits, so no part exceeds 6.7 (probability lost: 2e-11).
    """
    radius_bits, angle_bits = bits
    # A factor a little below 2^-31 keeps the sum below 1, where the radius is 0: 3e-8 of the pairs would be all 0, and
    # networks of width 2 with them.
    uniform = (radius_bits >> jnp.uint32(1)).astype(jnp.int32).astype(jnp.float32) * jnp.float32(_BELOW)
    radius = jnp.sqrt(-2 * jnp.log(uniform + jnp.float32(2.0**-32)))
    # 31 bits make an angle in [-π/2, π/2), the last one the sign of the cosine: the whole circle without a branch.
    angle = lax.bitcast_convert_type(angle_bits << jnp.uint32(1), jnp.int32).astype(jnp.float32)
    angle = angle * jnp.float32(math.pi * 2.0**-32)
    square = angle * angle
    sign = lax.bitcast_convert_type((angle_bits & jnp.uint32(1 << 31)) | jnp.uint32(0x3F800000), jnp.float32)
    return lax.complex(radius * sign * _polynomial(COSINE, square), radius * angle * _polynomial(SINE, square))


def complex_signs(bits: tuple[jax.Array, jax.Array]) -> jax.Array:
    """Return complex64 numbers whose real and imaginary parts are independent signs ±1."""
    return lax.complex(*(1 - 2 * (word >> jnp.uint32(31)).astype(jnp.float32) for word in bits))


def normal(key: Key, shape: tuple[int, ...], skip: int = 0, purpose: int = NORMALS) -> jax.Array:
    """Return float32 independent N(0, 1) numbers of ``shape``, a function of the arguments alone.

    Args:
        key: the stream to draw from.
        shape: shape of the result.
        skip: even number of normals of the stream that are used already.
        purpose: ``SECOND_NORMALS`` for normals of the same stream that are independent of the first.

    >>> from deeplimits.randomness.keys import key_of
    >>> normal(key_of(7), (2, 3)).shape
    (2, 3)
    """
    count = math.prod(shape)
    position = jnp.arange(skip // 2, (skip + count + 1) // 2, dtype=jnp.uint32)
    pairs = complex_normals(random_bits(key, position, purpose))
    return jnp.concatenate([pairs.real, pairs.imag])[:count].reshape(shape)


def signs(key: Key, count: int) -> jax.Array:
    """Return float32 independent signs, uniform on {−1, +1}, of shape (count,)."""
    bits, _ = random_bits(key, jnp.arange(count, dtype=jnp.uint32), SIGNS)
    return 1 - 2 * (bits >> jnp.uint32(31)).astype(jnp.float32)


def _polynomial(coefficients: tuple[float, ...], x: jax.Array) -> jax.Array:
    value = jnp.float32(coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        value = value * x + jnp.float32(coefficient)
    return value
