"""The rows of a cell: measured numbers with standard errors, beside what theory says of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.statistics import Estimate, Moments, finite_or_none

if TYPE_CHECKING:
    from deeplimits.sampling.residual_ratios import ResidualRatios

Row: TypeAlias = dict[str, Any]
SIDES = ("output", "gradient")
_LOG_OF_LARGEST = 300.0  # of a displacement whose square is still a number
_BINS = 40


def cell_rows(fields: Mapping[str, Any]) -> Iterator[Row]:
    """Draw the networks of a cell and yield what they show; each draw counts once, whatever its number of inputs."""
    from deeplimits.sampling.residual_ratios import residual_ratios

    found = residual_ratios(
        fields["depth"],
        fields["width"],
        fields["exponents"],
        law=fields["law"],
        block=fields["block"],
        draws=fields["num_networks"],
        inputs=fields["inputs"],
        # The public seed: each depth, width and law has random numbers of its own.
        seed=fields["seed"],
    )
    measured = {"depth": _depth_rows, "square": _square_rows, "histogram": _histogram_rows, "map": _map_rows}
    for side in SIDES:
        for i, exponent in enumerate(fields["exponents"]):
            ratio, displacement = (part[:, i] for part in _sides(found)[side])
            for row in measured[fields["measures"]](fields, exponent, ratio, displacement):
                yield {"side": side, "exponent": exponent, **row}


def _sides(found: ResidualRatios) -> dict[str, tuple[Float64Array, Float64Array]]:
    return {
        "output": (found.output, found.output_displacement),
        "gradient": (found.gradient, found.gradient_displacement),
    }


def _depth_rows(
    fields: Mapping[str, Any], exponent: float, ratio: Float64Array, displacement: Float64Array
) -> Iterator[Row]:
    if displacement.max() < _LOG_OF_LARGEST:
        yield _row("displacement", _mean(np.exp(displacement)))
        yield from _square_rows(fields, exponent, ratio, displacement)
        yield _row("ratio", _mean(np.exp(ratio)))
    yield from _map_rows(fields, exponent, ratio, displacement)
    yield _row("median_log10", _median(displacement.mean(1) / math.log(10)))


def _square_rows(
    fields: Mapping[str, Any], exponent: float, ratio: Float64Array, displacement: Float64Array
) -> Iterator[Row]:
    from deeplimits.limits.residual_regimes import mean_square_displacement

    said = mean_square_displacement(fields["depth"], exponent) if fields["law"] == "iid" else None
    yield _row("square", _mean(np.exp(2 * displacement)), said)


def _map_rows(
    fields: Mapping[str, Any], exponent: float, ratio: Float64Array, displacement: Float64Array
) -> Iterator[Row]:
    yield _row("log10", _mean(displacement / math.log(10)))


def _histogram_rows(
    fields: Mapping[str, Any], exponent: float, ratio: Float64Array, displacement: Float64Array
) -> Iterator[Row]:
    """Yield mean and standard deviation of the ratio and of its logarithm, and a histogram of the ratio."""
    from scipy.stats import lognorm

    from deeplimits.limits.residual_regimes import log_ratio_law

    said = log_ratio_law(fields["depth"], fields["width"], exponent)
    law = lognorm(math.sqrt(said.variance), scale=math.exp(said.mean))
    logs = ratio[:, 0]
    yield _row("log_mean", _mean(ratio), said.mean)
    yield _row("log_deviation", _deviation(logs), math.sqrt(said.variance))
    yield _row("mean", _mean(np.exp(ratio)), float(law.mean()))
    yield _row("deviation", _deviation(np.exp(logs)), float(law.std()))
    edges = law.ppf(1e-3) + (law.ppf(1 - 1e-3) - law.ppf(1e-3)) * np.linspace(0, 1, _BINS + 1)
    counts, total = np.histogram(np.exp(logs), edges)[0], len(logs)
    for count, low, high, mass in zip(counts, edges, edges[1:], np.diff(law.cdf(edges)), strict=False):
        unit = total * (high - low)
        error = math.sqrt(total * mass * (1 - mass)) / unit
        about = {"low": float(low), "high": float(high)}
        yield {**_row("density", Estimate(count / unit, error, total), float(mass / (high - low))), **about}


def _row(measure: str, estimate: Estimate, predicted: float | None = None) -> Row:
    return {
        "measure": measure,
        "count": estimate.count,
        "measured": finite_or_none(estimate.value),
        "measured_standard_error": finite_or_none(estimate.standard_error),
        "predicted": predicted,
    }


def _mean(values: Float64Array) -> Estimate:
    """Return the mean of values of shape (draws, inputs); inputs of one draw are not independent."""
    draws = values.mean(1)
    return Estimate(float(draws.mean()), float(draws.std(ddof=1) / math.sqrt(len(draws))), len(draws))


def _deviation(values: Float64Array) -> Estimate:
    """Return the standard deviation, with the error that the fourth moment gives its square."""
    variance = Moments.from_values(values).variance
    root = math.sqrt(variance.value)
    return Estimate(root, variance.standard_error / (2 * root), variance.count)


def _median(values: Float64Array) -> Estimate:
    """Return the median, with its error for a normal law."""
    error = math.sqrt(math.pi / 2) * values.std(ddof=1) / math.sqrt(len(values))
    return Estimate(float(np.median(values)), float(error), len(values))
