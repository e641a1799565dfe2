"""Compare measured networks with what limits predict for them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from deeplimits.comparison.comparison import Comparison
from deeplimits.comparison.judge import judge
from deeplimits.comparison.ranking import rank
from deeplimits.comparison.row import Row
from deeplimits.comparison.verdicts import CONFIDENCE_LEVEL, DEFAULT_TOLERANCE
from deeplimits.limits.laws.law import Law
from deeplimits.limits.prediction import Prediction, Refusal
from deeplimits.sampling import Samples
from deeplimits.statistics import Summary, holm_rejections, require_count
from deeplimits.validation import positive_number


def compare(
    samples: Samples,
    predictions: Prediction | Refusal | Iterable[Prediction | Refusal],
    *,
    tolerance: float = DEFAULT_TOLERANCE,
) -> Comparison:
    """Judge what limits predict by what was measured on sampled networks.

    Each limit, measured observable and input vector makes a row with a verdict: *within* the tolerance, *outside* it or
    *undecided*, at 95 % confidence for all rows together (Bonferroni). Separately a row is
    *detectable* if the difference shows at all, however small (Holm, 5 %).

    Args:
        samples: what was measured.
        predictions: a prediction, a refusal, or several of them, as from ``limits.for_architecture``.
        tolerance: the largest distance that still counts as within the prediction.

    Returns:
        The comparison; print it, or see its `to_dict`.

    Raises:
        ValueError: a prediction is for another architecture or other inputs, two are of one limit, the tolerance is
            not above 0, or too few networks were sampled.

    References: massart1990tight, corollary 1; holm1979simple, section 3.
    """
    tolerance = positive_number("tolerance", tolerance)
    answers = (predictions,) if isinstance(predictions, (Prediction, Refusal)) else tuple(predictions)
    _check_answers(samples, answers)
    for summary in (summary for summaries in samples.summaries.values() for summary in summaries):
        require_count(samples.num_networks, num_dead=samples.num_networks - summary.count)

    pairs = list(_pairs(samples, answers))
    delta = CONFIDENCE_LEVEL / max(len(pairs), 1)
    rows = [
        judge(limit, observable, i, law, summary, tolerance=tolerance, delta=delta)
        for limit, observable, i, law, summary in pairs
    ]
    detectable = holm_rejections([row.p_value for row in rows], CONFIDENCE_LEVEL)
    rows = [
        dataclasses.replace(row, detectable=found, networks_to_decide=_with_dead(row, samples))
        for row, found in zip(rows, detectable, strict=True)
    ]
    rankings = {
        observable: tuple(
            rank([row for row in rows if (row.observable, row.input_index) == (observable, i)], delta)
            for i in range(samples.inputs.count)
        )
        for observable in samples.summaries
    }
    return Comparison(samples, answers, tolerance, tuple(rows), rankings)


def _pairs(samples: Samples, answers: tuple[Prediction | Refusal, ...]) -> Iterable[tuple[str, str, int, Law, Summary]]:
    """Yield limit, observable, input index, law and summary wherever something is both predicted and measured."""
    for answer in answers:
        if isinstance(answer, Prediction):
            for observable, summaries in samples.summaries.items():
                for i, law in enumerate(answer.network_laws(observable)):
                    yield answer.limit, observable, i, law, summaries[i]


def _with_dead(row: Row, samples: Samples) -> int | None:
    """Return ``networks_to_decide`` with the dead networks that come with them."""
    if row.networks_to_decide is None or row.summary.count == samples.num_networks:
        return row.networks_to_decide
    return round(row.networks_to_decide / row.summary.count * samples.num_networks)


def _check_answers(samples: Samples, answers: tuple[object, ...]) -> None:
    seen: set[str] = set()
    for answer in answers:
        if not isinstance(answer, (Prediction, Refusal)):
            raise ValueError(
                f"predictions must be what predict or limits.for_architecture returns, got {type(answer).__name__}"
            )
        if answer.limit in seen:
            raise ValueError(f"the {answer.limit} limit is given twice; give each limit once")
        seen.add(answer.limit)
        if isinstance(answer, Refusal):
            continue
        if answer.architecture != samples.architecture:
            raise ValueError(
                f"the {answer.limit} prediction is for another architecture than was sampled:\n  predicted for "
                f"{answer.architecture}\n  sampled {samples.architecture}\npredict again for the sampled one"
            )
        if not answer.inputs.same_as(samples.inputs):
            raise ValueError(
                f"the {answer.limit} prediction is for another x than the networks were given; pass the same x to "
                "predict and to sample"
            )
