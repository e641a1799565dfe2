"""Rows of a table from sampled networks: what was measured, and what each limit makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deeplimits.comparison.comparison import Comparison
from deeplimits.comparison.row import Row
from deeplimits.experiments.layered_rows import layered_rows
from deeplimits.experiments.network_columns import STATISTICS, estimate_columns
from deeplimits.limits.prediction import Prediction, Refusal
from deeplimits.statistics import Summary


def network_rows(comparison: Comparison) -> Iterator[dict[str, Any]]:
    """Yield one row for each measured observable, input vector and limit; at least one each."""
    samples = comparison.samples
    for observable in samples:
        if observable not in samples.summaries:
            yield from layered_rows(comparison, observable)
            continue
        summaries = samples.summaries[observable]
        judged = comparison.rows_for(observable=observable)
        for i, summary in enumerate(summaries):
            measured = {
                "observable": observable,
                "input": i,
                "count": summary.count,
                "num_dead": samples.num_dead[i],
                **_measured(summary),
            }
            about = [_judged(row) for row in judged if row.input_index == i]
            about += [_silent(answer, observable) for answer in comparison.answers if _is_silent(answer, observable)]
            for columns in about or [{}]:
                yield {**measured, **columns}


def _measured(summary: Summary) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for statistic in STATISTICS:
        columns |= estimate_columns(statistic, getattr(summary, statistic))
    return {**columns, "unreliable": " ".join(summary.unreliable) or None}


def _judged(row: Row) -> dict[str, Any]:
    distance = row.distances[row.judged_by]
    return {
        "limit": row.limit,
        "predicted_mean": row.law.mean,
        "predicted_variance": row.law.variance,
        "distance_of": row.judged_by,
        "distance": distance.value,
        "distance_low": distance.low,
        "distance_high": distance.high,
        "wasserstein1": None if row.wasserstein1 is None else row.wasserstein1.value,
        "verdict": row.verdict,
        "detectable": row.detectable,
    }


def _is_silent(answer: Prediction | Refusal, observable: str) -> bool:
    return isinstance(answer, Refusal) or observable not in answer


def _silent(answer: Prediction | Refusal, observable: str) -> dict[str, Any]:
    reason = answer.reason if isinstance(answer, Refusal) else f"it says nothing of {observable}"
    return {"limit": answer.limit, "reason": reason}
