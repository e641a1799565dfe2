"""Where the laws' random numbers come from."""

from __future__ import annotations

import operator

import numpy as np

from deeplimits.randomness import stable_hash


def law_generator(law: str, seed: int, **content: int | float | str) -> np.random.Generator:
    """Return the generator of one law and seed; other laws, and other ``content``, have independent ones."""
    return np.random.default_rng(stable_hash({"law": law, "seed": operator.index(seed), **content}))
