"""How far spreads across seeds are from what is claimed of them: vanilla beside Balanced networks in training."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from deeplimits.experiments.log_gaussian.selection import cells_like, place, rows_of
from deeplimits.sweeps import MomentDistance
from deeplimits.sweeps.table import DataFrame, number

TRAINED = {"data": "digits", "width": None, "depth": None, "train_size": None, "steps": None}
"""Fields of the cells that are trained, as `cells_like` takes them."""

_FROM_RATIO = 1.0  # depth/width from which on spreads are compared
_SHALLOW, _DEEP = 0.25, 2.0


def spread_of_balanced(observable: str, step: int, table: DataFrame) -> list[MomentDistance]:
    """Return the standard deviation over seeds in Balanced networks over that in vanilla ones: below 1 if in order."""
    found = []
    for vanilla, balanced in _pairs(table, observable, step):
        ratio = number(balanced["measured"]) / number(vanilla["measured"])
        where = f"Balanced/vanilla spread of {observable} at {place(vanilla)}"
        found.append(MomentDistance(where, ratio, _count(vanilla, balanced), ratio * _relative(vanilla, balanced)))
    return found


def spread_as_predicted(table: DataFrame) -> list[MomentDistance]:
    """Return |ln of vanilla/Balanced, measured less log-Gaussian| of the gradient's spread before the first step."""
    found = []
    for vanilla, balanced in _pairs(table, "log_gradient_norm", 0):
        gap = _log_ratio("measured", vanilla, balanced) - _log_ratio("log_gaussian", vanilla, balanced)
        where = f"ln of vanilla/Balanced spread at {place(vanilla)}"
        found.append(MomentDistance(where, abs(gap), _count(vanilla, balanced), _relative(vanilla, balanced)))
    return found


def spread_without_depth(table: DataFrame) -> list[MomentDistance]:
    """Return |ln of deep/shallow| of the gradient's spread before the first step, in vanilla networks."""
    rows = _spreads(table, "resnet", "log_gradient_norm", 0)
    found = []
    for width in sorted({width for width, _ in rows}):
        deep, shallow = (rows.get((width, round(ratio * width))) for ratio in (_DEEP, _SHALLOW))
        if deep is not None and shallow is not None:
            gap = _log_ratio("measured", deep, shallow)
            where = f"ln of spread at depth {deep['depth']} over that at {place(shallow)}"
            found.append(MomentDistance(where, abs(gap), _count(deep, shallow), _relative(deep, shallow)))
    return found


def _pairs(table: DataFrame, observable: str, step: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the rows of vanilla and Balanced networks of one shape."""
    vanilla, balanced = (_spreads(table, kind, observable, step) for kind in ("resnet", "balanced-resnet"))
    for width, depth in sorted(vanilla.keys() & balanced.keys()):
        if depth / width >= _FROM_RATIO:
            yield vanilla[width, depth], balanced[width, depth]


def _spreads(table: DataFrame, kind: str, observable: str, step: int) -> dict[tuple[int, int], dict[str, Any]]:
    if "data" not in table.columns:  # a store that is older than training
        return {}
    rows = rows_of(cells_like(table, kind=kind, **TRAINED), observable, "standard_deviation", step=step)
    return {(row["width"], row["depth"]): row for row in rows.to_dicts()}


def _log_ratio(column: str, one: dict[str, Any], other: dict[str, Any]) -> float:
    return math.log(number(one[column]) / number(other[column]))


def _relative(*rows: dict[str, Any]) -> float:
    """Return the relative error of a ratio, which is the error of its logarithm."""
    return math.hypot(*(number(row["measured_standard_error"]) / number(row["measured"]) for row in rows))


def _count(*rows: dict[str, Any]) -> int:
    return min(row["count"] or 0 for row in rows)
