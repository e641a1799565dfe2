"""How long a run will take: an interval, and what it rests on."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

_DECLARED_FACTOR = 4.0  # declared costs are somebody's guess about another machine
_START = 5.0  # seconds until every worker has imported its libraries


@dataclass(frozen=True)
class TimeEstimate:
    """Hold how many seconds are left, at least and at most, and why that is believed.

    Args:
        low: lower end.
        high: upper end.
        basis: what it rests on, in words.
    """

    low: float
    high: float
    basis: str

    def __str__(self) -> str:
        """Say it in the unit that fits.

        >>> print(TimeEstimate(70.0, 200.0, "12 cells measured"))
        1.2 to 3.3 min (from 12 cells measured)
        """
        unit, name = next(((u, n) for u, n in ((3600.0, "h"), (60.0, "min")) if self.high >= 1.5 * u), (1.0, "s"))
        return f"{self.low / unit:.2g} to {self.high / unit:.2g} {name} (from {self.basis})"


def estimate(costs: Sequence[float], workers: int, measured: Sequence[tuple[float, float]]) -> TimeEstimate:
    """Estimate how long ``workers`` take for cells with these declared costs, the longest first.

    Cells measured say how many seconds a unit of declared cost takes here. No schedule is shorter than the mean load
    and the longest cell, and longest-first exceeds that by at most the longest cell.

    Args:
        costs: declared cost of each cell that is left, in seconds.
        workers: cells computed at once.
        measured: (declared cost, seconds) of cells already computed by this experiment.
    """
    if not costs:
        return TimeEstimate(0.0, 0.0, "nothing to compute")
    ratios = sorted(seconds / cost for cost, seconds in measured if cost > 0)
    if ratios:
        pooled = sum(seconds for _, seconds in measured) / sum(cost for cost, _ in measured)
        middle = statistics.median(ratios)
        slack = 1.0 + 1.0 / len(ratios)
        slow, fast = max(ratios[-1 - len(ratios) // 10], pooled) * slack, min(middle, pooled) / slack
        basis = f"{len(ratios)} cell{'s' * (len(ratios) != 1)} measured"
    else:
        slow, fast, basis = _DECLARED_FACTOR, 1 / _DECLARED_FACTOR, "declared costs, not measured yet"
    bound = max(sum(costs) / workers, max(costs))
    return TimeEstimate(fast * bound, slow * (bound + max(costs) * (workers > 1)) + _START, basis)
