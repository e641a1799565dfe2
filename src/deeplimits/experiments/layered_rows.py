"""Rows of a table for what is not one number per network: layers, pairs of layers, and numbers of a whole ensemble."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from deeplimits.comparison.comparison import Comparison
from deeplimits.comparison.row import Place, Row
from deeplimits.experiments.network_columns import estimate_columns
from deeplimits.limits.laws.layered import LayeredLaw, LayerPairLaw
from deeplimits.limits.prediction import Prediction
from deeplimits.statistics import LayerCovariance, LayerSummary, finite_or_none


def layered_rows(comparison: Comparison, observable: str) -> Iterator[dict[str, Any]]:
    """Yield one row per input vector, layer (or pair of layers) and limit that speaks of it; at least one each.

    A covariance or an ensemble's statistic stands under ``mean``. The verdict is that on the layer of the row, at the
    confidence that the comparison leaves it; ``detectable`` is of all layers together. Pairs without the base layer
    have a prediction and no verdict.
    """
    samples = comparison.samples
    spoken = {
        answer.limit: answer.laws[observable]
        for answer in comparison.answers
        if isinstance(answer, Prediction) and observable in answer.laws
    }
    for i, entry in enumerate(samples.estimates(observable)):
        about = {"observable": observable, "input": i, "count": entry.count, "num_dead": samples.num_dead[i]}
        judged = {row.limit: row for row in comparison.rows_for(observable=observable) if row.input_index == i}
        predicted = {limit: _by_place(laws[i]) for limit, laws in spoken.items()}
        verdicts = {limit: _verdicts(row) for limit, row in judged.items()}
        for place, measured in _measured(entry):
            where = dict(zip(("layer", "other_layer"), place, strict=False))
            found = [
                {"limit": limit, **columns[place], **verdicts[limit].get(place, {})}
                for limit, columns in predicted.items()
                if place in columns
            ]
            for columns in found or [{}]:
                yield {**about, **where, **measured, **columns}


def _verdicts(row: Row) -> dict[tuple[int, ...], dict[str, Any]]:
    return {place.layers: _verdict(place, row) for place in row.places} or {(): _verdict(row, row)}


def _verdict(place: Place | Row, row: Row) -> dict[str, Any]:
    distance = place.distances[place.judged_by]
    return {
        "distance_of": place.judged_by,
        "distance": finite_or_none(distance.value),
        "distance_low": distance.low,
        "distance_high": finite_or_none(distance.high),
        "verdict": place.verdict,
        "detectable": row.detectable,
        "reason": row.obstacle,
    }


def _measured(entry: Any) -> Iterator[tuple[tuple[int, ...], dict[str, Any]]]:
    """Yield each place (no layer, one or two) and what was measured there."""
    if isinstance(entry, LayerSummary):
        for row in entry:
            yield (row.layer,), {**estimate_columns("mean", row.mean), **estimate_columns("variance", row.variance)}
    elif isinstance(entry, LayerCovariance):
        for i, layer in enumerate(entry.layers):
            for j in range(i, len(entry.layers)):
                yield (layer, entry.layers[j]), estimate_columns("mean", entry.covariance(i, j))
    else:
        yield (), {**estimate_columns("mean", entry.mean), "unreliable": " ".join(entry.unreliable) or None}


def _by_place(law: Any) -> Mapping[tuple[int, ...], dict[str, Any]]:
    if isinstance(law, LayeredLaw):
        laws = zip(law.layers, law, strict=True)
        return {(layer,): {"predicted_mean": one.mean, "predicted_variance": one.variance} for layer, one in laws}
    if isinstance(law, LayerPairLaw):
        size = range(len(law.layers))
        return {
            (law.layers[i], law.layers[j]): {"predicted_mean": law.covariance(i, j)}
            for i in size
            for j in size
            if i <= j
        }
    return {(): {"predicted_mean": law.mean}}
