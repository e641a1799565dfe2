"""Many seeds: their keys, and how many are trained side by side."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from deeplimits.datasets import LabelledData
from deeplimits.parametrizations import TrainingSetup
from deeplimits.randomness.identity import stable_hash
from deeplimits.randomness.keys import fold_in, key_of
from deeplimits.training.input_layer import Vectors
from deeplimits.training.program import Labels, Numbers, Program, Record
from deeplimits.training.simulate import simulate
from deeplimits.training.weights import as_weights

_BYTES = 1.5e9  # arrays of the seeds that are trained side by side


def train_seeds(
    program: Program,
    setup: TrainingSetup,
    data: LabelledData,
    seeds: int,
    seed: int,
    progress: Callable[[int, int], None] | None,
) -> Record:
    """Train ``seeds`` networks, as many at once as fit into memory, and return their records, one after another.

    Args:
        program: what to train, and how.
        setup: learning rates and initial scales.
        data: training and test inputs.
        seeds: number of networks.
        seed: of all of them.
        progress: called with the number of seeds done and of all.
    """
    architecture = program.architecture
    size, depth = architecture.width, architecture.depth
    numbers = Numbers(
        as_weights(setup.scaling.initial_scales(size, depth)),
        as_weights(setup.group_learning_rates(size, depth)),
        jnp.float32(setup.learning_rate),
    )
    vectors = _vectors(data, program.span)
    labels = Labels(jnp.asarray(data.train_labels, jnp.int32), jnp.asarray(data.test_labels, jnp.int32))
    root = key_of(stable_hash({"training": _start_of(program), "seed": seed}))
    keys = jax.vmap(lambda index: fold_in(root, index))(jnp.arange(seeds))
    together = max(1, min(seeds, int(_BYTES // _bytes_of(program, data))))
    parts = []
    for start in range(0, seeds, together):
        some = jax.tree.map(lambda part, start=start: part[start : start + together], keys)
        parts.append(jax.device_get(simulate(program, numbers, some, vectors, labels)))
        if progress is not None:
            progress(min(start + together, seeds), seeds)
    whole: Record = jax.tree.map(lambda *arrays: np.concatenate(arrays), *parts)
    return whole


@lru_cache(maxsize=2)
def _vectors(data: LabelledData, span: bool) -> Vectors:
    """Return the inputs as float32, with Gram matrices taken in float64: once for all widths of a sweep."""
    train, test = data.train_inputs, data.test_inputs
    grams = (train @ train.T, train @ test.T) if span else (np.zeros((0, 0)), np.zeros((0, 0)))
    return Vectors(*(jnp.asarray(array, jnp.float32) for array in (train, test, *grams)))


def _start_of(program: Program) -> dict[str, Any]:
    """Return what the initial weights depend on, so that other setups start from the same ones."""
    network = program.architecture
    sizes = {name: getattr(network, name) for name in ("width", "depth", "input_dim", "output_dim")}
    return {"kind": network.kind, **sizes, "weight_law": program.weight_law}


def _bytes_of(program: Program, data: LabelledData) -> float:
    """Return roughly the memory of one seed."""
    network = program.architecture
    samples = 6 * data.train_size + 10 * data.test_size
    copies = 4 + 2 * program.optimizer.normalised
    weights = network.input_dim * (1 if program.span else copies) + network.depth * network.width * copies
    return 4.0 * network.width * (samples * max(1, min(network.depth, 8) / 2) + weights)
