"""Draw networks and stream what they show into estimates."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from deeplimits import observables as catalogue
from deeplimits._typing import ArrayLike
from deeplimits.architectures import Architecture
from deeplimits.datasets import Inputs, as_inputs
from deeplimits.randomness import stable_hash
from deeplimits.randomness.keys import key_of
from deeplimits.sampling.blocks import Measured, run_blocks
from deeplimits.sampling.memory import check_memory
from deeplimits.sampling.methods import DENSE, Method, choose
from deeplimits.sampling.provenance import provenance
from deeplimits.sampling.samples import Samples
from deeplimits.statistics import Summary
from deeplimits.validation import positive_integer

# One device call should last long enough to hide its overhead and short enough to show progress: about half a second.
_NEURON_LAYERS_PER_CALL = 3e7


class SamplingError(RuntimeError):
    """Say that networks were drawn but could not be measured (a state left the range of float32)."""


def identity_of(architecture: Architecture, inputs: Inputs, seed: int, matrix: str) -> int:
    """Return the 64-bit identity that the networks' random numbers derive from.

    Not in it, so that runs can be extended and compared: observables, batch size and number of networks.
    """
    content: dict[str, Any] = {"architecture": architecture.canonical(), "seed": seed}
    if not inputs.same_as(as_inputs(None, architecture.input_dim)):
        content["x"] = [list(inputs.values.shape), hashlib.blake2b(inputs.values.tobytes(), digest_size=16).hexdigest()]
    content["matrix"] = matrix
    return stable_hash(content)


def sample(
    architecture: Architecture,
    x: ArrayLike | Inputs | None = None,
    *,
    num_networks: int,
    observables: Iterable[str] = catalogue.DEFAULT,
    seed: int = 0,
    matrix: str = "auto",
    batch_size: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Samples:
    """Draw independent random networks and estimate the law of each observable.

    Exact in law for either matrix: nothing is approximated but rounding. Memory does not grow with ``num_networks``;
    results do not depend on ``batch_size``, and the first N networks of a longer run are the same networks.

    Args:
        architecture: the network.
        x: None for the first unit vector, one vector (input_dim,) or several (inputs, input_dim).
        num_networks: how many networks to draw.
        observables: names from the catalogue of observables.
        seed: any integer of at least 0.
        matrix: how products with weight matrices are drawn, always exactly in law: ``lazy`` (deferred decisions,
            O(width) per layer), ``dense`` (the reference, O(width²)), ``fused`` (one input), ``chain`` (one input, no
            skip connection: O(1) per layer), or ``auto`` for the fastest of them.
        batch_size: networks per device call, rounded to whole blocks; chosen from the network's size by default.
        progress: called as ``progress(done, total)`` after each device call.

    Returns:
        One streamed summary per observable and input, over networks that are not dead.

    Raises:
        ValueError: an argument is out of range, a name is unknown, or the networks would not fit in memory.
        SamplingError: a state overflowed float32 (possible for activations that are not homogeneous).

    >>> from deeplimits.architectures import ResNet
    >>> run = sample(ResNet(width=20, depth=4), num_networks=500, seed=1)
    >>> run["log_squared_norm"].mean.count
    500
    """
    inputs = as_inputs(x, architecture.input_dim)
    total = positive_integer("num_networks", num_networks)
    names = _checked_names(observables)
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63:
        raise ValueError(f"seed must be an integer from 0 to 2^63 - 1, got {seed!r}")
    method = choose(matrix, architecture, inputs.count)
    check_memory(architecture, inputs.count, method)

    started = time.perf_counter()
    summaries = {name: [Summary.empty() for _ in range(inputs.count)] for name in names}
    num_dead = np.zeros(inputs.count, dtype=np.int64)
    key = key_of(identity_of(architecture, inputs, seed, method.name))
    done = 0
    size, calls = _calls(architecture, inputs, total, method, batch_size)
    for blocks in calls:
        measured = run_blocks(architecture, inputs, names, method=method, key=key, blocks=blocks, size=size)
        for start in range(0, len(blocks) * size, size):
            rows = slice(start, start + min(size, total - done))
            _merge_block(summaries, measured, rows)
            num_dead += measured.dead[rows].sum(axis=0)
            done += rows.stop - rows.start
        if progress is not None:
            progress(done, total)
    return Samples(
        architecture=architecture,
        inputs=inputs,
        num_networks=total,
        num_dead=tuple(int(count) for count in num_dead),
        seed=seed,
        matrix=method.name,
        summaries={name: tuple(per_input) for name, per_input in summaries.items()},
        provenance={**provenance(), "seconds": round(time.perf_counter() - started, 3)},
    )


def _checked_names(observables: Iterable[str]) -> tuple[str, ...]:
    names = (observables,) if isinstance(observables, str) else tuple(observables)
    if not names:
        raise ValueError(f"observables is empty; choose from {', '.join(catalogue.CATALOGUE)}")
    # In one order whatever the user's, so that the compiled program and its results are the same.
    wanted = {catalogue.get(name).name for name in names}
    return tuple(name for name in catalogue.CATALOGUE if name in wanted)


def _calls(
    architecture: Architecture, inputs: Inputs, total: int, method: Method, batch_size: int | None
) -> tuple[int, list[range]]:
    """Cut ``total`` networks into device calls: the networks of a block, and the block indices of each call.

    Every call has the same number of blocks, so that one program is compiled: networks beyond ``total`` are dropped.
    """
    size = min(method.block_size, 1 << (total - 1).bit_length())
    num_blocks = -(-total // size)
    if batch_size is None:
        cost = size * architecture.width * (architecture.depth + 1) * inputs.count
        cost *= architecture.width if method is DENSE else 1
        per_call = max(1, int(_NEURON_LAYERS_PER_CALL / cost))
    else:
        per_call = max(1, positive_integer("batch_size", batch_size) // size)
    num_calls = -(-num_blocks // per_call)
    per_call = -(-num_blocks // num_calls)
    return size, [range(start, start + per_call) for start in range(0, num_blocks, per_call)]


def _merge_block(summaries: dict[str, list[Summary]], measured: Measured, rows: slice) -> None:
    alive = ~measured.dead[rows]
    for name, per_input in summaries.items():
        values = measured.values[name][rows]
        for i, summary in enumerate(per_input):
            live = values[alive[:, i], i]
            if not np.all(np.isfinite(live)):
                lost = np.count_nonzero(~np.isfinite(live))
                raise SamplingError(
                    f"{name} is not finite in {lost} networks: the state left the range of float32; "
                    "use a smaller depth or scales nearer to 1, or a homogeneous activation"
                )
            per_input[i] = summary.merge(Summary.from_values(live))
