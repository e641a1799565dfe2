"""Judge moments: each by its normal interval, several together by the worst of them."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from deeplimits.comparison.row import is_zero
from deeplimits.comparison.verdicts import (
    Verdict,
    decide,
    networks_for_moment,
    normal_distance,
    normal_quantile,
    rounded_up,
    worst,
    z_p_value,
)
from deeplimits.limits.laws.law import Law
from deeplimits.statistics import Estimate, Interval

_ROUNDING = 1e-6  # relative; networks are sampled in float32
Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True)
class Part:
    """Hold one number that is both measured and predicted.

    Args:
        measured: the measurement.
        predicted: the prediction.
        scale: what their difference is measured in; above 0.
    """

    measured: Estimate
    predicted: float
    scale: float


@dataclass(frozen=True)
class Outcome(Generic[Name]):
    """Hold what a statement's parts decide together.

    Args:
        distances: part → |difference| / scale with its interval.
        judged_by: the part that decides.
        verdict: on all parts together.
        networks_to_decide: about how many networks would decide; None if decided, or if no feasible number would.
        p_value: of the hypothesis that every part is as predicted.
        networks_needed: the fewest networks that decide anything by moments; None if there are as many.
    """

    distances: Mapping[Name, Interval]
    judged_by: Name
    verdict: Verdict
    networks_to_decide: int | None
    p_value: float
    networks_needed: int | None = None


def moment_parts(law: Law, mean: Estimate, variance: Estimate | None) -> dict[str, Part]:
    """Return ``mean`` and ``variance`` as far as both predicted and measured.

    Means are measured in predicted standard deviations (for a point mass, or without a predicted variance, relative to
    the prediction, or absolutely where that is 0), variances relative to the prediction.
    """
    parts: dict[str, Part] = {}
    predicted = None if law.is_point_mass or law.variance is None or is_zero(law.variance) else law.variance
    if law.mean is not None:
        parts["mean"] = Part(mean, law.mean, size_of(law.mean) if predicted is None else math.sqrt(predicted))
    if predicted is not None and variance is not None:
        parts["variance"] = Part(variance, predicted, predicted)
    return parts


def size_of(prediction: float) -> float:
    """Return what a difference from ``prediction`` is measured in: its modulus, or 1 where that is 0."""
    return 1.0 if is_zero(prediction) else abs(prediction)


def judge_parts(
    parts: Mapping[Name, Part], *, count: int, needed: float, tolerance: float, delta: float
) -> Outcome[Name]:
    """Judge a statement by the worst of its parts, which share δ equally.

    Args:
        parts: what is measured and predicted; not empty.
        count: networks measured.
        needed: networks below which normal intervals with estimated errors miss too often: nothing is decided then.
        tolerance: the largest distance that is within.
        delta: δ of all intervals together.
    """
    each = delta / len(parts)
    distances: dict[Name, Interval] = {}
    forecasts: list[tuple[float, Verdict]] = []
    p_values: list[float] = []
    for name, part in parts.items():
        difference, error = part.measured.value - part.predicted, part.measured.standard_error
        distances[name] = normal_distance(difference, error, part.scale, each)
        p_values.append(z_p_value(difference, error, _ROUNDING * max(abs(part.predicted), part.scale)))
        if decide(distances[name], tolerance) == "undecided":
            value = distances[name].value
            forecasts.append(networks_for_moment(value, error / part.scale, tolerance, count, each))
    judged_by, verdict = worst(distances, tolerance)
    p_value = min(1.0, len(p_values) * min(p_values))
    too_few = count < needed and any(part.measured.standard_error > 0 for part in parts.values())
    if too_few:
        forecasts = [(max(networks, needed), expected) for networks, expected in forecasts]
        settled: Verdict = "outside" if verdict == "outside" else "within"
        verdict, p_value, forecasts = "undecided", 1.0, [*forecasts, (needed, settled)]
    networks = _networks_for_all(forecasts) if verdict == "undecided" else None
    return Outcome(distances, judged_by, verdict, networks, p_value, int(needed) if too_few else None)


def networks_for_normal_intervals(delta: float, skewness: float = 0.0) -> float:
    """Return how many networks make normal intervals at confidence 1 − δ trustworthy, though their error is estimated.

    A mean of N terms of skewness γ, in units of its estimated error, leaves the normal law's tail at z by a share of
    about γ z³ / 3√N: many parts, which need a large z, need more networks, and so do skewed terms. The rule of thumb is
    N ≥ 50 max(2, γ²) (z / 1.96)⁴. It is set by measured error rates: of estimates of a kurtosis of 3 to 6 that pass at
    δ = 0.05, intervals miss in 4 to 7 %, where they would miss in up to 60 % otherwise.

    Args:
        delta: δ of one interval.
        skewness: γ.
    """
    return rounded_up(50 * max(2.0, skewness**2) * (normal_quantile(delta) / 1.96) ** 4)


def _networks_for_all(forecasts: list[tuple[float, Verdict]]) -> int | None:
    """Return when a row of several undecided parts is decided: the first time one is outside, or all are within."""
    outside = [networks for networks, verdict in forecasts if verdict == "outside"]
    networks = min(outside) if outside else max(networks for networks, _ in forecasts)
    return int(networks) if math.isfinite(networks) else None
