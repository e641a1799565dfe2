"""How far the measured numbers are from what is claimed of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from deeplimits.experiments.log_gaussian.recorded import (
    DISTANCES,
    LOG_NORM_NETWORKS,
    LOG_NORMS,
    RECORDED_NETWORKS,
    RecordedDistances,
)
from deeplimits.experiments.log_gaussian.selection import cells_like, place, rows_of
from deeplimits.sweeps import LawDistance, MomentDistance
from deeplimits.sweeps.table import DataFrame, number

_RECORDED_KS_ERROR = 0.0015  # three times the noise of the recorded distances
_LIMITS = ("log-gaussian", "infinite-width")


def law_distance(limit: str, cell: Mapping[str, Any], table: DataFrame) -> list[LawDistance]:
    """Return D of ln ‖z_out‖² to a limit's law, in each cell that is like this."""
    rows = rows_of(cells_like(table, **cell), "log_squared_norm", "ks", limit=limit)
    return [
        LawDistance(f"KS to {limit} at {place(row)}", number(row["measured"]), row["count"] or 0, number(row["floor"]))
        for row in rows.to_dicts()
    ]


def predicted(
    observable: str, statistic: str, cell: Mapping[str, Any], table: DataFrame, *, limit: str = "log-gaussian"
) -> list[MomentDistance]:
    """Return |measured − predicted| of a statistic, by layer of the last one.

    A mean of the log-norm is measured in predicted standard deviations, an energy fraction by how far it is predicted
    to be from 1/2, anything else by what is predicted of it.
    """
    found = []
    table = cells_like(table, **cell)
    for row in _at_the_last_layer(rows_of(table, observable, statistic).to_dicts()):
        said = number(row[limit.replace("-", "_")])
        scale = said - 0.5 if observable == "energy_fraction" else said
        if observable == "log_norm_hidden" and statistic == "mean":
            scale = _deviation(table, row, limit)
        found.append(
            _moment(f"{statistic.replace('_', ' ')} of {observable}", row, number(row["measured"]) - said, scale)
        )
    return found


def between_layers(lags: Iterable[int], cell: Mapping[str, Any], table: DataFrame) -> list[MomentDistance]:
    """Return |measured − predicted| covariance of two layers over the predicted variance of one, at each lag."""
    rows = rows_of(cells_like(table, **cell), "energy_fraction_covariance", "covariance").to_dicts()
    if not any(row["observable"] for row in rows):
        return [_moment("covariance", row, math.nan, 1.0) for row in rows]
    by_lag = {row["other_layer"] - row["layer"]: row for row in rows}
    variance = by_lag[0]["log_gaussian"]
    return [
        _moment(
            f"covariance at lag {lag}", by_lag[lag], by_lag[lag]["measured"] - by_lag[lag]["log_gaussian"], variance
        )
        for lag in lags
    ]


def ratio_to_balanced(observable: str, cell: Mapping[str, Any], table: DataFrame) -> list[MomentDistance]:
    """Return the error of ln (vanilla/Balanced) of a moment of the output."""
    found = []
    vanilla, balanced = (
        rows_of(cells_like(table, **{**cell, "kind": kind}), observable, "mean").to_dicts()
        for kind in ("resnet", "balanced-resnet")
    )
    for one, other in zip(vanilla, balanced, strict=False):
        (measured, error), (subtracted, other_error) = (_log_of(observable, row) for row in (one, other))
        said = _log_said(observable, one) - _log_said(observable, other)
        count = min(one["count"] or 0, other["count"] or 0)
        where = f"ln of vanilla/Balanced {observable} at {place(one)}"
        error = math.hypot(error, other_error)
        found.append(MomentDistance(where, abs(measured - subtracted - said), count, error))
    return found


def recorded_log_norms(table: DataFrame) -> list[MomentDistance]:
    """Return the distance of each recorded mean and variance of the log-norm to ours, with both errors."""
    found = []
    for recorded in LOG_NORMS:
        cells = cells_like(table, kind=recorded.kind, width=recorded.width, depth=recorded.depth)
        deviation = math.sqrt(recorded.variance)
        for statistic, value, scale, noise in (
            ("mean", recorded.mean, deviation, deviation / math.sqrt(LOG_NORM_NETWORKS)),
            ("variance", recorded.variance, recorded.variance, recorded.variance * math.sqrt(2 / LOG_NORM_NETWORKS)),
        ):
            for row in rows_of(cells, "log_norm_hidden", statistic).to_dicts():
                what = f"{statistic} of log_norm_hidden"
                found.append(_moment(what, row, number(row["measured"]) - value, scale, noise))
    return found


def recorded_ks(table: DataFrame) -> list[LawDistance]:
    """Return |D − recorded D| for both limits; D itself is within the interval of Massart of the true distance."""
    return [
        LawDistance(
            f"KS to {limit} at {place(row)}",
            abs(number(row["measured"]) - getattr(recorded, limit.replace("-", "_"))[0]),
            row["count"] or 0,
            number(row["floor"]) + _RECORDED_KS_ERROR,
        )
        for recorded, limit, cells in _recorded_cells(table)
        for row in rows_of(cells, "log_squared_norm", "ks", limit=limit).to_dicts()
    ]


def recorded_wasserstein(table: DataFrame) -> list[MomentDistance]:
    """Return |W1 − recorded W1| for both limits, in standard deviations of ln ‖z_out‖²."""
    found = []
    for recorded, limit, cells in _recorded_cells(table):
        variances = rows_of(cells, "log_squared_norm", "variance").to_dicts()
        for row in rows_of(cells, "log_squared_norm", "wasserstein", limit=limit).to_dicts():
            scale = next((number(v["measured"]) ** 0.5 for v in variances if v["cell"] == row["cell"]), math.nan)
            gap = number(row["measured"]) - getattr(recorded, limit.replace("-", "_"))[1]
            found.append(_moment(f"W1 to {limit}", row, gap, scale, scale / math.sqrt(RECORDED_NETWORKS)))
    return found


def _recorded_cells(table: DataFrame) -> Iterable[tuple[RecordedDistances, str, DataFrame]]:
    for recorded in DISTANCES:
        about = {"kind": recorded.kind, "width": recorded.width, "depth": recorded.depth}
        cells = cells_like(table, **about, output_dim=recorded.output_dim)
        for limit in _LIMITS:
            yield recorded, limit, cells


def _moment(what: str, row: Mapping[str, Any], difference: float, scale: float, noise: float = 0.0) -> MomentDistance:
    """Return |difference| / |scale|; ``noise`` is the standard error of the number compared with."""
    error = math.hypot(number(row["measured_standard_error"]), noise)
    where = f"{what} at {place(dict(row))}"
    return MomentDistance(where, abs(difference / scale), row["count"] or 0, error / abs(scale))


def _at_the_last_layer(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out all but the last layer of what is measured at each of them."""
    return [row for row in rows if row["statistic"] == "late_average" or row["layer"] in (None, row["depth"])]


def _deviation(table: DataFrame, row: Mapping[str, Any], limit: str) -> float:
    """Return the predicted standard deviation of what the row has the mean of."""
    for other in rows_of(table, row["observable"] or "", "variance").to_dicts():
        if other["cell"] == row["cell"] and other["observable"] is not None:
            return math.sqrt(number(other[limit.replace("-", "_")]))
    return math.nan


def _log_of(observable: str, row: Mapping[str, Any]) -> tuple[float, float]:
    """Return ln of a measured moment and its standard error."""
    value, error = number(row["measured"]), number(row["measured_standard_error"])
    return (value, error) if observable.startswith("log_") else (math.log(value), error / value)


def _log_said(observable: str, row: Mapping[str, Any]) -> float:
    value = number(row["log_gaussian"])
    return value if observable.startswith("log_") else math.log(value)
