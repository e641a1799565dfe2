"""Which samples each step of an epoch takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np


class Order(NamedTuple):
    """Hold the order of an epoch.

    Args:
        samples: whole numbers (steps, networks, batch): the samples that each step takes.
        counts: float32 (steps, batch): 1 where a sample counts, 0 in places that are left over.
    """

    samples: Any
    counts: Any


def random_order(generators: Sequence[np.random.Generator], samples: int, batch: int) -> Order:
    """Return an epoch in which every network goes through all samples once, each in a random order of its own.

    Where ``batch`` does not divide ``samples`` the last step has places left over.

    >>> order = random_order([np.random.default_rng(0)], samples=5, batch=2)
    >>> sorted(order.samples[order.counts[:, None] == 1].tolist()), order.counts.tolist()
    ([0, 1, 2, 3, 4], [[1.0, 1.0], [1.0, 1.0], [1.0, 0.0]])
    """
    steps = -(-samples // batch)
    places = np.zeros((len(generators), steps * batch), np.int32)
    for row, generator in zip(places, generators, strict=True):
        row[:samples] = generator.permutation(samples)
    counts = (np.arange(steps * batch) < samples).astype(np.float32)
    return Order(np.moveaxis(places.reshape(-1, steps, batch), 0, 1), counts.reshape(steps, batch))
