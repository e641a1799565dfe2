"""How far what was measured is from what is claimed, place by place."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from deeplimits.experiments.residual_regimes.crossings import crossing
from deeplimits.experiments.residual_regimes.grid import DEFAULTS, HURSTS, MAP_DEPTHS, MAP_EXPONENTS, WIDTH, law_of
from deeplimits.experiments.residual_regimes.recorded import LOG_DISPLACEMENT, UNIT_DISPLACEMENT
from deeplimits.experiments.residual_regimes.rows import SIDES
from deeplimits.experiments.width_scalings.slopes import no_slope
from deeplimits.statistics import Estimate
from deeplimits.sweeps import MomentDistance
from deeplimits.sweeps.table import DataFrame


def rows_of(table: DataFrame, measure: str, side: str | None, exponent: float | None, **cell: Any) -> DataFrame:
    """Return the rows of a measure, and the rows of cells that are missing; None stands for any value."""
    import polars as pl

    wanted = {**DEFAULTS, "inputs": None, **cell}
    exponents = wanted.pop("exponents", None)
    cells = table.filter(*(pl.col(name) == value for name, value in wanted.items() if value is not None))
    if exponents is not None:
        cells = cells.filter(pl.col("exponents").list.len() == len(exponents))
    here = pl.col("measure") == measure
    if side is not None:
        here &= pl.col("side") == side
    if exponent is not None:
        here &= (pl.col("exponent") - exponent).abs() < 1e-9
    return cells.filter(here | pl.col("measure").is_null())


def number(
    measure: str,
    claimed: float,
    exponent: float,
    cell: Mapping[str, Any],
    table: DataFrame,
    *,
    sides: Sequence[str] = SIDES,
    times_depth: bool = False,
) -> list[MomentDistance]:
    """Return |measured − claimed| of each side, in each cell with these fields; ``times_depth`` of depth · measured."""
    found = []
    for side in sides:
        for row in rows_of(table, measure, side, exponent, **cell).to_dicts():
            factor = float(row["depth"]) if times_depth else 1.0
            found.append(_distance(f"{side} {measure} at exponent {exponent:g}", row, claimed, factor, 1.0))
    return found


def predicted(
    measure: str, cell: Mapping[str, Any], table: DataFrame, *, relative: bool = False
) -> list[MomentDistance]:
    """Return |measured − predicted| of each side and exponent, over the prediction if ``relative``."""
    found = []
    for row in rows_of(table, measure, None, None, **cell).to_dicts():
        said = math.nan if row["predicted"] is None else float(row["predicted"])
        text = measure if row["side"] is None else f"{row['side']} {measure} at exponent {row['exponent']:g}"
        found.append(_distance(text, row, said, 1.0, abs(said) if relative else 1.0))
    return found


def slope(
    claimed: float, exponent: float, cell: Mapping[str, Any], table: DataFrame, *, least: int = 3
) -> list[MomentDistance]:
    """Return how far the exponent of the mean displacement in the depth is from what is claimed, on each side.

    It is missing while a cell is, and not claimed where the grid has fewer than ``least`` depths.
    """
    from deeplimits.statistics import scaling_exponent

    found = []
    for side in SIDES:
        rows = rows_of(table, "displacement", side, exponent, **cell)
        if rows.height < least:
            continue
        text = f"{side} slope at exponent {exponent:g}"
        if rows["measured"].null_count():
            found.append(no_slope(text))
            continue
        line = scaling_exponent(rows["depth"].to_list(), [_estimate(row) for row in rows.to_dicts()])
        count = min(rows["count"].to_list())
        found.append(
            MomentDistance(text, abs(line.value - claimed), count, line.standard_error, line.degrees_of_freedom)
        )
    return found


def recorded_map(exponents: tuple[float, float], table: DataFrame) -> list[MomentDistance]:
    """Return how far mean log10 displacements are from those recorded, where these are below 3 in modulus.

    Args:
        exponents: the least and the largest exponent looked at.
        table: the results.
    """
    found = []
    for (hurst, exponent), values in LOG_DISPLACEMENT.items():
        if not exponents[0] <= exponent <= exponents[1]:
            continue
        for side, claimed in zip(SIDES, values, strict=True):
            if abs(claimed) < 3:
                cell = _map_cell(hurst, MAP_DEPTHS[1])
                found += number("log10", claimed, exponent, cell, table, sides=(side,))
    return found


def unit_displacement(table: DataFrame) -> list[MomentDistance]:
    """Return how far the exponent of displacement 1 is from the one recorded, over its own tolerance."""
    found = []
    for hurst, (claimed, tolerance) in UNIT_DISPLACEMENT.items():
        rows = rows_of(table, "log10", "output", None, **_map_cell(hurst, MAP_DEPTHS[1]))
        if rows.height:
            found.append(_crossing(f"crossing at Hurst index {hurst:g}", [rows], claimed, tolerance))
    return found


def critical(table: DataFrame, *, claimed: Mapping[float, float]) -> list[MomentDistance]:
    """Return how far the exponent at which depths 100 and 1000 have one displacement of outputs is from the claim.

    Args:
        table: the results.
        claimed: Hurst index → exponent.
    """
    found = []
    for hurst, exponent in claimed.items():
        rows = [rows_of(table, "log10", "output", None, **_map_cell(hurst, depth)) for depth in MAP_DEPTHS]
        if all(some.height for some in rows):
            found.append(_crossing(f"critical exponent at Hurst index {hurst:g}", rows, exponent, 1.0))
    return found


def critical_line() -> dict[float, float]:
    """Return Hurst index → critical exponent, as theory has it."""
    from deeplimits.limits.residual_regimes import critical_exponent

    return {hurst: critical_exponent(law_of(hurst)) for hurst in HURSTS}


def critical_estimate(rows: Sequence[DataFrame]) -> Estimate | None:
    """Return where the mean log10 displacement of the last table less that of the first, or 0, is 0."""
    import numpy as np

    sorted_rows = [some.sort("exponent") for some in rows]
    last, first = sorted_rows[-1], sorted_rows[0]
    value, error = last["measured"].to_numpy(), last["measured_standard_error"].to_numpy()
    if len(rows) > 1:
        value = value - first["measured"].to_numpy()
        error = np.hypot(error, first["measured_standard_error"].to_numpy())
    count = min(int(np.min(some["count"].to_numpy())) for some in rows)
    return crossing(last["exponent"].to_numpy(), value, error, count)


def _crossing(text: str, rows: Sequence[DataFrame], claimed: float, tolerance: float) -> MomentDistance:
    whole = all(some["measured"].null_count() == 0 for some in rows)
    found = critical_estimate(rows) if whole else None
    if found is None:
        return MomentDistance(text, math.nan, 0, math.nan)
    error = found.standard_error / tolerance
    return MomentDistance(text, abs(found.value - claimed) / tolerance, found.count, error)


def _map_cell(hurst: float, depth: int) -> dict[str, Any]:
    """Return the fields of a map's cell, of the grid of exponents that claims are about."""
    return {"measures": "map", "law": law_of(hurst), "width": WIDTH, "depth": depth, "exponents": MAP_EXPONENTS}


def _distance(text: str, row: Mapping[str, Any], claimed: float, factor: float, unit: float) -> MomentDistance:
    where = f"{text} at {row['law']}, {row['block']}, width {row['width']}, depth {row['depth']}"
    if row["measured"] is None:
        return MomentDistance(where, math.nan, 0, math.nan)
    error = factor * float(row["measured_standard_error"]) / unit
    return MomentDistance(where, abs(factor * float(row["measured"]) - claimed) / unit, int(row["count"]), error)


def _estimate(row: Mapping[str, Any]) -> Estimate:
    return Estimate(row["measured"], row["measured_standard_error"], row["count"])
