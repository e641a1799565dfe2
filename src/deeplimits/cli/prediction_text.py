"""What limits said of a network, as text for people and as data for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from deeplimits.architectures import Architecture
from deeplimits.cli.layout import labelled
from deeplimits.datasets import Inputs
from deeplimits.limits import Law, Prediction, Refusal
from deeplimits.limits.laws import AnyLaw, LayeredLaw, LayerPairLaw
from deeplimits.statistics import finite_or_none

SCHEMA = 1
PROBABILITIES = (0.05, 0.5, 0.95)
_COLUMNS = ("mean", "sd", *(f"{100 * p:g} %" for p in PROBABILITIES))


def as_text(architecture: Architecture, answers: Iterable[Prediction | Refusal]) -> str:
    """Return a block for each limit: its regime, accuracy, warnings and laws, or why it makes no statement."""
    fields = {name: value for name, value in architecture.to_dict().items() if name != "kind"}
    shown = [f"{name} {_number(value) if isinstance(value, float) else value}" for name, value in fields.items()]
    blocks = [f"{architecture.kind}\n{labelled('network', ', '.join(shown))}"]
    blocks += [_refusal(answer) if isinstance(answer, Refusal) else _prediction(answer) for answer in answers]
    return "\n\n".join(blocks)


def as_json(architecture: Architecture, inputs: Inputs, answers: Iterable[Prediction | Refusal]) -> dict[str, Any]:
    """Return the same as JSON-ready values; what a limit does not give is None, with a ``reason`` beside it."""
    limits: dict[str, Any] = {}
    for answer in answers:
        if isinstance(answer, Refusal):
            refused = {"supported": False, "reason": answer.reason, "references": list(answer.references)}
            limits[answer.limit] = refused
            continue
        about = {"regime": answer.regime, "accuracy": answer.accuracy, "warnings": list(answer.warnings)}
        laws = {observable: _statistics(laws, answer.inputs.single) for observable, laws in answer.laws.items()}
        limits[answer.limit] = {"supported": True, **about, "references": list(answer.references), **laws}
    vectors = inputs.values[0] if inputs.single else inputs.values
    return {"schema": SCHEMA, "architecture": architecture.to_dict(), "input": vectors.tolist(), "limits": limits}


def _statistics(laws: Sequence[AnyLaw], single: bool) -> dict[str, Any]:
    """Return the statistics of one observable: numbers for one input vector, lists in input order for several."""
    each = [_statistics_of(law) for law in laws]
    joined = len(each) == 1  # one number for two inputs, such as their correlation
    return each[0] if single or joined else {name: [statistics[name] for statistics in each] for name in each[0]}


def _statistics_of(law: AnyLaw) -> dict[str, Any]:
    if isinstance(law, LayerPairLaw):
        return {"layers": list(law.layers), "values": law.values.tolist()}
    if isinstance(law, LayeredLaw):
        moments = {"mean": list(map(_finite, law.mean)), "variance": list(map(_finite, law.variance))}
        return {"layers": list(law.layers), **moments}
    statistics = {"mean": _finite(law.mean), "variance": _finite(law.variance), "quantiles": _quantiles(law)}
    absent = [name for name, value in statistics.items() if value is None]
    return {**statistics, "reason": f"this limit does not give: {', '.join(absent)}" if absent else None}


def _quantiles(law: Law) -> dict[str, float | None] | None:
    if not law.has_distribution:
        return None
    values = law.quantile(np.array(PROBABILITIES))
    return {f"{p:g}": finite_or_none(float(value)) for p, value in zip(PROBABILITIES, values, strict=True)}


def _finite(value: float | None) -> float | None:
    return None if value is None else finite_or_none(value)


def _refusal(refusal: Refusal) -> str:
    return f"{refusal.limit}\n{labelled('refused', refusal.reason)}"


def _prediction(prediction: Prediction) -> str:
    lines = [labelled("regime", prediction.regime), labelled("accuracy", prediction.accuracy)]
    lines += [labelled("warning", warning) for warning in prediction.warnings]
    rows = [
        row
        for observable, laws in prediction.laws.items()
        for i, law in enumerate(laws)
        for row in _rows(observable if len(laws) == 1 else f"{observable}[{i}]", law)
    ]
    width = max(len(name) for name, _ in rows) + 2
    lines.append("  " + " " * width + "".join(f"{column:>13}" for column in _COLUMNS))
    lines += [f"  {name:<{width}}" + "".join(f"{cell:>13}" for cell in _cells(law)) for name, law in rows]
    return "\n".join([prediction.limit, *lines])


def _rows(name: str, law: AnyLaw) -> list[tuple[str, Law]]:
    """Return what a table shows of a law: of layers the first and the last, of pairs of layers nothing."""
    if isinstance(law, LayerPairLaw):
        return []
    if isinstance(law, LayeredLaw):
        return [(f"{name}, layer {law.layers[end]}", law[end]) for end in (0, -1)]
    return [(name, law)]


def _cells(law: Law) -> list[str]:
    deviation = None if law.variance is None else law.variance**0.5
    quantiles = _quantiles(law)
    shown = [None] * len(PROBABILITIES) if quantiles is None else list(quantiles.values())
    return [_number(value) for value in (law.mean, deviation, *shown)]


def _number(value: float | None) -> str:
    """Show six digits; what is 0 but for rounding is shown as 0."""
    return "-" if value is None else f"{round(value, 12):.6g}"
