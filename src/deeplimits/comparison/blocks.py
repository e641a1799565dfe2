"""The words of a comparison's table, before they are set as plain text or HTML."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from deeplimits.comparison.comparison import Comparison
from deeplimits.comparison.places import base_position
from deeplimits.comparison.ranking import Ranking
from deeplimits.comparison.row import Row, too_few_by_moments
from deeplimits.limits.prediction import Prediction, Refusal
from deeplimits.statistics import Estimate, LayerCovariance, LayerSummary, Summary, with_error

HEADER = ("limit", "mean", "error", "variance", "error", "distance", "W1", "noise", "verdict")
DETECTABLE = "*"
LEGEND = (
    "distance: KS, or of the moment named, with half its interval; error: measured against predicted; noise: W1 of as "
    f"many networks drawn from the predicted law; {DETECTABLE} a difference is detectable, however small (Holm, 5 %)"
)
_DISTANCES = {"ks": "KS", "wasserstein1": "W1", "mean": "mean", "variance": "var.", "covariance": "cov."}


@dataclass(frozen=True)
class Block:
    """Hold the table of one observable at one input.

    Args:
        title: the observable, and the input if there are several.
        measured: the measurement, in words.
        cells: one tuple per limit, as in ``HEADER``.
        verdicts: the verdict of each limit, unadorned.
        notes: ranking and what would decide.
    """

    title: str
    measured: str
    cells: tuple[tuple[str, ...], ...]
    verdicts: tuple[str, ...]
    notes: tuple[str, ...]


def headline(comparison: Comparison) -> tuple[str, str]:
    """Return what was sampled and how it is judged, one line each."""
    samples, architecture = comparison.samples, comparison.samples.architecture
    content = architecture.canonical()
    fields = [
        f"{name} {value:.6g}" if isinstance(value, float) else f"{name} {value}" for name, value in content.items()
    ]
    dead = " and ".join(str(count) for count in samples.num_dead)
    sampled = f"{samples.num_networks} networks, {dead} dead, seed {samples.seed}"
    rows = f" for all {len(comparison.rows)} rows together" if len(comparison.rows) > 1 else ""
    return ", ".join(fields).removeprefix(
        "kind "
    ), f"{sampled}; tolerance {comparison.tolerance:g}, 95 % confidence{rows}"


def blocks(comparison: Comparison) -> Iterator[Block]:
    """Yield one block per measured observable and input vector, or one for what joins two inputs."""
    samples = comparison.samples
    for name in samples:
        entries = samples.estimates(name)
        for i, entry in enumerate(entries):
            rows = [row for row in comparison.rows_for(observable=name) if row.input_index == i]
            yield Block(
                name if len(entries) == 1 else f"{name}, input {i + 1} of {len(entries)}",
                _measured(entry),
                tuple(_cells(row) for row in rows),
                tuple(row.verdict for row in rows),
                (
                    *(_place(row) for row in rows if row.places),
                    *_ranking(comparison.rankings[name][i]),
                    *_undecided(rows),
                    *(() if any(row.obstacle for row in rows) else _unreliable(getattr(entry, "unreliable", ()))),
                ),
            )


def remarks(comparison: Comparison) -> list[tuple[str, str]]:
    """Return (limit, sentence) for each refusal, and for each warning of what is compared."""
    warnings = [
        (answer.limit, f"warns: {warning}")
        for answer in comparison.answers
        if isinstance(answer, Prediction)
        for warning in answer.warnings_of({row.observable for row in comparison.rows_for(limit=answer.limit)})
    ]
    return warnings + [
        (answer.limit, f"refuses: {answer.reason}") for answer in comparison.answers if isinstance(answer, Refusal)
    ]


def _cells(row: Row) -> tuple[str, ...]:
    distance = row.distances[row.judged_by]
    half_width = max(distance.high - distance.value, distance.value - distance.low)
    w1 = row.wasserstein1
    return (
        row.limit,
        _like(row.summary.mean, row.law.mean),
        _percent(row.mean_error),
        "–" if row.summary.variance is None else _like(row.summary.variance, row.law.variance),
        _percent(row.variance_error),
        f"{_DISTANCES[row.judged_by]} {_shown(distance.value, half_width)}",
        "–" if w1 is None else with_error(w1.value, w1.standard_error),
        "–" if w1 is None else f"{w1.noise:.2g}",
        row.verdict + DETECTABLE * row.detectable,
    )


def _measured(entry: Any) -> str:
    """Return what was measured, along the layers only at the ends."""
    if isinstance(entry, Summary):
        return f"measured mean {entry.mean}, variance {entry.variance}"
    if isinstance(entry, LayerSummary):
        first, last = entry[0], entry[len(entry) - 1]
        return f"measured mean {first.mean} at layer {first.layer} … {last.mean} at layer {last.layer}"
    if isinstance(entry, LayerCovariance):
        base, end = base_position(len(entry.layers)), len(entry.layers) - 1
        variance, covariance = entry.covariance(base, base), entry.covariance(base, end)
        where = entry.layers[base], entry.layers[end]
        return f"measured variance {variance} at layer {where[0]}, covariance {covariance} with layer {where[1]}"
    estimate = entry.mean
    return f"measured {_shown(estimate.value, estimate.standard_error)}"


def _place(row: Row) -> str:
    """Say which layer decides, and what was measured there."""
    variance = row.summary.variance
    measured = f"{row.summary.mean}" if variance is None else f"mean {row.summary.mean}, variance {variance}"
    where = f"layer{'s' * (len(row.layers) > 1)} {' and '.join(map(str, row.layers))}"
    return f"{row.limit}: worst of {len(row.places)} at {where}, measured {measured}"


def _shown(value: float, error: float) -> str:
    return with_error(value, error) if math.isfinite(value) else "–"


def _like(measured: Estimate, predicted: float | None) -> str:
    """Return a prediction to the digits of the measurement beside it."""
    if predicted is None:
        return "–"
    if not 1e-8 < measured.standard_error < 1e8 or abs(predicted) > 1e8:
        return f"{predicted:.5g}"
    return f"{predicted:.{max(1 - math.floor(math.log10(measured.standard_error)), 0)}f}"


def _percent(error: Estimate | None) -> str:
    """Return a relative error in percent, to the digits that its standard error allows but at least one decimal."""
    if error is None:
        return "–"
    percent, uncertainty = 100 * error.value, 100 * error.standard_error
    if math.isnan(percent):
        return "–"
    if not abs(percent) < 1e6:
        return f"{percent:+.0e}%"
    known = math.isfinite(uncertainty) and uncertainty > 0
    decimals = min(max(-math.floor(math.log10(uncertainty)), 0), 3) if known else 1
    return f"{percent:+.{decimals}f}%"


def _ranking(ranking: Ranking | None) -> tuple[str, ...]:
    if ranking is None or sum(map(len, ranking.order)) < 2:
        return ()
    places = ", then ".join(" = ".join(group) for group in ranking.order)
    tie = " (= is a tie)" if any(len(group) > 1 for group in ranking.order) else ""
    return (f"nearest by {_DISTANCES[ranking.by]}: {places}{tie}",)


def _undecided(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        if row.verdict == "undecided":
            yield f"{row.limit}: {_why_undecided(row)}"


def _why_undecided(row: Row) -> str:
    if row.networks_to_decide is None:
        return f"nothing is decided: {row.obstacle}" if row.obstacle else "too near to the tolerance to be decided"
    if row.networks_to_decide == row.networks_needed:
        return too_few_by_moments(row.networks_needed)
    return f"about {row.networks_to_decide:,} networks would decide"


def _unreliable(names: Sequence[str]) -> tuple[str, ...]:
    text = f"unreliable {' and '.join(names)}: 0.1 % of the networks carry over 20 % of the sum"
    return (text,) if names else ()
