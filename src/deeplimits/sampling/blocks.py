"""Blocks of networks: the unit in which networks are drawn, so that results do not depend on how work is cut up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import SingleDeviceSharding

from deeplimits._typing import Float64Array
from deeplimits.architectures import Architecture
from deeplimits.datasets import Inputs
from deeplimits.networks import LAYERED, QUANTITIES, Measurement
from deeplimits.randomness.keys import Key, fold_in, key_of
from deeplimits.sampling.devices import NUM_THREADS, devices_of
from deeplimits.sampling.methods import Method


@dataclass(frozen=True)
class Program:
    """Say what to draw and what to keep; hashable, so that one compilation serves all its calls.

    Args:
        architecture: the network.
        method: how it is drawn.
        quantities: names of what is kept.
        size: networks in a block.
        max_layers: most layers of a layered quantity.
    """

    architecture: Architecture
    method: Method
    quantities: tuple[str, ...]
    size: int
    max_layers: int

    def block(self, vectors: jax.Array, key: Key) -> tuple[dict[str, Measurement], jax.Array]:
        """Draw the block of that ``key`` and measure it; also say which networks are dead."""
        layers = self.max_layers if LAYERED.intersection(self.quantities) else None
        reading = self.method.read(self.architecture, vectors, key, self.size, layers)
        width = self.architecture.width
        return {name: QUANTITIES[name](reading, width) for name in self.quantities}, reading.dead


@dataclass(frozen=True)
class Drawn:
    """Hold what the networks of one call showed.

    Args:
        values: quantity → float64 (networks, inputs), with a last axis for the layers of a layered one.
        dead: whether each network is dead, (networks, inputs).
    """

    values: Mapping[str, Float64Array]
    dead: np.ndarray[Any, np.dtype[np.bool_]]


@partial(jax.jit, static_argnames="program")
def _draw(
    program: Program, vectors: jax.Array, key: Key, blocks: jax.Array
) -> tuple[dict[str, Measurement], jax.Array]:
    return jax.lax.map(lambda index: program.block(vectors, fold_in(key, index)), blocks)


@lru_cache(maxsize=256)
def _executable(program: Program, device: jax.Device, num_vectors: int, num_blocks: int) -> Callable[..., Any]:
    """Compile `_draw` once, where threads that find it missing would each do so."""
    place = SingleDeviceSharding(device)

    def array(shape: tuple[int, ...], dtype: Any) -> jax.ShapeDtypeStruct:
        return jax.ShapeDtypeStruct(shape, dtype, sharding=place)

    key = jax.tree.map(lambda word: array(word.shape, word.dtype), key_of(0))
    vectors = array((num_vectors, program.architecture.input_dim), jnp.float32)
    compiled: Callable[..., Any] = _draw.lower(program, vectors, key, array((num_blocks,), jnp.uint32)).compile()
    return compiled


def _run_on_devices(
    program: Program, devices: tuple[jax.Device, ...], vectors: jax.Array, key: Key, blocks: range
) -> tuple[dict[str, Any], Any]:
    """Split ``blocks`` evenly over ``devices``, a thread each: they draw side by side.

    The last one draws blocks beyond the last to keep up; what they show is dropped.
    """
    share = -(-len(blocks) // len(devices))
    firsts = range(blocks.start, blocks.stop, share)
    runs = {device: _executable(program, device, vectors.shape[0], share) for device in dict.fromkeys(devices)}

    def part(device: jax.Device, first: int) -> tuple[dict[str, Any], Any]:
        numbers = jnp.arange(first, first + share, dtype=jnp.uint32)
        arguments = jax.device_put((vectors, key, numbers), device)
        return jax.tree.map(np.asarray, runs[device](*arguments))

    with ThreadPoolExecutor(max_workers=len(devices)) as threads:
        parts = list(threads.map(part, devices, firsts))
    return jax.tree.map(lambda *arrays: np.concatenate(arrays)[: len(blocks)], *parts)


_fold_in = jax.jit(fold_in)  # else dispatched operation by operation, which takes as long as a small block


def _run_on_host(program: Program, vectors: jax.Array, key: Key, blocks: jax.Array) -> tuple[dict[str, Any], Any]:
    """Do what `_run_on_devices` does for a method outside JAX, whose loops let threads run side by side."""
    keys = (Key(*words) for words in zip(*map(np.asarray, _fold_in(key, blocks)), strict=True))
    with ThreadPoolExecutor(max_workers=NUM_THREADS) as threads:
        parts = threads.map(partial(program.block, vectors), keys)
        return jax.tree.map(lambda *arrays: np.stack(arrays), *parts)


def run_blocks(
    program: Program, inputs: Inputs, key: Key, blocks: range, devices: tuple[jax.Device, ...] | None = None
) -> Drawn:
    """Draw ``blocks`` and measure them.

    A homogeneous network lets the inputs be normalised on the device: their norms come back here, in float64.

    Args:
        program: what to draw and what to keep.
        inputs: the input vectors.
        key: the run's key.
        blocks: numbers of the blocks.
        devices: which draw side by side, a device as often as it has threads; by default `devices_of` any kind.
    """
    architecture, norms = program.architecture, inputs.squared_norms
    factor = architecture.input_variance / architecture.input_dim
    homogeneous = architecture.homogeneous
    scale = 1 / np.sqrt(norms) if homogeneous else np.full(inputs.count, np.sqrt(factor))
    vectors = jnp.asarray(program.method.prepare(inputs.values * scale[:, None]), dtype=jnp.float32)
    if program.method.on_device:
        measured, dead = _run_on_devices(program, devices or devices_of(None), vectors, key, blocks)
    else:
        measured, dead = _run_on_host(program, vectors, key, jnp.asarray(list(blocks), dtype=jnp.uint32))

    log_factor = np.log(architecture.input_variance) - np.log(architecture.input_dim)
    log_scale = log_factor + np.log(norms) if homogeneous else np.zeros(inputs.count)
    relative = log_scale + np.log(architecture.input_dim) - np.log(architecture.width) - np.log(norms)
    values = {}
    for name, (mantissa, exponent) in measured.items():
        value = np.asarray(mantissa, np.float64)
        if exponent is not None:
            offset = {"log_squared_norm": log_scale, "log_sine": 0.0}.get(name, relative)
            value = value + np.asarray(exponent, np.float64) * (2 * np.log(2)) + offset
        if name in LAYERED:  # (blocks, layers, networks, inputs) → (blocks, networks, inputs, layers)
            value = np.moveaxis(value, 1, -1)
        values[name] = value.reshape(-1, *value.shape[2:])
    return Drawn(values, np.asarray(dead).reshape(-1, inputs.count))
