"""Blocks of networks: the unit in which networks are drawn, so that results do not depend on how work is cut up."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.architectures import Architecture
from deeplimits.datasets import Inputs
from deeplimits.networks import LAYERED, QUANTITIES, Measurement
from deeplimits.randomness.keys import Key, fold_in
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

    def block(self, vectors: jax.Array, key: Key, index: jax.Array) -> tuple[dict[str, Measurement], jax.Array]:
        """Draw the block of that ``index`` and measure it."""
        layers = self.max_layers if LAYERED.intersection(self.quantities) else None
        reading = self.method.read(self.architecture, vectors, fold_in(key, index), self.size, layers)
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
def _run_on_device(
    program: Program, vectors: jax.Array, key: Key, blocks: jax.Array
) -> tuple[dict[str, Measurement], jax.Array]:
    return jax.lax.map(partial(program.block, vectors, key), blocks)


def _run_on_host(
    program: Program, vectors: jax.Array, key: Key, blocks: jax.Array
) -> tuple[dict[str, Measurement], jax.Array]:
    """Do what `_run_on_device` does for a method in NumPy, whose generators let threads run side by side."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
        parts = threads.map(partial(program.block, vectors, key), blocks)
        return jax.tree.map(lambda *arrays: jnp.stack(arrays), *parts)


def run_blocks(program: Program, inputs: Inputs, key: Key, blocks: range) -> Drawn:
    """Draw ``blocks`` and measure them.

    A homogeneous activation lets the inputs be normalised on the device: their norms come back here, in float64.
    """
    architecture, norms = program.architecture, inputs.squared_norms
    factor = architecture.input_variance / architecture.input_dim
    homogeneous = architecture.phi.homogeneous
    scale = 1 / np.sqrt(norms) if homogeneous else np.full(inputs.count, np.sqrt(factor))
    vectors = jnp.asarray(inputs.values * scale[:, None], dtype=jnp.float32)
    run = _run_on_device if program.method.on_device else _run_on_host
    measured, dead = run(program, vectors, key, jnp.asarray(list(blocks), dtype=jnp.uint32))

    log_factor = np.log(architecture.input_variance) - np.log(architecture.input_dim)
    log_scale = log_factor + np.log(norms) if homogeneous else np.zeros(inputs.count)
    relative = log_scale + np.log(architecture.input_dim) - np.log(architecture.width) - np.log(norms)
    values = {}
    for name, (mantissa, exponent) in measured.items():
        value = np.asarray(mantissa, np.float64)
        if exponent is not None:
            offset = log_scale if name == "log_squared_norm" else relative
            value = value + np.asarray(exponent, np.float64) * (2 * np.log(2)) + offset
        if name in LAYERED:  # (blocks, layers, networks, inputs) → (blocks, networks, inputs, layers)
            value = np.moveaxis(value, 1, -1)
        values[name] = value.reshape(-1, *value.shape[2:])
    return Drawn(values, np.asarray(dead).reshape(-1, inputs.count))
