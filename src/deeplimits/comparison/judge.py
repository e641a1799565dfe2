"""Apply the rules to what is one number per network: its predicted and its measured law."""

from __future__ import annotations

import math

from deeplimits.comparison.moments import judge_parts, moment_parts, networks_for_normal_intervals
from deeplimits.comparison.row import Row
from deeplimits.comparison.verdicts import decide, networks_for_law
from deeplimits.limits.laws.law import Law
from deeplimits.statistics import Summary, ks_distance, ks_p_value, wasserstein_distance, wasserstein_to_point


def judge(
    limit: str, observable: str, input_index: int, law: Law, summary: Summary, *, tolerance: float, delta: float
) -> Row:
    """Compare one law with one summary at confidence 1 − ``delta``.

    A law with a distribution is judged by its Kolmogorov–Smirnov distance. Moments are judged by |difference of
    means| / predicted standard deviation (for a point mass, or without a predicted variance, / |prediction|, or
    absolute where that is 0) and, where a variance is predicted, by its relative error; the row gets the worst
    verdict. Its parts share δ. With too few networks moments decide nothing; see `networks_for_normal_intervals`.

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
    parts = moment_parts(law, summary.mean, summary.variance)
    if not parts:
        raise ValueError(f"the {limit} limit predicts neither a distribution nor a mean or variance of {observable}")
    skewness = summary.skewness.value
    needed = networks_for_normal_intervals(delta / len(parts), skewness if math.isfinite(skewness) else 0.0)
    outcome = judge_parts(parts, count=summary.count, needed=needed, tolerance=tolerance, delta=delta)
    point = law.mean if law.is_point_mass else None
    return Row(
        limit,
        observable,
        input_index,
        law,
        summary,
        outcome.distances,
        outcome.judged_by,
        None if point is None else wasserstein_to_point(summary.sketch, point),
        outcome.verdict,
        outcome.networks_to_decide,
        outcome.p_value,
        networks_needed=outcome.networks_needed,
    )
