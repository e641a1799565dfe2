"""How far exponents and sizes of norms are from what is claimed of them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from deeplimits.experiments.trained_convolutions.norms import PARTS, cells_of, norms_of
from deeplimits.experiments.width_scalings.slopes import no_slope
from deeplimits.statistics import Estimate, mean_over_seeds
from deeplimits.sweeps import MomentDistance
from deeplimits.sweeps.table import DataFrame
from deeplimits.weights import LayerNorms, WeightScaling, norm_scaling, norm_statistics

_LEAST = 4  # depths that an exponent needs
_A_SMOKE = 4  # epochs, up to which nothing is asked of what was learned


def exponents(
    statistic: str,
    claimed: Mapping[str, float],
    table: DataFrame,
    *,
    stand_in: bool | None,
    initial: bool = False,
    at_most: bool = False,
) -> list[MomentDistance]:
    """Return the distance of the exponent in the depth of a statistic of norms to what is claimed, for each part.

    It is missing while a cell is, or where every network of a depth diverged, and not claimed of fewer than 4 depths.

    Args:
        statistic: of `norm_statistics`.
        claimed: part → exponent.
        table: the results.
        stand_in: whether it is about stand-ins or CIFAR-10; None for both.
        initial: of kernels at initialisation.
        at_most: whether smaller exponents than claimed have distance 0.
    """
    cells = cells_of(table, stand_in=stand_in)
    if initial:
        cells = cells.filter("initial")
    if cells["depth"].n_unique() < _LEAST:
        return []
    when = " at initialisation" if initial else ""
    found = []
    for part, exponent in claimed.items():
        where = f"exponent of the {statistic.replace('_', ' ')} of {PARTS[part]}{when}"
        networks = norms_of(cells, part, initial=initial)
        if not all(networks.values()):
            found.append(no_slope(where))
            continue
        value, error, freedom = _slope(norm_scaling(networks), statistic, networks)
        count = min(map(len, networks.values()))
        if at_most:
            found.append(MomentDistance.beyond(where, value - exponent, count, error, freedom))
        else:
            found.append(MomentDistance(where, abs(value - exponent), count, error, freedom))
    return found


def _slope(
    found: WeightScaling, statistic: str, networks: Mapping[int, list[LayerNorms]]
) -> tuple[float, float, float]:
    """Return an exponent, its standard error and the degrees of freedom behind it."""
    from deeplimits.statistics import student_quantile

    law = found.exponents[statistic]
    beyond = sum(len(each) - 1 for each in networks.values())
    freedom = float(beyond if found.num_networks > 1 else len(law.depths) - 2)
    return law.value, (law.high - law.value) / student_quantile(0.05, freedom), freedom


def sizes(part: str, claimed: float, table: DataFrame) -> list[MomentDistance]:
    """Return how far the root of the sum of squares, averaged over networks of all depths, is from a value, over it.

    For CIFAR-10. One network at each depth has no scatter of its own: networks of all depths are taken as of one law.
    """
    networks = norms_of(cells_of(table, stand_in=False), part)
    if not networks:
        return []
    where = f"root sum of squares of {PARTS[part]} at depths {min(networks)} to {max(networks)}"
    if not all(networks.values()):
        return [MomentDistance(where, math.nan, 0, math.nan)]
    each = [one for of_depth in networks.values() for one in of_depth]
    mean = mean_over_seeds([norm_statistics(one)["root_sum_of_squares"] for one in each])
    error = mean.standard_error / claimed
    return [MomentDistance(where, abs(mean.value - claimed) / claimed, mean.count, error, mean.count - 1.0)]


def worst_test_error(table: DataFrame) -> list[MomentDistance]:
    """Return the mean share of test images that networks of a stand-in tell wrong, at the depth where it is largest."""
    wrong = _wrong(table, stand_in=True)
    if wrong is None:
        return []
    by_depth = {depth: mean_over_seeds(some["wrong"].to_list()) for (depth,), some in wrong.group_by("depth")}
    depth, one = max(by_depth.items(), key=lambda item: math.inf if math.isnan(item[1].value) else item[1].value)
    return [_error(f"test error at depth {depth}", one)]


def mean_test_error(table: DataFrame) -> list[MomentDistance]:
    """Return the mean share of CIFAR-10's test images that networks of all depths tell wrong."""
    wrong = _wrong(table, stand_in=False)
    return [] if wrong is None else [_error("test error", mean_over_seeds(wrong["wrong"].to_list()))]


def _wrong(table: DataFrame, *, stand_in: bool) -> DataFrame | None:
    """Return depth and share of test images told wrong of each network; None if nothing is asked of this grid.

    Networks that diverged tell nothing right, and a missing cell has no share. Networks that stay finite but learn
    nothing are told by this alone.
    """
    import polars as pl

    cells = cells_of(table, stand_in=stand_in).filter(pl.col("epochs") > _A_SMOKE)
    if cells.is_empty():
        return None
    rows = cells.filter((pl.col("measure") == "test_accuracy") | pl.col("measure").is_null())
    share = pl.when(pl.col("measure").is_null()).then(math.nan).otherwise(1 - pl.col("measured").fill_null(0.0))
    return rows.select("depth", wrong=share)


def _error(where: str, one: Estimate) -> MomentDistance:
    return MomentDistance(where, one.value, one.count, one.standard_error, one.count - 1.0)
