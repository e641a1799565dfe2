"""Draw block after block until a run has as many networks as asked."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

from deeplimits import observables as catalogue
from deeplimits.architectures import Architecture
from deeplimits.datasets import Inputs
from deeplimits.networks.scales import num_blocks_of
from deeplimits.randomness.keys import key_of
from deeplimits.sampling.accumulators import ACCUMULATORS, Setting, accumulator_of
from deeplimits.sampling.blocks import Program, run_blocks
from deeplimits.sampling.derived import drawn_quantities, with_derived
from deeplimits.sampling.devices import NUM_THREADS, devices_of
from deeplimits.sampling.identity import identity_of
from deeplimits.sampling.methods import DENSE, METHODS, Method
from deeplimits.sampling.provenance import provenance
from deeplimits.sampling.samples import Samples
from deeplimits.sampling.states import States
from deeplimits.sampling.typical_scale import log_output_scale
from deeplimits.validation import positive_integer

# One device call should last long enough to hide its overhead and short enough to show progress: a part of a second.
_NEURON_LAYERS_PER_CALL = 3e7
# And what it brings back must not show in the memory that a run takes, however small its networks are.
_NETWORKS_PER_CALL = 1 << 17
_SECONDS_BETWEEN_CHECKPOINTS = 10.0


def settings_of(
    architecture: Architecture, inputs: Inputs, names: tuple[str, ...], max_layers: int
) -> dict[str, tuple[Setting, ...]]:
    """Return the accumulators that ``names`` need, with the setting of each of their states."""
    layers = catalogue.recorded_layers(num_blocks_of(architecture), max_layers)
    each = tuple(
        Setting(layers, architecture.output_dim, log_output_scale(architecture, float(norm)))
        for norm in inputs.squared_norms
    )
    return {accumulator_of(name): each[:1] if catalogue.get(name).inputs == 2 else each for name in names}


def advance(
    samples: Samples,
    total: int,
    batch_size: int | None,
    progress: Callable[[int, int], None] | None,
    checkpoint: Callable[[Samples], object] | None,
    device: str | None = None,
) -> Samples:
    """Return ``samples`` with networks drawn until there are ``total``.

    Only whole blocks are merged into the state that goes on; what is left over is drawn again when the run is extended.
    """
    started = time.perf_counter()
    architecture, inputs, method = samples.architecture, samples.inputs, METHODS[samples.matrix]
    settings = settings_of(architecture, inputs, samples.observables, samples.max_layers)
    quantities = sorted({quantity for name in settings for quantity in ACCUMULATORS[name].quantities})
    done = samples.complete.num_networks
    devices = devices_of(device)
    lanes = len(devices) if method.on_device else NUM_THREADS
    size, num_blocks, per_call = _plan(architecture, inputs, total - done, method, batch_size, lanes)
    program = Program(architecture, method, drawn_quantities(quantities), size, samples.max_layers)
    key = key_of(identity_of(architecture, inputs, samples.seed, samples.matrix))
    first = (samples.first_network + done) // method.block_size
    complete, rest = samples.complete, States.empty(settings, inputs.count)

    def so_far() -> Samples:
        seconds = samples.provenance.get("seconds", 0.0) + time.perf_counter() - started
        made = {**provenance(), "seconds": round(seconds, 3)}
        return dataclasses.replace(samples, complete=complete, rest=rest, provenance=made)

    saved = started
    try:
        for start in range(0, num_blocks, per_call):
            drawn = run_blocks(program, inputs, key, range(first + start, first + start + per_call), devices)
            drawn = with_derived(drawn, quantities, inputs)
            for row in range(0, per_call * size, size):
                count = min(size, total - done)
                states = States.of(settings, drawn, slice(row, row + count))
                if count == method.block_size:
                    complete = complete.merge(states)
                elif count:
                    rest = states
                done += count
            if progress is not None:
                progress(done, total)
            if checkpoint is not None and time.perf_counter() - saved > _SECONDS_BETWEEN_CHECKPOINTS and done < total:
                checkpoint(so_far())
                saved = time.perf_counter()
    except KeyboardInterrupt:
        # Wherever it struck, ``complete`` is one run's whole blocks: each merge replaces it in one step.
        if checkpoint is not None:
            checkpoint(so_far())
        raise
    return so_far()


def _plan(
    architecture: Architecture, inputs: Inputs, missing: int, method: Method, batch_size: int | None, lanes: int
) -> tuple[int, int, int]:
    """Return the networks of a block, the number of blocks, and the blocks of a call, which ``lanes`` share.

    Every call has the same number of blocks, so that one program is compiled: networks beyond the last are dropped.
    """
    # A lane's numbers do not depend on how many there are on a device, so a short run draws no more than it needs.
    size = min(method.block_size, 1 << max(missing - 1, 0).bit_length()) if method.divisible else method.block_size
    num_blocks = -(-missing // size)
    if batch_size is None:
        cost = size * architecture.width * (architecture.depth + 1) * inputs.count
        cost *= architecture.width if method is DENSE else 1
        per_call = max(1, min(int(_NEURON_LAYERS_PER_CALL / cost), _NETWORKS_PER_CALL // (size * inputs.count)))
        per_call = lanes * -(-per_call // lanes)
    else:
        per_call = max(1, positive_integer("batch_size", batch_size) // size)
    num_calls = max(1, -(-num_blocks // per_call))
    return size, num_blocks, max(1, -(-num_blocks // num_calls))
