"""The claims, with sources, and tolerances as fixed before the first run.

After it, the widths of `error-law`, `error-rates` and `width-constant`, and the layers of the correlation's claims,
were narrowed to those at which a quick run can decide.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from deeplimits.experiments.width_depth_commute.distances import exact_slope, gaussian, predicted, slope
from deeplimits.experiments.width_depth_commute.grid import ACTIVATIONS, JUDGED_LAYERS, JUDGED_WIDTHS, NARROW
from deeplimits.experiments.width_depth_commute.network import FIXED, STABLE
from deeplimits.sweeps import Claim
from deeplimits.sweeps.table import number

_COMMUTE = "hayou2023width, the limits commute (flow rederived)"
_RATES = "hayou2023width, rates of convergence (constants derived here)"
_GAUSSIAN = "hayou2023width, preactivations become Gaussian (rederived)"
_ANY = {"width": None, "depth": None}
_ENDS = ((1024, 256), (256, 256), (1024, 1024))


def _in_a_corner(row: dict[str, Any]) -> bool:
    return (row["width"], row["depth"]) in _ENDS


def _judged(row: dict[str, Any]) -> bool:
    return row["width"] in JUDGED_WIDTHS


def _judged_and_deep(row: dict[str, Any]) -> bool:
    return _judged(row) and bool(row["depth"] >= 16)


def _at_some_layers(row: dict[str, Any]) -> bool:
    return row["layer"] is None or row["layer"] in JUDGED_LAYERS


def _shallow(row: dict[str, Any]) -> bool:
    return (row["width"], row["depth"]) in ((4096, 4), (4096, 8))


def _diagonal(row: dict[str, Any]) -> bool:
    return bool(row["width"] == row["depth"])


def _own_depth_bias(row: dict[str, Any]) -> float:
    return abs(number(row["predicted"]) - number(row["infinite"]))


def _one(row: dict[str, Any]) -> float:
    return 1.0


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "one-limit",
        "Wide and deep, deep and less wide, or both alike: the mean of ‖z‖²/width is e^½ of its first value, within "
        "2 %.",
        _COMMUTE,
        0.02,
        partial(predicted, "square", "mean", _ANY, column="infinite", where=_in_a_corner),
    ),
    Claim(
        "error-law",
        "At widths 64 and 256 and every depth, the mean-square error of ‖z‖²/width about that limit is its variance by "
        "the central limit theorem plus the squared error of the depth, within 10 %.",
        _RATES,
        0.1,
        partial(predicted, "square", "error", _ANY, where=_judged),
    ),
    Claim(
        "error-rates",
        "There, from depth 16 on, it is C/width + (D/depth)² with the constants of infinite width and depth, within "
        "15 %.",
        _RATES,
        0.15,
        partial(predicted, "square", "error", _ANY, column="asymptotic", where=_judged_and_deep),
    ),
    Claim(
        "width-constant",
        "At widths 64 and 256 and every depth, width times the variance of ‖z‖²/width is the constant of its central "
        "limit theorem at that depth, within 10 %.",
        _RATES,
        0.1,
        partial(predicted, "square", "variance", _ANY, where=_judged),
    ),
    Claim(
        "smooth-activations",
        "So it is for tanh and GELU, within 10 %.",
        _RATES,
        0.1,
        partial(
            predicted,
            "square",
            "variance",
            {**_ANY, "activation": None},
            where=lambda row: row["activation"] in ACTIVATIONS,
        ),
    ),
    Claim(
        "depth-bias",
        "At width 4096 and depths 4 and 8 the mean is below its limit by the error of Euler's method, within 15 % of "
        "it.",
        _RATES,
        0.15,
        partial(predicted, "square", "mean", _ANY, scale=_own_depth_bias, where=_shallow),
    ),
    Claim(
        "diagonal",
        "Where width = depth the error falls as 1/width, the exponent within 0.1.",
        _RATES,
        0.1,
        partial(slope, "square", "error", -1.0, _ANY, where=_diagonal),
    ),
    Claim(
        "log-norm-on-the-diagonal",
        "Where width = depth the variance of the log-norm falls as 1/width, the exponent within 0.1.",
        _COMMUTE,
        0.1,
        partial(slope, "square", "log_variance", -1.0, {**_ANY, "branch": STABLE}, where=_diagonal),
    ),
    Claim(
        "log-norm-without-scaling",
        "So it does with branches that are not scaled: it does not, the limits of width and depth do not commute.",
        _COMMUTE,
        0.1,
        partial(slope, "square", "log_variance", -1.0, {**_ANY, "branch": FIXED}, where=_diagonal),
        "deviates",
    ),
    Claim(
        "correlation-path",
        "At width 1000 and depth 100 the correlation of two inputs is after 20, 50 and 100 layers that of the flow, "
        "within 0.01.",
        _COMMUTE,
        0.01,
        partial(predicted, "pair", "correlation", _ANY, scale=_one, where=_at_some_layers),
    ),
    Claim(
        "correlation-without-scaling",
        "So it is with branches that are not scaled: it is not, inputs align.",
        _COMMUTE,
        0.01,
        partial(predicted, "pair", "correlation", {**_ANY, "branch": FIXED}, scale=_one, where=_at_some_layers),
        "deviates",
    ),
    Claim(
        "gaussian",
        "A single preactivation of the last layer has at width 128 the law N(0, q) of the limit, within a "
        "Kolmogorov–Smirnov distance of 0.03.",
        _GAUSSIAN,
        0.03,
        partial(gaussian, {"width": 128, "depth": None}),
    ),
    Claim(
        "gaussian-when-narrow",
        "So it has at width 2: it has not.",
        _GAUSSIAN,
        0.03,
        partial(gaussian, {"width": NARROW, "depth": None}),
        "deviates",
    ),
    Claim(
        "regression-width",
        "Readouts trained on the circle differ from the regression with the kernel of infinite width by 1/√width, the "
        "exponent within 0.1.",
        _RATES,
        0.1,
        partial(slope, "regression", "width_difference", -0.5, {**_ANY, "data": "circle"}),
    ),
    Claim(
        "regression-depth",
        "Regressions with the kernels of finite and infinite depth differ by 1/depth: from depth 8 to 64, the exponent "
        "within 0.1.",
        _RATES,
        0.1,
        partial(exact_slope, "depth_difference", -1.0, {**_ANY, "data": "circle"}, (8, 64)),
    ),
    Claim(
        "regression-error",
        "On digits, readouts of networks of width 512 miss as many test labels as the regression with the kernel of "
        "infinite width and depth, within 0.03.",
        _COMMUTE,
        0.03,
        partial(predicted, "regression", "error_network", {"width": 512, "depth": None, "data": "digits"}, scale=_one),
    ),
)
