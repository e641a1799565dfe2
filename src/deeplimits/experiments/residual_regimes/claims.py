"""The claims with their sources, and tolerances fixed before the first run, but for two.

`critical-line` and `exact-moment`, with their controls, were defined after small pilot draws.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from deeplimits.experiments.residual_regimes.distances import (
    critical,
    critical_line,
    number,
    predicted,
    recorded_map,
    slope,
    unit_displacement,
)
from deeplimits.experiments.residual_regimes.grid import HISTOGRAM_WIDTH, NARROW, WIDTH
from deeplimits.sweeps import Claim
from deeplimits.sweeps.table import DataFrame

_MARION = "marion2025scaling, residual networks at initialisation"
_EXACT = "marion2025scaling, second moment and log-normal law (rederived)"
_RECORDED = "marion2025scaling, numbers of an independent simulation (recorded before)"

_IID: dict[str, Any] = {"measures": "depth", "law": "iid", "width": WIDTH}
_SMOOTH: dict[str, Any] = {"measures": "depth", "law": "rbf", "width": WIDTH}
_SQUARE: dict[str, Any] = {"measures": "square", "law": "iid"}
_HISTOGRAM: dict[str, Any] = {"measures": "histogram", "width": HISTOGRAM_WIDTH}
_DEEP = {**_IID, "depth": 1000}


def _log10_middle(low: float, high: float) -> tuple[float, float]:
    """Return middle and half-width of an interval of a positive number, on the scale of log10."""
    return (math.log10(low) + math.log10(high)) / 2, (math.log10(high) - math.log10(low)) / 2


_EXPLOSION, _EXPLOSION_WIDTH = _log10_middle(1.2e3, 4e3)
_SMOOTH_EXPLOSION, _SMOOTH_EXPLOSION_WIDTH = _log10_middle(3e2, 5e3)


def _critical(table: DataFrame) -> Any:
    return critical(table, claimed=critical_line())


def _critical_is_hurst(table: DataFrame) -> Any:
    return critical(table, claimed={hurst: hurst for hurst in critical_line() if hurst < 0.4})


def _smooth_distances(table: DataFrame) -> Any:
    depths = (120, 450, 1000)
    return [
        one
        for depth in depths
        for one in number("displacement", 0.2, 1.0, {**_SMOOTH, "depth": depth}, table, sides=("output",))
    ]


def _smooth_identity(table: DataFrame) -> Any:
    depths = (120, 450, 1000)
    cells = [{**_SMOOTH, "depth": depth} for depth in depths]
    return [
        one
        for cell in cells
        for one in number("displacement", 0.2, 2.0, cell, table, sides=("output",), times_depth=True)
    ]


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "exact-moment",
        "With two matrices in a block the mean of D² is (1 + L^-2β/2)^L − 1, of outputs and gradients and at widths 4 "
        "and 40, within 3 %.",
        _EXACT,
        0.03,
        partial(predicted, "square", {**_SQUARE, "block": "two-matrix"}, relative=True),
    ),
    Claim(
        "exact-moment-with-one-matrix",
        f"So it is with one matrix in a block, at width {NARROW}: it is not.",
        _EXACT,
        0.03,
        partial(predicted, "square", {**_SQUARE, "block": "one-matrix"}, relative=True),
        "deviates",
    ),
    Claim(
        "identity",
        "Independent weights, β = 1: at depth 1000 the mean displacement is 0.0224, within 0.0015.",
        _RECORDED,
        0.0015,
        partial(number, "displacement", 0.0224, 1.0, _DEEP),
    ),
    Claim(
        "identity-rate",
        "There it falls as depth^-½, the exponent within 0.03.",
        _MARION,
        0.03,
        partial(slope, -0.5, 1.0, _IID),
    ),
    Claim(
        "non-trivial",
        "Independent weights, β = ½: at depth 1000 the mean displacement is 0.80, within 0.04.",
        _RECORDED,
        0.04,
        partial(number, "displacement", 0.80, 0.5, _DEEP),
    ),
    Claim(
        "non-trivial-rate",
        "There it does not change with the depth, the exponent within 0.03.",
        _MARION,
        0.03,
        partial(slope, 0.0, 0.5, _IID),
    ),
    Claim(
        "explosion",
        "Independent weights, β = ¼: at depth 1000 the median displacement is between 1.2e3 and 4e3 (compared on the "
        "scale of log10).",
        _RECORDED,
        _EXPLOSION_WIDTH,
        partial(number, "median_log10", _EXPLOSION, 0.25, _DEEP),
    ),
    Claim(
        "explosion-rate",
        "There it does not change with the depth: it does.",
        _MARION,
        0.03,
        partial(slope, 0.0, 0.25, _IID),
        "deviates",
    ),
    *(
        Claim(
            f"log-normal-{measure.replace('_', '-')}",
            f"Independent weights, β = ½, width {HISTOGRAM_WIDTH}: {words} that of the log-normal law of mean "
            f"1/4 − 1/(2d) and variance 1/(2d), within {tolerance}; of gradients alike.",
            _EXACT,
            tolerance,
            partial(predicted, measure, _HISTOGRAM),
        )
        for measure, words, tolerance in (
            ("mean", "the mean of ‖h_L‖/‖h_0‖ is", 0.008),
            ("deviation", "its standard deviation is", 0.006),
            ("log_mean", "the mean of its logarithm is", 0.006),
            ("log_deviation", "the standard deviation of its logarithm is", 0.004),
        )
    ),
    Claim(
        "smooth-non-trivial",
        "Smooth weights, β = 1: the mean displacement of outputs is 0.20 at depths 120, 450 and 1000, within 0.03.",
        _RECORDED,
        0.03,
        _smooth_distances,
    ),
    Claim(
        "smooth-identity",
        "Smooth weights, β = 2: depth times it is 0.20 there, within 0.03.",
        _RECORDED,
        0.03,
        _smooth_identity,
    ),
    Claim(
        "smooth-explosion",
        "Smooth weights, β = ½: at depth 450 the median displacement of outputs is between 3e2 and 5e3 (log10).",
        _RECORDED,
        _SMOOTH_EXPLOSION_WIDTH,
        partial(number, "median_log10", _SMOOTH_EXPLOSION, 0.5, {**_SMOOTH, "depth": 450}, sides=("output",)),
    ),
    Claim(
        "smooth-at-one-half",
        "Smooth weights, β = ½: the mean displacement does not change with the depth, as that of independent ones: it "
        "does.",
        _MARION,
        0.03,
        partial(slope, 0.0, 0.5, _SMOOTH),
        "deviates",
    ),
    Claim(
        "map",
        "Fractional noise, depth 1000, β ≥ ½: mean log10 displacements of outputs and gradients are those recorded, "
        "where below 3, within 0.25.",
        _RECORDED,
        0.25,
        partial(recorded_map, (0.5, 1.25)),
    ),
    Claim(
        "map-of-explosions",
        "So they are at β = ¼.",
        _RECORDED,
        0.25,
        partial(recorded_map, (0.25, 0.25)),
    ),
    Claim(
        "unit-displacement",
        "At depth 1000 the displacement of outputs is 1 at β = 0.45 ± 0.06 for H ≤ ½, 0.65 ± 0.07 for H = 0.7 and "
        "0.83 ± 0.08 for H = 0.9: within 1 of these tolerances.",
        _RECORDED,
        1.0,
        unit_displacement,
    ),
    Claim(
        "critical-line",
        "Depths 100 and 1000 have one mean log10 displacement of outputs at β = max(½, H), within 0.1.",
        _MARION,
        0.1,
        _critical,
    ),
    Claim(
        "critical-line-is-hurst-index",
        "They have it at β = H for H < ½ too: they have not.",
        _MARION,
        0.1,
        _critical_is_hurst,
        "deviates",
    ),
)
