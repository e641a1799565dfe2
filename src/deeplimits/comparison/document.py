"""The JSON of a comparison: finite numbers, and a reason beside whatever is absent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from deeplimits.comparison.comparison import Comparison
from deeplimits.comparison.ranking import Ranking
from deeplimits.comparison.row import Place, Row, too_few_by_moments
from deeplimits.limits.laws.law import Law
from deeplimits.limits.prediction import Prediction, Refusal
from deeplimits.observables import CATALOGUE
from deeplimits.statistics import Estimate, LayerCovariance, LayerSummary, Summary, finite_or_none

SCHEMA = 1

_STATISTICS = ("mean", "variance", "skewness", "excess_kurtosis")


def document(comparison: Comparison) -> dict[str, Any]:
    """Return ``comparison`` as one JSON-ready object; for several input vectors every statistic is a list."""
    samples = comparison.samples
    single = samples.inputs.single
    return {
        "schema": SCHEMA,
        "architecture": samples.architecture.to_dict(),
        "input": samples.inputs.values[0].tolist() if single else samples.inputs.values.tolist(),
        "num_networks": samples.num_networks,
        "num_dead": samples.num_dead[0] if single else list(samples.num_dead),
        "seed": samples.seed,
        "matrix": samples.matrix,
        "tolerance": comparison.tolerance,
        "observables": {
            name: _by_statistic([_measured(entry) for entry in samples.estimates(name)], single or _joins(name))
            for name in samples
        },
        "limits": {
            answer.limit: _refused(answer) if isinstance(answer, Refusal) else _supported(comparison, answer)
            for answer in comparison.answers
        },
        "ranking": {
            name: _by_statistic([_ranked(ranking) for ranking in rankings], single or _joins(name))
            for name, rankings in comparison.rankings.items()
        },
        "provenance": dict(samples.provenance),
    }


def _by_statistic(per_input: Sequence[dict[str, Any]], single: bool) -> dict[str, Any]:
    """Return the only dictionary, or one dictionary of lists in input order."""
    return per_input[0] if single else {key: [entry[key] for entry in per_input] for key in per_input[0]}


def _joins(observable: str) -> bool:
    """Whether there is one number for several inputs."""
    return CATALOGUE[observable].inputs > 1


def _measured(entry: Any) -> dict[str, Any]:
    if isinstance(entry, Summary):
        return _measured_law(entry)
    few = "null: too few networks to tell"
    if isinstance(entry, LayerSummary):
        rows = {part: [getattr(row, part).to_dict() for row in entry] for part in ("mean", "variance")}
        return {"layers": list(entry.layers), **rows, "count": entry.count, "reason": few if entry.count < 4 else None}
    if isinstance(entry, LayerCovariance):
        matrices = {"values": entry.values.tolist(), "standard_errors": entry.standard_errors.tolist()}
        return {"layers": list(entry.layers), **matrices, "count": entry.count, "reason": None}
    value = entry.mean.to_dict()
    absent = "mean: it cannot be told from these networks" if None in value.values() else None
    return {"mean": value, "count": entry.count, "unreliable": list(entry.unreliable), "reason": absent}


def _measured_law(summary: Summary) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(summary, name).to_dict() for name in _STATISTICS}
    absent = [name for name in _STATISTICS if None in values[name].values()]
    return {
        **values,
        "minimum": summary.minimum,
        "maximum": summary.maximum,
        "count": summary.count,
        "rank_error": summary.sketch.rank_error,
        "unreliable": list(summary.unreliable),
        "reason": f"{', '.join(absent)}: too few networks, or they do not differ" if absent else None,
    }


def _refused(refusal: Refusal) -> dict[str, Any]:
    return {"supported": False, "reason": refusal.reason, "references": list(refusal.references)}


def _supported(comparison: Comparison, prediction: Prediction) -> dict[str, Any]:
    rows = {(row.observable, row.input_index): row for row in comparison.rows_for(limit=prediction.limit)}
    inputs = comparison.samples.inputs
    entries: dict[str, Any] = {}
    predicted = [name for name in prediction if CATALOGUE[name].kind == "network"]
    for name in dict.fromkeys([*comparison.samples, *predicted]):
        laws = prediction.laws.get(name) or (None,) * (1 if _joins(name) else inputs.count)
        per_input = [
            _compared(rows[name, i]) if (name, i) in rows else _not_compared(law if isinstance(law, Law) else None)
            for i, law in enumerate(laws)
        ]
        entries[name] = _by_statistic(per_input, inputs.single or _joins(name))
    return {
        "supported": True,
        "regime": prediction.regime,
        "accuracy": prediction.accuracy,
        "warnings": list(prediction.warnings),
        "references": list(prediction.references),
        **entries,
    }


def _compared(row: Row) -> dict[str, Any]:
    w1 = row.wasserstein1
    entry: dict[str, Any] = {
        "mean": _number(row.law.mean),
        "variance": _number(row.law.variance),
        "relative_error": {"mean": _estimate(row.mean_error), "variance": _estimate(row.variance_error)},
        "ks": row.ks.to_dict() if row.ks else None,
        "wasserstein1": w1.to_dict() if w1 and w1.value < float("inf") else None,
        "distances": {name: distance.to_dict() for name, distance in row.distances.items()},
        "judged_by": row.judged_by,
        "verdict": row.verdict,
        "networks_to_decide": row.networks_to_decide,
        "p_value": row.p_value,
        "detectable": row.detectable,
    }
    if row.places:
        entry |= {"decided_at": list(row.layers), "places": [_at(place) for place in row.places]}
    return {**entry, "reason": _reason(row, entry)}


def _at(place: Place) -> dict[str, Any]:
    measured, law = place.summary, place.law
    variance = None if measured.variance is None else measured.variance.to_dict()
    return {
        "layers": list(place.layers),
        "mean": _number(law.mean),
        "variance": _number(law.variance),
        "measured_mean": measured.mean.to_dict(),
        "measured_variance": variance,
        "distances": {name: distance.to_dict() for name, distance in place.distances.items()},
        "judged_by": place.judged_by,
        "verdict": place.verdict,
    }


def _reason(row: Row, entry: dict[str, Any]) -> str | None:
    """Say why each absent statistic is absent."""
    kind = "the prediction is a point mass" if row.law.is_point_mass else "the prediction gives moments only"
    if row.law.has_distribution and not row.law.is_point_mass and row.ks is None:
        kind = "moments only were measured"
    undecided = row.verdict == "undecided"
    why = {
        "mean": "the limit does not give it",
        "variance": "the limit does not give it",
        "ks": kind,
        "wasserstein1": kind if row.ks is None else "the predicted law has infinite quantiles",
        "networks_to_decide": row.obstacle or ("too near to the tolerance" if undecided else "decided"),
    }
    reasons = [f"{name}: {text}" for name, text in why.items() if entry[name] is None]
    reasons += [
        f"relative_error of the {name}: the prediction is absent or 0"
        for name, error in entry["relative_error"].items()
        if error is None
    ]
    if row.networks_needed is not None:
        reasons.append(f"verdict: {too_few_by_moments(row.networks_needed)}")
    reasons += ["null in places: the limit does not give it, or it is not measured"] if row.places else []
    return "; ".join(reasons) or None


def _not_compared(law: Law | None) -> dict[str, Any]:
    absent = (
        "relative_error",
        "ks",
        "wasserstein1",
        "distances",
        "judged_by",
        "verdict",
        "networks_to_decide",
        "p_value",
        "detectable",
    )
    return {
        "mean": None if law is None else _number(law.mean),
        "variance": None if law is None else _number(law.variance),
        **dict.fromkeys(absent),
        "reason": "the limit does not predict this observable" if law is None else "this observable was not measured",
    }


def _ranked(ranking: Ranking | None) -> dict[str, Any]:
    if ranking is None:
        return {
            "by": None,
            "order": [],
            "distances": {},
            "reason": "no limit predicts this observable, or no distance is common",
        }
    return {
        "by": ranking.by,
        "order": [list(group) for group in ranking.order],
        "distances": {limit: distance.to_dict() for limit, distance in ranking.distances.items()},
        "reason": None,
    }


def _number(value: float | None) -> float | None:
    return None if value is None else finite_or_none(value)


def _estimate(estimate: Estimate | None) -> dict[str, float | None] | None:
    return None if estimate is None else estimate.to_dict()
