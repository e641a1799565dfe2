"""The outcome of a sweep: its exit code, its words and its JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from deeplimits.cli.layout import labelled
from deeplimits.statistics import with_error
from deeplimits.sweeps import Judgement, SweepResult

DONE, UNEXPECTED, FAILED_CELLS = 0, 1, 4
SCHEMA = 1
_FAILURES_AT_MOST = 5


def exit_code(results: Sequence[SweepResult]) -> int:
    """Return 4 if cells failed, 1 if a claim's decided outcome is not the expected one, else 0."""
    if any(result.failures for result in results):
        return FAILED_CELLS
    surprised = any(judgement.as_expected is False for result in results for judgement in result.judgements)
    return UNEXPECTED if surprised else DONE


def as_json(result: SweepResult, experiment: str, scale: str | None) -> dict[str, Any]:
    """Return one JSON-ready object."""
    return {
        "schema": SCHEMA,
        "experiment": experiment,
        "scale": scale,
        "folder": str(result.folder),
        "rows": len(result.table),
        "computed": result.computed,
        "reused": result.reused,
        "failed": [{name: failure[name] for name in ("cell", "fields", "error")} for failure in result.failures],
        "claims": [judgement.to_dict() for judgement in result.judgements],
    }


def judgement_text(judgement: Judgement) -> str:
    """Return what became of a claim, over a few lines."""
    claim = judgement.claim
    lines = [f"{judgement.outcome}{_remark(judgement)}: {claim.name}", labelled("claim", claim.statement)]
    if judgement.distance is not None:
        distance = judgement.distance
        half_width = max(distance.high - distance.value, distance.value - distance.low)
        text = f"{with_error(distance.value, half_width)} against a tolerance of {claim.tolerance:g}: {judgement.where}"
        lines.append(labelled("distance", text))
    if judgement.reason:
        lines.append(labelled("undecided", judgement.reason))
    lines.append(labelled("source", claim.source))
    return "\n".join(lines)


def failures_text(failures: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return one line for each of the first failed cells."""
    lines = [f"failed: {_fields(failure['fields'])}: {failure['error']}" for failure in failures[:_FAILURES_AT_MOST]]
    more = len(failures) - _FAILURES_AT_MOST
    return lines + ([f"and {more} more failed cells"] if more > 0 else [])


def _remark(judgement: Judgement) -> str:
    if judgement.as_expected is False:
        return f" (expected: {judgement.claim.expected})"
    if judgement.claim.expected == "deviates":
        return " (as declared)" if judgement.as_expected else " (declared to deviate)"
    return ""


def _fields(fields: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in fields.items())
