"""A mergeable summary of a distribution: exact while small, then bounded in memory with a proven rank error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from deeplimits._typing import ArrayLike, Float64Array

CAPACITY = 131_072
_CHUNKS = 64  # arrays a level may consist of before they are joined; bounds the cost of tiny merges

Level = tuple[Float64Array, ...]


@dataclass(frozen=True, eq=False)
class QuantileSketch:
    """Hold a weighted subset of the values seen, from which ranks and quantiles are read.

    Level h holds values of weight 2^h. A level that outgrows ``CAPACITY`` is sorted and every second value moves one
    level up. Keeping the lower of each pair changes a rank by 0 or +2^h, keeping the upper by 0 or −2^h, whatever the
    values are. Both sums are carried, and each compaction keeps the side that balances them. So |rank error| ≤
    max(over, under) / count always, and about log2(count / CAPACITY) / (2 CAPACITY) for a stream: 2.4e-5 at 10⁷
    values, in under 1 MB for each doubling beyond ``CAPACITY``.

    Args:
        levels: values by level, each level as a tuple of arrays.
        count: values seen.
        over: most by which a rank may be too high.
        under: most by which a rank may be too low.

    >>> sketch = QuantileSketch.from_values(np.array([3.0, 1.0, 2.0, 2.0]))
    >>> float(sketch.quantile(0.5)), float(sketch.cdf(2.0)), sketch.rank_error
    (2.0, 0.75, 0.0)

    References: manku1998approximate, section 3.
    """

    levels: tuple[Level, ...] = field(default=(), repr=False)
    count: int = 0
    over: int = 0
    under: int = 0

    @classmethod
    def from_values(cls, values: Float64Array) -> QuantileSketch:
        """Return the sketch of finite ``values``."""
        if values.size == 0:
            return cls()
        # Adding 0 turns −0.0 into 0.0 (and copies), so that equal values have equal bits in whatever order.
        return cls(((values.ravel() + 0.0,),), int(values.size))._compacted()

    def merge(self, other: QuantileSketch) -> QuantileSketch:
        """Return the sketch of both streams together; the rank errors add up."""
        height = max(len(self.levels), len(other.levels))
        levels = tuple(_level(self, h) + _level(other, h) for h in range(height))
        merged = (self.count + other.count, self.over + other.over, self.under + other.under)
        return QuantileSketch(levels, *merged)._compacted()

    def _compacted(self) -> QuantileSketch:
        """Return the sketch with every level within its capacity."""
        chunks = max(map(len, self.levels), default=0)
        sizes = [sum(chunk.size for chunk in level) for level in self.levels]
        if chunks <= _CHUNKS and not any(map(_overfull, sizes, range(len(sizes)))):
            return self
        levels = [np.concatenate(level) if level else np.empty(0) for level in self.levels]
        over, under, height = self.over, self.under, 0
        while height < len(levels):
            size = levels[height].size
            if _overfull(size, height):
                if height + 1 == len(levels):
                    levels.append(np.empty(0))
                ordered, paired = np.sort(levels[height]), size - size % 2
                keep_lower = over <= under
                kept = ordered[:paired:2] if keep_lower else ordered[1:paired:2]
                over, under = over + (keep_lower << height), under + ((not keep_lower) << height)
                levels[height] = ordered[paired:].copy()
                levels[height + 1] = np.concatenate([levels[height + 1], kept])
            height += 1
        return QuantileSketch(tuple((level,) if level.size else () for level in levels), self.count, over, under)

    @property
    def rank_error(self) -> float:
        """Proven bound on |cdf(y) − fraction of values ≤ y|, for every y at once; 0 while everything is kept."""
        return max(self.over, self.under) / max(self.count, 1)

    def points(self) -> tuple[Float64Array, NDArray[np.int64]]:
        """Return the kept values, strictly increasing, and their weights, which sum to ``count``."""
        return self._points

    @cached_property
    def _points(self) -> tuple[Float64Array, NDArray[np.int64]]:
        chunks = [(chunk, height) for height, level in enumerate(self.levels) for chunk in level]
        if not chunks:
            return np.empty(0), np.empty(0, dtype=np.int64)
        values = np.concatenate([chunk for chunk, _ in chunks])
        weights = np.repeat(
            np.array([1 << height for _, height in chunks], dtype=np.int64), [chunk.size for chunk, _ in chunks]
        )
        order = np.argsort(values, kind="stable")
        values, weights = values[order], weights[order]
        first = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
        return values[first], np.add.reduceat(weights, first)

    @cached_property
    def _ranks(self) -> NDArray[np.int64]:
        """Weight at or below each point, with a leading 0."""
        return np.concatenate([[0], np.cumsum(self.points()[1])])

    def cdf(self, y: ArrayLike) -> Float64Array:
        """Return the fraction of values ≤ ``y``, elementwise, within ``rank_error``."""
        below = np.searchsorted(self.points()[0], np.asarray(y, dtype=np.float64), side="right")
        return np.asarray(self._ranks[below] / max(self.count, 1))

    def quantile(self, probability: ArrayLike) -> Float64Array:
        """Return the smallest value whose rank is at least ``probability`` times the count, elementwise.

        Raises:
            ValueError: the sketch is empty, or a probability is outside [0, 1].
        """
        wanted = np.asarray(probability, dtype=np.float64)
        if self.count == 0:
            raise ValueError("an empty sketch has no quantiles; add values first")
        if not np.all((wanted >= 0) & (wanted <= 1)):
            raise ValueError(f"a probability must be between 0 and 1, got {probability!r}")
        values = self.points()[0]
        index = np.searchsorted(self._ranks[1:] / self.count, wanted, side="left")
        return np.asarray(values[np.minimum(index, values.size - 1)])

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return the state as arrays, exact to the last bit."""
        chunks = [chunk for level in self.levels for chunk in level]
        return {
            "values": np.concatenate(chunks) if chunks else np.empty(0),
            "level_sizes": np.array([sum(chunk.size for chunk in level) for level in self.levels], dtype=np.int64),
            "rank_errors": np.array([self.over, self.under], dtype=np.int64),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> QuantileSketch:
        """Rebuild what `to_arrays` returned."""
        sizes = arrays["level_sizes"]
        parts = np.split(np.asarray(arrays["values"], dtype=np.float64), np.cumsum(sizes)[:-1]) if sizes.size else []
        count = sum(int(size) << height for height, size in enumerate(sizes))
        over, under = (int(error) for error in arrays["rank_errors"])
        return cls(tuple((part,) if part.size else () for part in parts), count, over, under)


def _overfull(size: int, height: int) -> bool:
    """Whether a level must be compacted: level 0 may hold exactly ``CAPACITY``, the others get halves of that."""
    return size > CAPACITY or (height > 0 and size == CAPACITY)


def _level(sketch: QuantileSketch, height: int) -> Level:
    return sketch.levels[height] if height < len(sketch.levels) else ()
