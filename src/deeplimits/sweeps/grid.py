"""A grid: the cells of a sweep, as products of axes and as explicit lists."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deeplimits.sweeps.values import Value, as_value

MOST_CELLS = 1_000_000


@dataclass(frozen=True)
class Block:
    """Hold one product: fixed fields, and axes of which every combination is a cell (the last axis varies fastest)."""

    fixed: Mapping[str, Value]
    axes: Mapping[str, list[Value]]

    def __len__(self) -> int:
        """Count the combinations."""
        return math.prod(len(values) for values in self.axes.values())

    def __iter__(self) -> Iterator[dict[str, Value]]:
        """Iterate over the combinations."""
        for values in itertools.product(*self.axes.values()):
            yield {**self.fixed, **dict(zip(self.axes, values, strict=True))}


@dataclass(frozen=True)
class Grid:
    """Hold the cells of a sweep, in order; ``+`` puts one grid after another.

    Args:
        blocks: products of axes; one without axes is one explicit cell.

    >>> grid = Grid.product({"width": [16, 32], "depth": [2, 4]}, draws=100) + Grid.cells([{"width": 3}])
    >>> len(grid), list(grid)[1]
    (5, {'draws': 100, 'width': 16, 'depth': 4})
    """

    blocks: tuple[Block, ...]

    @classmethod
    def product(cls, axes: Mapping[str, Any] | None = None, **fixed: Any) -> Grid:
        """Return the grid of every combination of ``axes``, each with the ``fixed`` fields.

        Raises:
            ValueError: a value is not text, number, truth value or list; an axis is empty, or also fixed; or there are
                over a million cells.
        """
        checked = {name: _axis(name, values) for name, values in (axes or {}).items()}
        for name in checked:
            if name in fixed:
                raise ValueError(f"{name} is both an axis and fixed; give it once")
        return _checked(cls((Block({name: as_value(name, value) for name, value in fixed.items()}, checked),)))

    @classmethod
    def cells(cls, cells: Iterable[Mapping[str, Any]]) -> Grid:
        """Return the grid of the cells listed.

        Raises:
            ValueError: a value is not text, number, truth value or list; or there are over a million cells.
        """
        blocks = (
            Block({name: as_value(f"cells[{i}].{name}", value) for name, value in cell.items()}, {})
            for i, cell in enumerate(cells)
        )
        return _checked(cls(tuple(blocks)))

    def __add__(self, other: Grid) -> Grid:
        """Return both grids' cells; a cell that is in both counts once."""
        return _checked(Grid(self.blocks + other.blocks))

    def __len__(self) -> int:
        """Count the cells, repeated ones included."""
        return sum(len(block) for block in self.blocks)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        """Iterate over the fields of each cell."""
        return itertools.chain.from_iterable(self.blocks)

    def to_dict(self) -> dict[str, Any]:
        """Return the content of ``sweep.toml``: its products, and its explicit cells."""
        products = [{"fixed": dict(block.fixed), "axes": dict(block.axes)} for block in self.blocks if block.axes]
        cells = [dict(block.fixed) for block in self.blocks if not block.axes]
        return {**({"product": products} if products else {}), **({"cell": cells} if cells else {})}


def _axis(name: str, values: Any) -> list[Value]:
    if isinstance(values, (str, Mapping)) or not isinstance(values, Iterable):
        raise ValueError(f"axis {name} must be a list of values, got {values!r}")
    checked = [as_value(f"{name}[{i}]", value) for i, value in enumerate(values)]
    if not checked:
        raise ValueError(f"axis {name} is empty; give it at least one value")
    return checked


def _checked(grid: Grid) -> Grid:
    if len(grid) > MOST_CELLS:
        raise ValueError(f"the grid has {len(grid):,} cells, more than {MOST_CELLS:,}; split it into several sweeps")
    return grid
