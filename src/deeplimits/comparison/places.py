"""Apply the rules where there is no law of one number per network: layers, pairs of layers, whole ensembles."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from deeplimits.comparison.moments import Part, judge_parts, moment_parts, networks_for_normal_intervals, size_of
from deeplimits.comparison.row import Measured, Place, Row
from deeplimits.comparison.verdicts import worst
from deeplimits.limits.laws import LayeredLaw, LayerPairLaw, MomentsOnly
from deeplimits.limits.laws.law import Law
from deeplimits.statistics import EnsembleStatistic, Interval, LayerCovariance, LayerSummary

LOGARITHMS = ("log_output_second_moment",)  # statistics whose differences are relative errors already
HEAVY_TAIL = "0.1 % of the networks carry over 20 % of the sum, so that its standard error says nothing"


@dataclass(frozen=True)
class _Site:
    law: Law
    summary: Measured
    parts: Mapping[str, Part]


def base_position(count: int) -> int:
    """Return which of ``count`` recorded layers covariances are taken from: the middle one."""
    return count // 2


def judge_layers(
    limit: str,
    observable: str,
    input_index: int,
    law: LayeredLaw,
    summary: LayerSummary,
    *,
    tolerance: float,
    delta: float,
) -> Row:
    """Compare mean and, where predicted, variance at each layer that is both recorded and predicted.

    The units are those of `judge` for moments: of a layer only those are kept, so that a predicted distribution counts
    by its moments. All layers share δ, and the worst of them decides: *within* says that every layer is.

    Raises:
        ValueError: the law says nothing at any layer.
    """
    sites: dict[tuple[int, ...], _Site] = {}
    predicted = dict(zip(law.layers, law, strict=True))
    for estimates in summary:
        if estimates.layer in predicted:
            one = predicted[estimates.layer]
            measured = Measured(estimates.mean, estimates.variance, summary.count)
            sites[(estimates.layer,)] = _Site(one, measured, moment_parts(one, estimates.mean, estimates.variance))
    return _judge_sites(limit, observable, input_index, sites, tolerance, delta)


def judge_pairs(
    limit: str,
    observable: str,
    input_index: int,
    law: LayerPairLaw,
    summary: LayerCovariance,
    *,
    tolerance: float,
    delta: float,
) -> Row:
    """Compare the covariances of a base layer, the middle one, with itself and with each later layer.

    A difference is measured in the predicted variance of the base layer (absolutely where that is 0). At lag 0 this is
    the rule for variances. Along the lag the covariance falls to 0, so that errors relative to itself would come to
    mean nothing, while one fixed unit keeps the whole curve, cov / variance against lag, on one scale: a distance of
    0.02 is 0.02 of autocorrelation. The lags share δ, and the worst of them decides.

    Raises:
        ValueError: no layer is both recorded and predicted.
    """
    shared = [layer for layer in summary.layers if layer in law.layers]
    if not shared:
        return _judge_sites(limit, observable, input_index, {}, tolerance, delta)
    start = base_position(len(shared))
    base, predicted_base = summary.layers.index(shared[start]), law.layers.index(shared[start])
    scale = size_of(law.covariance(predicted_base, predicted_base))
    sites: dict[tuple[int, ...], _Site] = {}
    for layer in shared[start:]:
        measured = summary.covariance(base, summary.layers.index(layer))
        predicted = law.covariance(predicted_base, law.layers.index(layer))
        sites[shared[start], layer] = _Site(
            MomentsOnly(predicted, None),
            Measured(measured, None, summary.count),
            {"covariance": Part(measured, predicted, scale)},
        )
    return _judge_sites(limit, observable, input_index, sites, tolerance, delta)


def judge_statistic(
    limit: str,
    observable: str,
    input_index: int,
    law: Law,
    statistic: EnsembleStatistic,
    *,
    tolerance: float,
    delta: float,
) -> Row:
    """Compare one number of a whole ensemble: its relative error, or of a logarithm the difference itself.

    A difference of logarithms is, for small ones, the relative error of what the logarithm is of. A prediction of 0 is
    compared absolutely. Estimates that a few networks carry decide nothing, whatever their number; nor do estimates
    from so few networks that the skewness of their terms spoils a normal interval, but there more would do.

    Raises:
        ValueError: the limit gives no number.
    """
    if law.mean is None:
        raise ValueError(f"the {limit} limit predicts no value of {observable}")
    estimate = statistic.mean
    measured = Measured(estimate, None, statistic.count)
    scale = 1.0 if observable in LOGARITHMS else size_of(law.mean)
    obstacle = None
    if statistic.unreliable:
        obstacle = HEAVY_TAIL
    elif not math.isfinite(estimate.standard_error):
        obstacle = "it cannot be told from these networks"
    if obstacle is not None:
        value = abs(estimate.value - law.mean) / scale
        unknown = {"mean": Interval(value if math.isfinite(value) else math.inf, 0.0, math.inf)}
        return Row(
            limit,
            observable,
            input_index,
            law,
            measured,
            unknown,
            "mean",
            None,
            "undecided",
            None,
            1.0,
            obstacle=obstacle,
        )
    outcome = judge_parts(
        {"mean": Part(estimate, law.mean, scale)},
        count=statistic.count,
        needed=networks_for_normal_intervals(delta, statistic.moments.skewness(observable)),
        tolerance=tolerance,
        delta=delta,
    )
    return Row(
        limit,
        observable,
        input_index,
        law,
        measured,
        outcome.distances,
        outcome.judged_by,
        None,
        outcome.verdict,
        outcome.networks_to_decide,
        outcome.p_value,
        networks_needed=outcome.networks_needed,
    )


def _judge_sites(
    limit: str,
    observable: str,
    input_index: int,
    sites: Mapping[tuple[int, ...], _Site],
    tolerance: float,
    delta: float,
) -> Row:
    """Return the row of the worst of ``sites``, which share δ."""
    parts = {(layers, name): part for layers, site in sites.items() for name, part in site.parts.items()}
    if not parts:
        raise ValueError(f"the {limit} limit predicts nothing of {observable} at the recorded layers")
    count = next(iter(sites.values())).summary.count
    needed = networks_for_normal_intervals(delta / len(parts))
    outcome = judge_parts(parts, count=count, needed=needed, tolerance=tolerance, delta=delta)
    places = []
    for layers, site in sites.items():
        distances = {name: outcome.distances[layers, name] for name in site.parts}
        if distances:
            judged_by, verdict = worst(distances, tolerance)
            settled = verdict if count >= needed or outcome.verdict == verdict else "undecided"
            places.append(Place(layers, site.law, site.summary, distances, judged_by, settled))
    decisive, judged_by = outcome.judged_by
    place = next(place for place in places if place.layers == decisive)
    return Row(
        limit,
        observable,
        input_index,
        place.law,
        place.summary,
        place.distances,
        judged_by,
        None,
        outcome.verdict,
        outcome.networks_to_decide,
        outcome.p_value,
        layers=place.layers,
        places=tuple(places),
        networks_needed=outcome.networks_needed,
    )
