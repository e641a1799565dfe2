"""The ways to draw a block of networks, all exact in law, and the choice between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import jax
import jax.numpy as jnp

from deeplimits.architectures import Architecture
from deeplimits.matrices import DenseGaussian, LazyGaussian, Matrix
from deeplimits.networks import Reading, forward
from deeplimits.networks.reductions import chi_square_chain, one_input
from deeplimits.randomness.keys import Key, fold_in
from deeplimits.validation import unknown_name

BlockReader: TypeAlias = Callable[[Architecture, jax.Array, Key, int, int | None], Reading]


@dataclass(frozen=True)
class Method:
    """Describe one way to draw networks.

    Args:
        name: what the user calls it.
        block_size: networks in a block; a constant, because it decides which random numbers a network gets.
        refuses: says why the method cannot sample (architecture, number of inputs), or None if it can.
        read: draws a block (architecture, scaled input rows, block key, size, max_layers); networks are the last axis
            but one of each field, inputs the last.
        on_device: whether ``read`` is a JAX program; else it is NumPy and runs in threads.
    """

    name: str
    block_size: int
    refuses: Callable[[Architecture, int], str | None]
    read: BlockReader
    on_device: bool = True


def _accepts_all(architecture: Architecture, num_inputs: int) -> str | None:
    return None


def _read_general(
    matrix: type[Matrix], architecture: Architecture, vectors: jax.Array, key: Key, size: int, max_layers: int | None
) -> Reading:
    def read(network_key: Key) -> Reading:
        return forward(architecture, matrix, vectors, network_key, max_layers)

    read_all: Callable[[Key], Reading] = jax.vmap(read, out_axes=-2)
    return read_all(fold_in(key, jnp.arange(size)))


def _read_one_input(
    architecture: Architecture, vectors: jax.Array, key: Key, size: int, max_layers: int | None
) -> Reading:
    return one_input.read_block(architecture, jnp.linalg.norm(vectors), key, size, max_layers)


def _read_chain(architecture: Architecture, vectors: jax.Array, key: Key, size: int, max_layers: int | None) -> Reading:
    seed = (int(key.high), int(key.low))
    return chi_square_chain.read_block(architecture, float(jnp.linalg.norm(vectors)), seed, size, max_layers)


CHAIN = Method("chain", 4096, chi_square_chain.refuses, _read_chain, on_device=False)
FUSED = Method("fused", 512, one_input.refuses, _read_one_input)
LAZY = Method("lazy", 256, _accepts_all, partial(_read_general, LazyGaussian))
DENSE = Method("dense", 16, _accepts_all, partial(_read_general, DenseGaussian))

# The fastest first: `auto` takes the first that does not refuse.
METHODS = {method.name: method for method in (CHAIN, FUSED, LAZY, DENSE)}


def choose(matrix: str, architecture: Architecture, num_inputs: int) -> Method:
    """Return the method called ``matrix``, or for ``auto`` the fastest one that can do it.

    Raises:
        ValueError: the name is unknown, or the method refuses; the reason is given.
    """
    if matrix == "auto":
        return next(method for method in METHODS.values() if method.refuses(architecture, num_inputs) is None)
    if matrix not in METHODS:
        raise unknown_name("matrix", matrix, ["auto", *METHODS])
    reason = METHODS[matrix].refuses(architecture, num_inputs)
    if reason is not None:
        raise ValueError(f"matrix={matrix!r} cannot sample this network: {reason}; use matrix='auto'")
    return METHODS[matrix]
