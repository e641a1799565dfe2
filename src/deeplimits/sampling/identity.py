"""The identity of a run, from which its random numbers derive."""

from __future__ import annotations

import hashlib
from typing import Any

from deeplimits.architectures import Architecture
from deeplimits.datasets import Inputs, as_inputs
from deeplimits.randomness import stable_hash


def identity_of(architecture: Architecture, inputs: Inputs, seed: int, matrix: str) -> int:
    """Return the 64-bit identity that the networks' random numbers derive from.

    Not in it, so that runs can be extended and compared: observables, batch size and number of networks.
    """
    content: dict[str, Any] = {"architecture": architecture.canonical(), "seed": seed}
    if not inputs.same_as(as_inputs(None, architecture.input_dim)):
        content["x"] = [list(inputs.values.shape), hashlib.blake2b(inputs.values.tobytes(), digest_size=16).hexdigest()]
    content["matrix"] = matrix
    return stable_hash(content)
