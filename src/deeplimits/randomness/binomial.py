"""Binomial(n, 1/2) numbers by the alias method: two look-ups a number, whatever n is."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplimits._typing import Float64Array


class AliasTable(NamedTuple):
    """Hold Walker's table of a law on ``values``: column i is ``values[i]`` below ``cut[i]``, else ``other[i]``."""

    values: Float64Array
    cut: Float64Array
    other: Float64Array


@lru_cache(maxsize=32)
def half_binomial_table(n: int) -> AliasTable:
    """Return the alias table of Binomial(n, 1/2); values of probability below 1e-20 are left out."""
    from scipy.special import gammaln

    spread = int(np.ceil(10 * np.sqrt(n / 4))) + 1  # ten standard deviations: 1e-23 a side
    values = np.arange(max(0, n // 2 - spread), min(n, n - n // 2 + spread) + 1, dtype=np.float64)
    log_probability = gammaln(n + 1) - gammaln(values + 1) - gammaln(n - values + 1) - n * np.log(2)
    return alias_table(values, np.exp(log_probability))


def alias_table(values: Float64Array, probability: Float64Array) -> AliasTable:
    """Return Walker's alias table of the law that gives ``probability`` to ``values``.

    >>> table = alias_table(np.array([0.0, 1.0]), np.array([0.25, 0.75]))
    >>> table.cut.tolist(), table.other.tolist()
    ([0.5, 1.0], [1.0, 1.0])
    """
    cut = probability / probability.sum() * values.size
    other = np.arange(values.size)
    small, large = [list(np.flatnonzero(side)) for side in (cut < 1, cut >= 1)]
    while small and large:
        poor, rich = small.pop(), large[-1]
        other[poor] = rich
        cut[rich] -= 1 - cut[poor]
        if cut[rich] < 1:
            small.append(large.pop())
    cut[small + large] = 1  # what is left differs from 1 by rounding only
    return AliasTable(values, cut, values[other])


def draw(table: AliasTable, generator: np.random.Generator, size: int) -> NDArray[np.float64]:
    """Return ``size`` independent numbers of the table's law."""
    # One double serves both look-ups: its integer part picks the column, its fraction (over 40 bits) the side.
    scaled = generator.random(size) * table.values.size
    column = scaled.astype(np.intp)
    return np.where(scaled - column < table.cut[column], table.values[column], table.other[column])
