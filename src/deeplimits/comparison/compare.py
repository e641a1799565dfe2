"""Compare measured networks with what limits predict for them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from deeplimits.architectures import differences
from deeplimits.comparison.comparison import Comparison
from deeplimits.comparison.judge import judge
from deeplimits.comparison.places import judge_layers, judge_pairs, judge_statistic
from deeplimits.comparison.ranking import rank
from deeplimits.comparison.row import Row
from deeplimits.comparison.verdicts import CONFIDENCE_LEVEL, DEFAULT_TOLERANCE, rounded_up
from deeplimits.limits import CATALOGUE as LIMITS
from deeplimits.limits import for_architecture
from deeplimits.limits.laws import AnyLaw
from deeplimits.limits.prediction import Prediction, Refusal
from deeplimits.observables import CATALOGUE, Kind
from deeplimits.sampling import Samples
from deeplimits.statistics import holm_rejections, require_count
from deeplimits.validation import one_of, positive_number

_RULES: dict[Kind, Any] = {
    "network": judge,
    "layer": judge_layers,
    "layer_pair": judge_pairs,
    "statistic": judge_statistic,
}


def compare(
    samples: Samples,
    predictions: Prediction | Refusal | str | Iterable[Prediction | Refusal | str] | None = None,
    *,
    tolerance: float = DEFAULT_TOLERANCE,
) -> Comparison:
    """Judge what limits predict by what was measured on sampled networks.

    Each limit, measured observable and input vector makes a row with a verdict: *within* the tolerance, *outside* it or
    *undecided*, at 95 % confidence for all rows together (Bonferroni). Separately a row is
    *detectable* if the difference shows at all, however small (Holm, 5 %). An observable along the layers makes one
    row too, judged by its worst layer; what joins two inputs makes one row for both.

    Args:
        samples: what was measured.
        predictions: a prediction, a refusal or the name of a limit, or several of them; by default what every limit
            says of the sampled architecture and x.
        tolerance: the largest distance that still counts as within the prediction.

    Returns:
        The comparison; print it, or see its `to_dict`.

    Raises:
        ValueError: a name is unknown, a prediction is for another architecture or other inputs, two are of one limit,
            the tolerance is not above 0, or too few networks were sampled.

    References: massart1990tight, corollary 1; holm1979simple, section 3.
    """
    tolerance = positive_number("tolerance", tolerance)
    answers = _answers(samples, predictions)
    measured = {observable: samples.estimates(observable) for observable in samples}
    for entry in (entry for entries in measured.values() for entry in entries):
        require_count(samples.num_networks, num_dead=samples.num_networks - entry.count)

    pairs = list(_pairs(measured, answers))
    delta = CONFIDENCE_LEVEL / max(len(pairs), 1)
    rows = [
        _RULES[CATALOGUE[observable].kind](limit, observable, i, law, entry, tolerance=tolerance, delta=delta)
        for limit, observable, i, law, entry in pairs
    ]
    detectable = holm_rejections([row.p_value for row in rows], CONFIDENCE_LEVEL)
    rows = [
        dataclasses.replace(
            row,
            detectable=found,
            networks_to_decide=_with_dead(row.networks_to_decide, row, samples),
            networks_needed=_with_dead(row.networks_needed, row, samples),
        )
        for row, found in zip(rows, detectable, strict=True)
    ]
    rankings = {
        observable: tuple(
            rank([row for row in rows if (row.observable, row.input_index) == (observable, i)], delta)
            for i in range(len(entries))
        )
        for observable, entries in measured.items()
    }
    return Comparison(samples, answers, tolerance, tuple(rows), rankings)


def _pairs(
    measured: Mapping[str, tuple[Any, ...]], answers: tuple[Prediction | Refusal, ...]
) -> Iterable[tuple[str, str, int, AnyLaw, Any]]:
    """Yield limit, observable, input index, law and measurement wherever something is both predicted and measured."""
    for answer in answers:
        if isinstance(answer, Prediction):
            for observable, entries in measured.items():
                for i, law in enumerate(answer.laws.get(observable, ())):
                    yield answer.limit, observable, i, law, entries[i]


def _with_dead(number: int | None, row: Row, samples: Samples) -> int | None:
    """Return a number of networks that are not dead, as of how many in all it is, rounded up to two digits."""
    if number is None or row.summary.count == samples.num_networks:
        return number
    return int(rounded_up(number / row.summary.count * samples.num_networks))


def _answers(samples: Samples, predictions: Any) -> tuple[Prediction | Refusal, ...]:
    """Return what each limit said, asking those that are only named.

    Raises:
        ValueError: what is given is none of what `compare` takes, or does not fit the samples.
    """
    if not isinstance(samples, Samples):
        raise ValueError(f"expected samples as sample or load return them, got {type(samples).__name__}")
    if predictions is None:
        return tuple(for_architecture(samples.architecture, samples.inputs))
    if isinstance(predictions, (Prediction, Refusal, str)) or not isinstance(predictions, Iterable):
        predictions = (predictions,)
    answers = tuple(
        LIMITS[one_of("limit", answer, LIMITS)].predict(samples.architecture, samples.inputs)
        if isinstance(answer, str)
        else answer
        for answer in predictions
    )
    _check_answers(samples, answers)
    return answers


def _check_answers(samples: Samples, answers: tuple[object, ...]) -> None:
    seen: set[str] = set()
    for answer in answers:
        if not isinstance(answer, (Prediction, Refusal)):
            raise ValueError(
                "predictions must be names of limits, or what predict or limits.for_architecture returns, got "
                f"{type(answer).__name__}"
            )
        if answer.limit in seen:
            raise ValueError(f"the {answer.limit} limit is given twice; give each limit once")
        seen.add(answer.limit)
        if isinstance(answer, Refusal):
            continue
        if answer.architecture != samples.architecture:
            raise ValueError(
                f"the {answer.limit} prediction is for another architecture than was sampled: "
                f"{differences(answer.architecture.to_dict(), samples.architecture.to_dict())}; predict again for the "
                "sampled one"
            )
        if not answer.inputs.same_as(samples.inputs):
            raise ValueError(
                f"the {answer.limit} prediction is for another x than the networks were given; pass the same x to "
                "predict and to sample"
            )
