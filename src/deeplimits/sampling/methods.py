"""The ways to draw a block of networks, all exact in law, and the choice between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from types import ModuleType
from typing import TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.architectures import MLP, Architecture, ResNet
from deeplimits.datasets import along_and_across
from deeplimits.matrices import DenseGaussian, LazyGaussian, Matrix
from deeplimits.networks import Reading, forward
from deeplimits.networks.reductions import chi_square_chain, norm_chain, one_input, two_inputs
from deeplimits.networks.scales import hidden_width_of
from deeplimits.randomness.keys import Key, fold_in
from deeplimits.validation import unknown_name

BlockReader: TypeAlias = Callable[[Architecture, jax.Array, Key, int, int | None], Reading]


def _as_they_are(rows: Float64Array) -> Float64Array:
    return rows


@dataclass(frozen=True)
class Method:
    """Describe one way to draw networks.

    Args:
        name: what the user calls it.
        block_size: networks in a block; a constant, because it decides which random numbers a network gets.
        refuses: says why the method cannot show (architecture, number of inputs, observables), or None if it can.
        read: draws a block (architecture, scaled input rows, block key, size, max_layers); networks are the last axis
            but one of each field, inputs the last.
        on_device: whether ``read`` is a JAX program; else it runs in threads of the host.
        prepare: makes what ``read`` is given, in float64, of the scaled input rows.
        divisible: whether a network's numbers do not depend on the block's size, so that a short run may cut it.
    """

    name: str
    block_size: int
    refuses: Callable[[Architecture, int, tuple[str, ...]], str | None]
    read: BlockReader
    on_device: bool = True
    prepare: Callable[[Float64Array], Float64Array] = _as_they_are
    divisible: bool = True


def _accepts_all(architecture: Architecture, num_inputs: int, observables: tuple[str, ...]) -> str | None:
    return None


def _read_general(
    matrix: type[Matrix], architecture: Architecture, vectors: jax.Array, key: Key, size: int, max_layers: int | None
) -> Reading:
    def read(network_key: Key) -> Reading:
        return forward(architecture, matrix, vectors, network_key, max_layers)

    read_all: Callable[[Key], Reading] = jax.vmap(read, out_axes=-2)
    return read_all(fold_in(key, jnp.arange(size)))


def _read_pair(architecture: Architecture, vectors: jax.Array, key: Key, size: int, max_layers: int | None) -> Reading:
    def read(network_key: Key) -> Reading:
        return two_inputs.forward_pair(architecture, LazyGaussian, vectors, network_key, max_layers)

    read_all: Callable[[Key], Reading] = jax.vmap(read, out_axes=-2)
    return read_all(fold_in(key, jnp.arange(size)))


def _read_one_input(
    architecture: Architecture, vectors: jax.Array, key: Key, size: int, max_layers: int | None
) -> Reading:
    return one_input.read_block(architecture, jnp.linalg.norm(vectors), key, size, max_layers)


def _read_chain(architecture: Architecture, vectors: jax.Array, key: Key, size: int, max_layers: int | None) -> Reading:
    seed = (int(key.high), int(key.low))
    chain = _chain_of(architecture)
    return chain.read_block(architecture, float(jnp.linalg.norm(vectors)), seed, size, max_layers)


def _chain_of(architecture: Architecture) -> ModuleType:
    return chi_square_chain if hidden_width_of(architecture) is None else norm_chain


def _chain_refuses(architecture: Architecture, num_inputs: int, observables: tuple[str, ...]) -> str | None:
    return _chain_of(architecture).refuses(architecture, num_inputs, observables)


def _compiled_refuses(architecture: Architecture, num_inputs: int, observables: tuple[str, ...]) -> str | None:
    if find_spec("numba") is None:
        return "it is compiled by Numba, which is not installed: pip install 'deeplimits[fast]'"
    from deeplimits.networks.reductions import compiled

    return compiled.refuses(architecture, num_inputs)


def _read_compiled(
    architecture: Architecture, vectors: jax.Array, key: Key, size: int, max_layers: int | None
) -> Reading:
    from deeplimits.networks.reductions import compiled

    return compiled.read_block(architecture, float(np.linalg.norm(vectors)), key, size, max_layers)


CHAIN = Method("chain", 4096, _chain_refuses, _read_chain, on_device=False, divisible=False)
COMPILED = Method("compiled", 2048, _compiled_refuses, _read_compiled, on_device=False)
FUSED = Method("fused", 512, one_input.refuses, _read_one_input)
PAIR = Method("pair", 256, two_inputs.refuses, _read_pair, prepare=along_and_across)
LAZY = Method("lazy", 256, _accepts_all, partial(_read_general, LazyGaussian))
DENSE = Method("dense", 16, _accepts_all, partial(_read_general, DenseGaussian))

# Networks × layers × width from which `auto` compiles: five seconds of `fused` on a core, which compiling repays.
_REPAYS_COMPILATION = 2e9

# The fastest first: `auto` takes the first that does not refuse.
METHODS = {method.name: method for method in (CHAIN, COMPILED, FUSED, PAIR, LAZY, DENSE)}


def choose(
    matrix: str, architecture: Architecture, num_inputs: int, observables: tuple[str, ...], num_networks: int = 1
) -> Method:
    """Return the method called ``matrix``, or for ``auto`` the fastest one that can do it.

    With Numba installed ``auto`` takes ``compiled`` for runs of at least 2e9 neuron-layers (networks × (depth + 1) ×
    width): nearly three times as fast, in law the same. So the networks of a seed depend on what is installed for long
    runs only; a run says its method, and keeps it when it is extended. Name one to have the same everywhere.

    Raises:
        ValueError: the name is unknown, or the method refuses, or every one does; the reason is given.
    """
    if not isinstance(architecture, (MLP, ResNet)):
        raise ValueError(
            f"no sampler is written for {type(architecture).__name__}, only for MLP, ResNet and BalancedResNet; its "
            "kernels at infinite width are known: deeplimits.nngp, deeplimits.ntk"
        )
    asked = (architecture, num_inputs, observables)
    if matrix == "auto":
        is_short = num_networks * (architecture.depth + 1) * architecture.width < _REPAYS_COMPILATION
        methods = (method for method in METHODS.values() if not (is_short and method is COMPILED))
        return next(method for method in methods if method.refuses(*asked) is None)
    if matrix not in METHODS:
        raise unknown_name("matrix", matrix, ["auto", *METHODS])
    reason = METHODS[matrix].refuses(*asked)
    if reason is not None:
        raise ValueError(f"matrix={matrix!r} cannot sample this network: {reason}; use matrix='auto'")
    return METHODS[matrix]
