"""Apply the rules to one prediction and one measurement."""

from __future__ import annotations

import math

from deeplimits.comparison.row import Row, is_zero
from deeplimits.comparison.verdicts import (
    Verdict,
    decide,
    networks_for_law,
    networks_for_moment,
    normal_distance,
    worst,
    z_p_value,
)
from deeplimits.limits.laws.law import Law
from deeplimits.statistics import (
    Estimate,
    Interval,
    Summary,
    ks_distance,
    ks_p_value,
    wasserstein_distance,
    wasserstein_to_point,
)

_ROUNDING = 1e-6  # relative; networks are sampled in float32
MOMENT_NETWORKS = 100  # fewer networks than these decide nothing by moments


def judge(
    limit: str, observable: str, input_index: int, law: Law, summary: Summary, *, tolerance: float, delta: float
) -> Row:
    """Compare one law with one summary at confidence 1 − ``delta``.

    A law with a distribution is judged by its Kolmogorov–Smirnov distance. Moments are judged by |difference of
    means| / predicted standard deviation (for a point mass, or without a predicted variance, / |prediction|, or
    absolute where that is 0) and, where a variance is predicted, by its relative error; the row gets the worst
    verdict. Its parts share δ. Below 100 networks moments decide nothing.

    Raises:
        ValueError: the prediction has neither a distribution nor a mean nor a variance.
    """
    if law.has_distribution and not law.is_point_mass:
        return _judge_law(limit, observable, input_index, law, summary, tolerance, delta)
    return _judge_moments(limit, observable, input_index, law, summary, tolerance, delta)


def _judge_law(
    limit: str, observable: str, input_index: int, law: Law, summary: Summary, tolerance: float, delta: float
) -> Row:
    sketch = summary.sketch
    distance = ks_distance(sketch, law.cdf, delta=delta, numerical_error=law.numerical_error)
    floor = sketch.rank_error + law.numerical_error
    verdict = decide(distance, tolerance)
    networks = math.inf
    if verdict == "undecided":
        networks = networks_for_law(distance, floor, tolerance, summary.count, delta)
    return Row(
        limit,
        observable,
        input_index,
        law,
        summary,
        {"ks": distance},
        "ks",
        wasserstein_distance(sketch, law.cdf, law.quantile),
        verdict,
        int(networks) if math.isfinite(networks) else None,
        ks_p_value(distance.value, summary.count, error=floor),
    )


def _judge_moments(
    limit: str, observable: str, input_index: int, law: Law, summary: Summary, tolerance: float, delta: float
) -> Row:
    parts = _moment_parts(law, summary)
    if not parts:
        raise ValueError(f"the {limit} limit predicts neither a distribution nor a mean or variance of {observable}")
    distances: dict[str, Interval] = {}
    forecasts: list[tuple[float, Verdict]] = []
    p_values: list[float] = []
    for name, (measured, predicted, scale) in parts.items():
        difference, error = measured.value - predicted, measured.standard_error
        distances[name] = normal_distance(difference, error, scale, delta / len(parts))
        p_values.append(z_p_value(difference, error, _ROUNDING * max(abs(predicted), scale)))
        if decide(distances[name], tolerance) == "undecided":
            value = distances[name].value
            forecasts.append(networks_for_moment(value, error / scale, tolerance, summary.count, delta / len(parts)))
    judged_by, verdict = worst(distances, tolerance)
    p_value = min(1.0, len(p_values) * min(p_values))
    if summary.count < MOMENT_NETWORKS and any(measured.standard_error > 0 for measured, _, _ in parts.values()):
        # A normal interval with an estimated error misses far too often at so few networks: nothing is said.
        verdict, p_value, forecasts = "undecided", 1.0, [*forecasts, (float(MOMENT_NETWORKS), "within")]
    point = law.mean if law.is_point_mass else None
    return Row(
        limit,
        observable,
        input_index,
        law,
        summary,
        distances,
        judged_by,
        None if point is None else wasserstein_to_point(summary.sketch, point),
        verdict,
        _networks_for_all(forecasts) if verdict == "undecided" else None,
        p_value,
    )


def _moment_parts(law: Law, summary: Summary) -> dict[str, tuple[Estimate, float, float]]:
    """Return (measured, predicted, scale of their difference) for each moment that is predicted."""
    parts: dict[str, tuple[Estimate, float, float]] = {}
    variance = None if law.is_point_mass or law.variance is None or is_zero(law.variance) else law.variance
    if law.mean is not None:
        size = 1.0 if is_zero(law.mean) else abs(law.mean)
        parts["mean"] = (summary.mean, law.mean, size if variance is None else math.sqrt(variance))
    if variance is not None:
        parts["variance"] = (summary.variance, variance, variance)
    return parts


def _networks_for_all(forecasts: list[tuple[float, Verdict]]) -> int | None:
    """Return when a row of several undecided parts is decided: the first time one is outside, or all are within."""
    outside = [networks for networks, verdict in forecasts if verdict == "outside"]
    networks = min(outside) if outside else max(networks for networks, _ in forecasts)
    return int(networks) if math.isfinite(networks) else None
