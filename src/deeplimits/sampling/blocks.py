"""Blocks of networks: the unit in which networks are drawn, so that results do not depend on how work is cut up."""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.architectures import Architecture
from deeplimits.datasets import Inputs
from deeplimits.networks import MEASURES, Measurement
from deeplimits.randomness.keys import Key, fold_in
from deeplimits.sampling.methods import Method


@dataclass(frozen=True)
class Measured:
    """Hold what some networks showed: observable → float64 (networks, inputs), and which were dead."""

    values: Mapping[str, Float64Array]
    dead: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@partial(jax.jit, static_argnames=("architecture", "method", "observables", "size"))
def _run_on_device(
    architecture: Architecture,
    method: Method,
    observables: tuple[str, ...],
    size: int,
    vectors: jax.Array,
    key: Key,
    blocks: jax.Array,
) -> tuple[dict[str, Measurement], jax.Array]:
    def block(index: jax.Array) -> tuple[dict[str, Measurement], jax.Array]:
        reading = method.read(architecture, vectors, fold_in(key, index), size, None)
        return {name: MEASURES[name](reading, architecture.width) for name in observables}, reading.dead

    return jax.lax.map(block, blocks)


def _run_on_host(
    architecture: Architecture,
    method: Method,
    observables: tuple[str, ...],
    size: int,
    vectors: jax.Array,
    key: Key,
    blocks: jax.Array,
) -> tuple[dict[str, Measurement], jax.Array]:
    """Do what `_run_on_device` does for a method in NumPy, whose generators let threads run side by side."""

    def block(index: jax.Array) -> tuple[dict[str, Measurement], jax.Array]:
        reading = method.read(architecture, vectors, fold_in(key, index), size, None)
        return {name: MEASURES[name](reading, architecture.width) for name in observables}, reading.dead

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
        return jax.tree.map(lambda *parts: jnp.stack(parts), *threads.map(block, blocks))


def run_blocks(
    architecture: Architecture,
    inputs: Inputs,
    observables: tuple[str, ...],
    *,
    method: Method,
    key: Key,
    blocks: range,
    size: int,
) -> Measured:
    """Draw the first ``size`` networks of each block in ``blocks`` and measure them.

    A homogeneous activation lets the inputs be normalised on the device: their norms come back here, in float64.
    """
    norms = inputs.squared_norms
    factor = architecture.input_variance / architecture.input_dim
    homogeneous = architecture.phi.homogeneous
    scale = 1 / np.sqrt(norms) if homogeneous else np.full(inputs.count, np.sqrt(factor))
    vectors = jnp.asarray(inputs.values * scale[:, None], dtype=jnp.float32)
    run = _run_on_device if method.on_device else _run_on_host
    indices = jnp.asarray(list(blocks), dtype=jnp.uint32)
    measured, dead = run(architecture, method, observables, size, vectors, key, indices)
    log_scale = np.log(factor * norms) if homogeneous else np.zeros(inputs.count)
    offset = {
        "log_squared_norm": log_scale,
        "log_norm_hidden": log_scale + np.log(architecture.input_dim / (architecture.width * norms)),
    }
    values = {}
    for name, (mantissa, exponent) in measured.items():
        value = np.asarray(mantissa, np.float64)
        if exponent is not None:
            value = value + np.asarray(exponent, np.float64) * (2 * np.log(2)) + offset[name]
        values[name] = value.reshape(-1, inputs.count)
    return Measured(values, np.asarray(dead).reshape(-1, inputs.count))
