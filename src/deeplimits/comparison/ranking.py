"""Rank limits by how far they are from the measurement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deeplimits.comparison.row import Row
from deeplimits.comparison.verdicts import normal_distance
from deeplimits.statistics import Interval


@dataclass(frozen=True)
class Ranking:
    """Order the limits that predict one observable at one input.

    Args:
        by: the distance they all have: ``ks``, else ``wasserstein1``, else ``mean`` (|difference|, in the
            observable's units; along the layers the largest).
        order: groups of limits, nearest first; limits in one group are tied.
        distances: the distance of each limit, with its interval.
    """

    by: str
    order: tuple[tuple[str, ...], ...]
    distances: dict[str, Interval]


def rank(rows: Sequence[Row], delta: float) -> Ranking | None:
    """Rank the rows of one observable at one input; None if they share no distance, or there are none.

    A limit's place is one more than the number of limits whose whole interval lies nearer, so limits with overlapping
    intervals are not told apart. The interval of W1 is its normal interval, widened by the noise.

    Args:
        rows: one per limit.
        delta: δ of the intervals.
    """
    for by, measure in (("ks", _by_ks), ("wasserstein1", _by_wasserstein), ("mean", _by_mean)):
        distances = {row.limit: measure(row, delta) for row in rows}
        known = {limit: distance for limit, distance in distances.items() if distance is not None}
        if known and len(known) == len(rows):
            return Ranking(by, _order(known), known)
    return None


def _order(distances: dict[str, Interval]) -> tuple[tuple[str, ...], ...]:
    places: dict[int, list[str]] = {}
    for limit in sorted(distances, key=lambda name: distances[name].value):
        nearer = sum(other.high < distances[limit].low for other in distances.values())
        places.setdefault(nearer, []).append(limit)
    return tuple(tuple(places[place]) for place in sorted(places))


def _by_ks(row: Row, delta: float) -> Interval | None:
    return row.ks


def _by_wasserstein(row: Row, delta: float) -> Interval | None:
    w1 = row.wasserstein1
    if w1 is None or not w1.value < float("inf"):
        return None
    normal = normal_distance(w1.value, w1.standard_error, 1.0, delta)
    return Interval(w1.value, max(0.0, normal.low - w1.noise), normal.high + w1.noise)


def _by_mean(row: Row, delta: float) -> Interval | None:
    if row.obstacle is not None:
        return None
    pairs = [(place.law.mean, place.summary.mean) for place in row.places] or [(row.law.mean, row.summary.mean)]
    intervals = [
        normal_distance(measured.value - predicted, measured.standard_error, 1.0, delta / len(pairs))
        for predicted, measured in pairs
        if predicted is not None
    ]
    if len(intervals) < len(pairs):
        return None
    # Where each interval holds its distance, this one holds the largest.
    return Interval(*(max(getattr(interval, end) for interval in intervals) for end in ("value", "low", "high")))
