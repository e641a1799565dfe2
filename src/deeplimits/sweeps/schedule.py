"""Which cell next: the longest first, each tried twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from deeplimits.sweeps.cell import Cell
from deeplimits.sweeps.results import Failed, Job

ATTEMPTS = 2
_LEAST_TIME_LIMIT = 600.0
_GENEROSITY = 20.0  # how many times its declared cost a cell may take


class Schedule:
    """Hold the cells that are left, and those in flight.

    Args:
        cells: cells to compute.
        costs: cell id → declared cost in seconds.
        time_limit: seconds after which a cell counts as hanging; generous by default, from the declared cost.
    """

    def __init__(self, cells: Iterable[Cell], costs: Mapping[str, float], time_limit: float | None) -> None:
        self._waiting = deque(sorted(cells, key=lambda cell: -costs[cell.id]))  # stable: equal costs keep their order
        self._costs = costs
        self._time_limit = time_limit
        self._attempts: dict[str, int] = {}
        self.in_flight: dict[str, Cell] = {}

    def __bool__(self) -> bool:
        """Whether anything is waiting or in flight."""
        return bool(self._waiting or self.in_flight)

    def next_job(self) -> Job | None:
        """Return the job of the next cell, now in flight, or None if none is waiting."""
        if not self._waiting:
            return None
        cell = self._waiting.popleft()
        self.in_flight[cell.id] = cell
        limit = self._time_limit or max(_LEAST_TIME_LIMIT, _GENEROSITY * self._costs[cell.id])
        return Job(cell.id, cell.fields, cell.key, limit)

    def landed(self, cell_id: str) -> Cell:
        """Return a cell whose report has come; it is no longer in flight."""
        return self.in_flight.pop(cell_id)

    def try_again(self, failed: Failed, cell: Cell) -> bool:
        """Put a failed cell back, unless it has failed twice."""
        self._attempts[cell.id] = self._attempts.get(cell.id, 0) + 1
        if self._attempts[cell.id] >= ATTEMPTS:
            return False
        self._waiting.appendleft(cell)
        return True

    def costs_left(self) -> list[float]:
        """Return the declared cost of every cell that is waiting or in flight."""
        return [self._costs[cell.id] for cell in (*self._waiting, *self.in_flight.values())]
