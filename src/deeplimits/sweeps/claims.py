"""Claims: statements with a tolerance and a source, fixed before the first run, and what the results say of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from deeplimits.sweeps.distances import Distance

if TYPE_CHECKING:  # a worker process has claims but does not judge them
    import polars as pl

    from deeplimits.statistics import Interval

Outcome = Literal["reproduced", "deviates", "undecided", "not tested"]
CONFIDENCE_LEVEL = 0.05  # probability that any interval of an experiment misses, shared between its distances


@dataclass(frozen=True)
class Claim:
    """State what an experiment is to show.

    Args:
        name: lower-case words joined by hyphens, unique in the experiment.
        statement: the claim, in one sentence.
        source: key of ``references.bib``, and the theorem, equation or table.
        tolerance: the largest distance that still reproduces it.
        measure: returns the distance at each cell that the claim is about, from a table in which missing cells have
            nulls.
        expected: ``deviates`` for a claim that is made to be refuted: proof that the experiment can tell.
    """

    name: str
    statement: str
    source: str
    tolerance: float
    measure: Callable[[pl.DataFrame], Sequence[Distance]] = field(compare=False, repr=False)
    expected: Literal["reproduced", "deviates"] = "reproduced"

    def declaration(self) -> dict[str, Any]:
        """Return what was fixed before the run, JSON-ready."""
        return {name: getattr(self, name) for name in ("name", "statement", "source", "tolerance", "expected")}


@dataclass(frozen=True)
class Judgement:
    """Hold what the results say of a claim.

    Args:
        claim: the claim.
        outcome: by the rules of a verdict: *within* is reproduced, *outside* deviates.
        where: the cell and quantity that decide, the worst of those claimed.
        distance: the distance there; None if nothing was measured.
        networks_to_decide: about how many networks would decide; None if decided, or if no feasible number would.
        reason: why it is undecided or not tested; empty if it is decided.
    """

    claim: Claim
    outcome: Outcome
    where: str = ""
    distance: Interval | None = None
    networks_to_decide: int | None = None
    reason: str = ""

    @property
    def as_expected(self) -> bool | None:
        """Whether the outcome is the one declared; None while there is none."""
        return None if self.outcome in ("undecided", "not tested") else self.outcome == self.claim.expected

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values, the declaration among them."""
        return {
            **self.claim.declaration(),
            "outcome": self.outcome,
            "as_expected": self.as_expected,
            "where": self.where,
            "distance": None if self.distance is None else self.distance.to_dict(),
            "networks_to_decide": self.networks_to_decide,
            "reason": self.reason,
        }


def judge_claims(claims: Sequence[Claim], table: pl.DataFrame | None) -> list[Judgement]:
    """Judge every claim of an experiment, with 95 % confidence for all their distances together.

    Args:
        claims: the claims.
        table: one row per result and, with nulls, one per missing cell, as from ``Store.table``; None if there is no
            result at all.
    """
    if table is None:
        return [Judgement(claim, "undecided", reason="no cell is finished") for claim in claims]
    measured = [list(claim.measure(table)) for claim in claims]
    delta = CONFIDENCE_LEVEL / max(1, sum(map(len, measured)))
    return [_judge(claim, distances, delta) for claim, distances in zip(claims, measured, strict=True)]


def _judge(claim: Claim, distances: list[Distance], delta: float) -> Judgement:
    from deeplimits.comparison.verdicts import worst

    there = {str(i): distance for i, distance in enumerate(distances) if not distance.missing}
    if not distances:
        return Judgement(claim, "not tested", reason="no cell of this grid tests it")
    if not there:
        return Judgement(claim, "undecided", reason="its cells are missing")
    intervals = {i: distance.interval(delta) for i, distance in there.items()}
    i, verdict = worst(intervals, claim.tolerance)
    where, interval = there[i].where, intervals[i]
    if verdict == "outside":
        return Judgement(claim, "deviates", where, interval)
    if len(there) < len(distances):
        reason = f"{len(distances) - len(there)} of its {len(distances)} cells are missing"
        return Judgement(claim, "undecided", where, interval, reason=reason)
    if verdict == "within":
        return Judgement(claim, "reproduced", where, interval)
    networks = there[i].networks_to_decide(claim.tolerance, delta)
    if not math.isfinite(networks):
        return Judgement(claim, "undecided", where, interval, reason="the distance is too near to the tolerance")
    reason = f"about {networks:,.0f} networks at {where.rpartition(' at ')[2]} would decide"
    return Judgement(claim, "undecided", where, interval, int(networks), reason)
