"""Join runs made on several machines."""

from __future__ import annotations

import dataclasses

from deeplimits.sampling.persistence import run_identity
from deeplimits.sampling.samples import Samples


def merge(first: Samples, second: Samples) -> Samples:
    """Join two runs of one stream, the second beginning where the first ends: for runs on several machines.

    Raises:
        ValueError: one of them is no run, or they are of other networks, inputs, seeds or observables, or do not follow
            each other.
    """
    for run in (first, second):
        if not isinstance(run, Samples):
            raise ValueError(f"expected two runs as sample or load return them, got {type(run).__name__}")
    if run_identity(first) != run_identity(second) or first.observables != second.observables:
        raise ValueError("the two runs differ in architecture, inputs, seed, matrix or observables: they cannot merge")
    end = first.first_network + first.num_networks
    if first.rest.num_networks or end != second.first_network:
        raise ValueError(
            f"the first run ends at network {end}, the second begins at {second.first_network}: give the second "
            "first_network where the first ends, a whole number of blocks"
        )
    return dataclasses.replace(first, complete=first.complete.merge(second.complete), rest=second.rest)
