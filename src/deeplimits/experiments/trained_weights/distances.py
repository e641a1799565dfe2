"""How far what was measured is from what is claimed, run by run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deeplimits.experiments.trained_weights.grid import LEARNING_RATE
from deeplimits.experiments.width_scalings.slopes import no_slope, slope_distance
from deeplimits.statistics import Estimate
from deeplimits.sweeps import MomentDistance
from deeplimits.sweeps.table import DataFrame

if TYPE_CHECKING:
    from deeplimits.weights import WeightScaling

DEEP_ENOUGH, LEAST_PATHS = 90, 3  # exponents are claimed from this depth on, and of paths from so many depths


def cells_of(table: DataFrame, measures: str, run: str, data: str = "ode", rate: float = LEARNING_RATE) -> DataFrame:
    """Return the rows of the cells of a run, those of missing ones among them, by depth."""
    import polars as pl

    wanted = {"measures": measures, "run": run, "data": data}
    cells = table.filter(*(pl.col(name) == value for name, value in wanted.items()))
    return cells.filter((pl.col("learning_rate") - rate).abs() < 1e-12).sort("depth")


def scaling_of(rows: DataFrame) -> WeightScaling | None:
    """Return exponents and regime of the cells in ``rows``; None if fewer than 4 depths have two networks."""
    from deeplimits.weights.scaling.kept_statistics import scaling_of_logarithms
    from deeplimits.weights.scaling.power_law import MINIMUM_DEPTHS

    by_depth: dict[int, dict[str, list[float]]] = {}
    for row in rows.filter(measure="log_statistic").to_dicts():
        value = math.nan if row["measured"] is None else float(row["measured"])
        by_depth.setdefault(row["depth"], {}).setdefault(row["statistic"], []).append(value)
    whole = {depth: found for depth, found in by_depth.items() if len(found["rms_norm"]) > 1}
    return scaling_of_logarithms(whole) if len(whole) >= MINIMUM_DEPTHS else None


def exponents(
    claimed: Mapping[str, Mapping[str, float]],
    table: DataFrame,
    *,
    data: str = "ode",
    rate: float = LEARNING_RATE,
    at_most: bool = False,
) -> list[MomentDistance]:
    """Return how far exponents of the weights' statistics are from those claimed.

    Args:
        claimed: run → statistic → exponent.
        table: the results.
        data: of the networks.
        rate: learning rate of the networks.
        at_most: whether smaller exponents than claimed have distance 0.
    """
    from deeplimits.statistics import student_quantile
    from deeplimits.weights.scaling.power_law import MINIMUM_DEPTHS, power_law_of_logarithms

    found = []
    for run, of_run in claimed.items():
        rows = cells_of(table, "scaling", run, data, rate)
        depths = rows["depth"].unique().to_list()
        if not depths or max(depths) < DEEP_ENOUGH:
            continue
        for statistic, exponent in of_run.items():
            where = f"exponent of {statistic.replace('_', ' ')} for {run}, {data}"
            logs = _logarithms(rows, statistic)
            if rows["measure"].null_count() or len(logs) < max(len(depths), MINIMUM_DEPTHS):
                found.append(no_slope(where))
                continue
            law = power_law_of_logarithms(logs)
            freedom = float(sum(map(len, logs.values())) - len(logs))
            error = (law.high - law.low) / 2 / student_quantile(0.05, freedom)
            where += f" at depths {law.depths[0]} to {law.depths[-1]}"
            count = min(map(len, logs.values()))
            found.append(slope_distance(where, law.value, exponent, count, error, freedom, at_most=at_most))
    return found


def path_slope(
    run: str, equation: str, claimed: float, table: DataFrame, *, at_most: bool = False
) -> list[MomentDistance]:
    """Return how far the exponent of the path's error is from the claim, over the depths that compare paths."""
    import polars as pl

    from deeplimits.statistics import scaling_exponent

    rows = cells_of(table, "scaling", run).filter("compares")
    here = (pl.col("measure") == "path_error") & (pl.col("statistic") == equation)
    rows = rows.filter(here | pl.col("measure").is_null())
    if rows.height < LEAST_PATHS:
        return []
    where = f"exponent of the error of the {equation} ODE for {run}"
    if rows["measured"].null_count() or rows["measured_standard_error"].null_count():  # fewer than two networks
        return [no_slope(where)]
    values = [Estimate(row["measured"], row["measured_standard_error"], row["count"]) for row in rows.to_dicts()]
    line = scaling_exponent(rows["depth"].to_list(), values)
    count, error = min(value.count for value in values), line.standard_error
    return [slope_distance(where, line.value, claimed, count, error, line.degrees_of_freedom, at_most=at_most)]


def denoised(run: str, claimed: float, table: DataFrame, *, at_least: bool = False) -> list[MomentDistance]:
    """Return how far ln(denoised loss/loss) is from the claim, averaged over networks, at each depth of the test."""
    import polars as pl

    rows = cells_of(table, "denoising", run)
    rows = rows.filter((pl.col("measure") == "log_denoised_ratio") | pl.col("measure").is_null())
    found: list[MomentDistance] = []
    for (depth,), some in rows.group_by("layer", maintain_order=True):
        one = _mean(some["measured"].to_list())
        where, about = (
            f"ln(denoised loss/loss) for {run} at depth {depth}",
            (one.count, one.standard_error, one.count - 1.0),
        )
        if at_least:
            found.append(MomentDistance.beyond(where, claimed - one.value, *about))
        else:
            found.append(MomentDistance(where, abs(one.value - claimed), *about))
    return found


def losses(run: str, target: float, table: DataFrame) -> list[MomentDistance]:
    """Return the mean training loss over ``target``, at each depth."""
    import polars as pl

    rows = cells_of(table, "scaling", run)
    rows = rows.filter((pl.col("measure") == "train_loss") | pl.col("measure").is_null())
    found = []
    for (depth,), some in rows.group_by("depth", maintain_order=True):
        one = _mean(some["measured"].to_list())
        where, error = f"loss for {run} at depth {depth}", one.standard_error / target
        found.append(MomentDistance(where, one.value / target, one.count, error, one.count - 1.0))
    return found


def _logarithms(rows: DataFrame, statistic: str) -> dict[int, list[float]]:
    """Return depth → the statistic's logarithm for each network, of depths with two networks or more."""
    found: dict[int, list[float]] = {}
    for row in rows.filter(measure="log_statistic", statistic=statistic).drop_nulls("measured").to_dicts():
        found.setdefault(row["depth"], []).append(float(row["measured"]))
    return {depth: values for depth, values in found.items() if len(values) > 1}


def _mean(values: Sequence[Any]) -> Estimate:
    """Return the mean over networks; not a number if one of them has none, or there is only one."""
    from deeplimits.statistics import mean_over_seeds

    if None in values or len(values) < 2:
        return Estimate(math.nan, math.nan, 0)
    return mean_over_seeds(values)
