"""What a forward pass leaves behind: sums over units, from which every observable is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from deeplimits.observables import layer_stride

Carry = TypeVar("Carry")


class Layer(NamedTuple):
    """Describe preactivation vectors z = 2^exponent × mantissa by sums over the mantissa's units.

    Every field has the same shape: one number per input vector, behind axes for layers or networks; but those of the
    angle between the vectors of two inputs, ``cosine`` and the sine, ``sine`` × 4^``sine_exponent``, have one number
    for both and are None for any other number of inputs.
    """

    squared_norm: Float[Array, ...]
    positive_energy: Float[Array, ...]
    num_positive: Float[Array, ...]
    exponent: Int[Array, ...]
    cosine: Float[Array, ...] | None = None
    sine: Float[Array, ...] | None = None
    sine_exponent: Int[Array, ...] | None = None


class Reading(NamedTuple):
    """Hold what is kept of each network.

    Args:
        last: the last preactivation vector.
        path: preactivation vectors along the depth, layers first; None unless a layered observable is asked for.
        output: mantissas of the outputs, coordinates first.
        output_exponent: the outputs are 2^output_exponent × output.
        dead: whether the vector that feeds the readout is all 0.
    """

    last: Layer
    path: Layer | None
    output: Float[Array, "output_dim ..."]
    output_exponent: Int[Array, ...]
    dead: Array


def scan_blocks(
    step: Callable[[Carry], Carry],
    start: Carry,
    num_blocks: int,
    describe: Callable[[Carry], Layer],
    max_layers: int | None,
) -> tuple[Carry, Layer, Layer | None]:
    """Apply ``step`` once for each block; return the end, its description, and the descriptions along the way.

    Args:
        step: one block.
        start: state before the first block.
        num_blocks: how often to apply ``step``.
        describe: what is kept of a state.
        max_layers: most descriptions to keep along the way, or None for no path.
    """

    def many(carry: Carry, length: int) -> Carry:
        return jax.lax.scan(lambda state, _: (step(state), None), carry, None, length=length)[0]

    if max_layers is None:
        end = many(start, num_blocks)
        return end, describe(end), None
    stride = layer_stride(num_blocks, max_layers)
    state, path = jax.lax.scan(
        lambda state, _: (many(state, stride), describe(state)), start, None, length=num_blocks // stride
    )
    rest = num_blocks % stride
    end = many(state, rest) if rest else state
    tail = [describe(state), describe(end)] if rest else [describe(end)]
    whole = jax.tree.map(lambda *parts: jnp.concatenate([parts[0], jnp.stack(parts[1:])]), path, *tail)
    return end, tail[-1], whole
