"""One input, one-matrix ReLU network, compiled by Numba: the loop of ``one_input`` at the speed of the vector units.

Only imported when asked for: Numba is optional. 32 networks lie side by side in the lanes of the vector registers, so
every sum over units is a lane's own, no result depends on the width of the registers, on other networks or on threads,
and ``fastmath`` is not needed. Each network has its xoshiro128++ generator, whose 128 bits of state are threefry words
of (block key, network). Compiled once per machine (seconds), later loaded from Numba's cache.

What keeps the loop vectorised: polynomials in place of library calls, instructions in place of Python's widening
arithmetic of integers, and inner loops over ``range(LANES)`` on slices, as other indices may be negative for all LLVM
knows.

References: Blackman, Vigna, "Scrambled linear pseudorandom number generators" (2021): xoshiro128++.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any, no_type_check

import jax
import jax.numpy as jnp
import numpy as np
from numba import njit, types
from numba.extending import intrinsic

from deeplimits.architectures import MLP, Architecture, BalancedResNet
from deeplimits.networks.reading import Layer, Reading
from deeplimits.networks.scales import num_blocks_of, readout_scale, scales_of
from deeplimits.observables import recorded_layers
from deeplimits.randomness.keys import NORMALS, Key, lane_bits
from deeplimits.randomness.normals import COSINE, SINE

LANES = 32  # fewer leave registers idle, and as few as a register's make LLVM unroll the loop before it vectorises
_QUAD = 4 * LANES  # four units of each lane: what four words of each generator make
_LARGEST_WIDTH = 2**16  # float32 sums run over units one after another: beyond, their rounding would show
_SMALLEST_FACTOR = 2.0**-20  # beside a factor of 1: its square times that of a tiny normal still is a float32


def refuses(architecture: Architecture, num_inputs: int) -> str | None:
    """Say why this kernel cannot sample ``architecture``, or None if it can; any observable of one input will do."""
    if num_inputs != 1:
        return f"it takes one input vector, got {num_inputs}"
    if not architecture.phi.homogeneous:
        return f"it needs a ReLU, a leaky ReLU or the identity, got {architecture.phi.name}"
    if isinstance(architecture, BalancedResNet):
        return "it draws no random signs"
    if architecture.extensions:
        return f"it has no {', '.join(architecture.extensions)}"
    if architecture.width > _LARGEST_WIDTH:
        return f"it takes widths up to {_LARGEST_WIDTH}, got {architecture.width}"
    factors = {"skip_scale": abs(scales_of(architecture).skip), "slope": min(map(abs, _unit_slopes(architecture)))}
    for name, factor in factors.items():
        if 0 < factor < _SMALLEST_FACTOR:
            return f"the {name} is 0 < {factor:.1g} < {_SMALLEST_FACTOR:.1g} times another factor"
    return None


def read_block(architecture: Architecture, scale: float, key: Key, size: int, max_layers: int | None = None) -> Reading:
    """Draw ``size`` networks and run one input vector through each.

    Args:
        architecture: which network.
        scale: standard deviation of the entries of z_0.
        key: the block's key.
        size: networks in the block; a network does not depend on it.
        max_layers: most layers to describe along the depth, or None for none.

    Returns:
        Fields that end in the axes (size, 1): one input vector of each network.
    """
    num_blocks, scales = num_blocks_of(architecture), scales_of(architecture)
    kept = recorded_layers(num_blocks, max_layers) if max_layers is not None else (num_blocks,)
    row_of = np.full(num_blocks + 1, -1)
    row_of[list(kept)] = range(len(kept))
    groups = -(-size // LANES)
    states = np.array(_states(key, groups * LANES)).reshape(4, groups, LANES).swapaxes(0, 1).reshape(groups, _QUAD)
    sums = np.empty((len(kept), 3, groups * LANES), np.float32)
    exponents = np.empty((len(kept), groups * LANES), np.int32)
    coordinates = np.empty((architecture.output_dim, groups * LANES), np.float32)
    up, down = (slope**2 for slope in _unit_slopes(architecture))
    factors = np.array([scale, scales.skip, scales.branch, up, down], np.float32)
    draw_networks(states, architecture.width, factors, scales.exponent, row_of, sums, exponents, coordinates)
    positive, negative, count = sums[:, 0, :size], sums[:, 1, :size], sums[:, 2, :size]
    fields: tuple[Any, ...] = (positive + negative, positive, count, exponents[:, :size])
    path = Layer(*fields)
    last = jax.tree.map(lambda layers: layers[-1], path)
    fed = up * positive[-1] + down * negative[-1] if isinstance(architecture, MLP) else last.squared_norm
    readout, exponent = readout_scale(architecture)
    output = np.float32(readout) * np.sqrt(fed) * coordinates[:, :size]
    reading = Reading(last, None if max_layers is None else path, output, last.exponent + exponent, fed == 0)
    return jax.tree.map(lambda array: jnp.asarray(array[..., None]), reading)


def _unit_slopes(architecture: Architecture) -> tuple[float, float]:
    slopes = architecture.phi.unit.slopes
    assert slopes is not None, "refuses() lets homogeneous activations through only"
    return slopes


@partial(jax.jit, static_argnames="networks")
def _states(key: Key, networks: int) -> jax.Array:
    """Return the start of each network's generator, four words each: no two networks of a block have the same."""
    position = jnp.arange(2, dtype=jnp.uint32)[:, None]
    return jnp.concatenate(lane_bits(key, position, jnp.arange(networks, dtype=jnp.uint32), NORMALS))


def _instruction(name: str) -> Any:
    """Return a function of two uint32 that is the processor's instruction of that name: Python's would be 64 bits."""

    @intrinsic
    @no_type_check
    def apply(typing_context, a, b):
        return a(a, b), lambda context, builder, signature, values: getattr(builder, name)(*values)

    return apply


def _conversion(name: str, result: Any) -> Any:
    @intrinsic
    @no_type_check
    def apply(typing_context, a):
        def generate(context, builder, signature, values):
            return getattr(builder, name)(values[0], context.get_value_type(result))

        return result(a), generate

    return apply


_plus, _minus, _xor, _or, _and = map(_instruction, ("add", "sub", "xor", "or_", "and_"))
_left, _right, _right_signed = map(_instruction, ("shl", "lshr", "ashr"))
_as_float, _as_bits = _conversion("bitcast", types.float32), _conversion("bitcast", types.uint32)
_from_signed = _conversion("sitofp", types.float32)

# `contract` lets products be fused with sums, which changes no order of summation; nothing else of fastmath is used.
_compiled = njit(error_model="numpy", nogil=True, cache=True, fastmath={"contract"})

# −2 ln(1 + m) / m for 1 + m in [√½, √2): minimax, relative error 1.7e-7.
_LOG_FIRST = (-1.9999998906, 1.0000073025, -0.66670117897, 0.4993981813)
_LOG_LAST = (-0.39800330713, 0.34501659125, -0.32445162811, 0.20213794589)
_LOG, _SIN, _COS = (tuple(map(np.float32, numbers)) for numbers in (_LOG_FIRST + _LOG_LAST, SINE, COSINE))
_SQRT_HALF, _SIGN, _FRACTION = np.uint32(0x3F3504F3), np.uint32(1 << 31), np.uint32(23)
_U1, _U7, _U9, _U11, _U21, _U25 = (np.uint32(shift) for shift in (1, 7, 9, 11, 21, 25))
_ZERO, _ONE, _UNIT, _HALF_UNIT = (np.float32(value) for value in (0, 1, 2.0**-31, 2.0**-32))
_MINUS_TWO_LN_2, _ANGLE = np.float32(-2 * math.log(2)), np.float32(math.pi * 2.0**-32)


@_compiled
@no_type_check
def _polynomial(c, x):
    square = x * x
    return square * square * c[4] + (square * (x * c[3] + c[2]) + (x * c[1] + c[0]))


@_compiled
@no_type_check
def box_muller(radius_word, angle_word):
    """Return two independent N(0, 1): `deeplimits.randomness.normals.complex_normals` of two random words."""
    uniform = _as_bits(_from_signed(_right(radius_word, _U1)) * _UNIT + _HALF_UNIT)
    exponent = _right_signed(_minus(uniform, _SQRT_HALF), _FRACTION)
    m = _as_float(_minus(uniform, _left(exponent, _FRACTION))) - _ONE
    square = m * m
    low = square * (m * _LOG[3] + _LOG[2]) + (m * _LOG[1] + _LOG[0])
    high = square * (m * _LOG[7] + _LOG[6]) + (m * _LOG[5] + _LOG[4])
    radius = np.sqrt(m * (square * square * high + low) + _from_signed(exponent) * _MINUS_TWO_LN_2)
    angle = _from_signed(_left(angle_word, _U1)) * _ANGLE
    signed = _as_float(_xor(_as_bits(radius), _and(angle_word, _SIGN)))
    return signed * _polynomial(_COS, angle * angle), radius * angle * _polynomial(_SIN, angle * angle)


@_compiled
@no_type_check
def next_word(a, b, c, d):
    """Return a word of xoshiro128++ and its next state."""
    total = _plus(a, d)
    word = _plus(_or(_left(total, _U7), _right(total, _U25)), a)
    c, d, shifted = _xor(c, a), _xor(d, b), _left(b, _U9)
    b, a = _xor(b, c), _xor(a, d)
    return word, a, b, _xor(c, shifted), _or(_left(d, _U11), _right(d, _U21))


@_compiled
@no_type_check
def _squares(a, b, c, d):
    return (a * a + b * b) + (c * c + d * d)


@_compiled
@no_type_check
def _positive(z):
    return z if z > _ZERO else _ZERO


@_compiled
@no_type_check
def _advance(units, state, skip, deviation, width, positive, negative):
    """Update z ← skip z + deviation g in place; set ``positive`` and ``negative`` to the sums of squares of its parts.

    ``deviation`` has a row for each unit of a quad, so that the units beyond ``width`` can be kept at 0.
    """
    positive[:], negative[:] = _ZERO, _ZERO
    num_quads = (width + 3) // 4
    for quad in range(num_quads):
        if quad == num_quads - 1:
            deviation[(width - 4 * quad) * LANES :] = _ZERO
        z = units[quad * _QUAD : (quad + 1) * _QUAD]
        for j in range(LANES):
            a, b, c, d = state[j], state[LANES + j], state[2 * LANES + j], state[3 * LANES + j]
            word0, a, b, c, d = next_word(a, b, c, d)
            word1, a, b, c, d = next_word(a, b, c, d)
            word2, a, b, c, d = next_word(a, b, c, d)
            word3, a, b, c, d = next_word(a, b, c, d)
            state[j], state[LANES + j], state[2 * LANES + j], state[3 * LANES + j] = a, b, c, d
            g0, g1 = box_muller(word0, word1)
            g2, g3 = box_muller(word2, word3)
            z0 = deviation[j] * g0 + skip[j] * z[j]
            z1 = deviation[LANES + j] * g1 + skip[j] * z[LANES + j]
            z2 = deviation[2 * LANES + j] * g2 + skip[j] * z[2 * LANES + j]
            z3 = deviation[3 * LANES + j] * g3 + skip[j] * z[3 * LANES + j]
            z[j], z[LANES + j], z[2 * LANES + j], z[3 * LANES + j] = z0, z1, z2, z3
            positive[j] += _squares(_positive(z0), _positive(z1), _positive(z2), _positive(z3))
            negative[j] += _squares(_positive(-z0), _positive(-z1), _positive(-z2), _positive(-z3))


@_compiled
@no_type_check
def draw_networks(states, width, factors, layer_exponent, row_of, sums, exponents, coordinates):
    """Draw one group of LANES networks for each row of ``states`` and fill the last three arrays.

    Args:
        states: uint32 (groups, 4 LANES), the generators; they are advanced.
        width: units in a layer.
        factors: float32: deviation of z_0, skip, branch, and the squares of the slopes.
        layer_exponent: added to each network's exponent in each layer.
        row_of: for each layer, the row of ``sums`` and ``exponents`` that describes it, or −1.
        sums: float32 (rows, 3, networks): squares of positive and of negative units, and number of positive units.
        exponents: int32 (rows, networks).
        coordinates: float32 (output_dim, networks): N(0, 1).
    """
    scale, skip_scale, branch, up, down = factors[0], factors[1], factors[2], factors[3], factors[4]
    output_dim = coordinates.shape[0]
    units = np.empty(((max(width, output_dim) + 3) // 4) * _QUAD, np.float32)
    skip, deviation, exponent = np.empty(LANES, np.float32), np.empty(_QUAD, np.float32), np.empty(LANES, np.int32)
    positive, negative = np.empty(LANES, np.float32), np.empty(LANES, np.float32)
    for group in range(states.shape[0]):
        networks = slice(group * LANES, (group + 1) * LANES)
        units[:], skip[:], deviation[:], exponent[:] = _ZERO, _ZERO, scale, 0
        for layer in range(row_of.size):
            if layer > 0:
                for j in range(LANES):
                    # Bring the squared norm into [1, 4), exactly; a state of 0 stays.
                    total = positive[j] + negative[j]
                    shift = (np.int32(_as_bits(total) >> _FRACTION) - 127) >> 1 if total > _ZERO else 0
                    factor = _as_float(np.uint32((127 - shift) << 23))
                    exponent[j] += shift + layer_exponent
                    skip[j] = factor * skip_scale
                    spread = factor * branch * np.sqrt(up * positive[j] + down * negative[j])
                    for unit in range(4):
                        deviation[unit * LANES + j] = spread
            _advance(units, states[group], skip, deviation, width, positive, negative)
            row = row_of[layer]
            if row >= 0:
                sums[row, 0, networks], sums[row, 1, networks] = positive, negative
                exponents[row, networks] = exponent
                count = sums[row, 2, networks]
                count[:] = _ZERO
                for unit in range(width):
                    z = units[unit * LANES : (unit + 1) * LANES]
                    for j in range(LANES):
                        count[j] += _ONE if z[j] > _ZERO else _ZERO
        skip[:], deviation[:] = _ZERO, _ONE
        _advance(units, states[group], skip, deviation, output_dim, positive, negative)
        for coordinate in range(output_dim):
            coordinates[coordinate, networks] = units[coordinate * LANES : (coordinate + 1) * LANES]
