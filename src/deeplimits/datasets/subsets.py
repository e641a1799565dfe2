"""Random subsets in which every class keeps its share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deeplimits.datasets.labelled import Labels


def stratified_order(labels: Labels, seed: int) -> NDArray[np.int64]:
    """Return a random order of the indices of which every beginning holds each class in proportion.

    Args:
        labels: class of each item.
        seed: of the order.

    Note: among the first n, the number of a class differs from its share of n by less than 2.

    >>> labels = np.repeat([0, 1], [30, 10])
    >>> np.bincount(labels[stratified_order(labels, seed=0)[:20]]).tolist() in ([14, 6], [15, 5], [16, 4])
    True
    """
    generator = np.random.default_rng(seed)
    position = np.empty(labels.shape)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        # The k-th member, in random order, stands at a random place of the k-th of equal parts of the line.
        position[generator.permutation(members)] = (np.arange(members.size) + generator.random()) / members.size
    return np.argsort(position, kind="stable")
