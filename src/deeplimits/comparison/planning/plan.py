"""The inverse question: which network keeps a limit within a tolerance?"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from deeplimits.architectures import Architecture
from deeplimits.comparison.planning.family import Family, family, kind_of
from deeplimits.comparison.planning.laws import SPREAD, PlanLaws, check_limit
from deeplimits.comparison.planning.reference import LEAST_WIDTH, NEXT_ORDER
from deeplimits.comparison.planning.search import crossing
from deeplimits.limits.laws import Law
from deeplimits.limits.prediction import Refusal
from deeplimits.validation import one_of, positive_number, unknown_name

if TYPE_CHECKING:
    from deeplimits.comparison.planning.check import Checked as Checked
else:
    Checked = object  # named, not imported: it brings the samplers with it

MEASURES = ("ks", "spread")


@dataclass(frozen=True)
class Answer:
    """Hold what a plan found for one limit.

    Args:
        limit: name of the limit; ``log-norm spread`` in a plan for the spread.
        value: the smallest width, or the largest depth or branch scale; None if there is none.
        architecture: the network there; None if there is none.
        distance: how far the limit is from the reference there.
        reference: which law stands for the truth.
        moments: mean and standard deviation of ln ‖z_out‖² there, by the limit and by the reference; None in a plan for
            the spread.
        reason: why there is no value; empty if there is one.
        unbounded: whether the value is the last that is tried, so that the bound may lie beyond.
    """

    limit: str
    value: float | None
    architecture: Architecture | None
    distance: float | None
    reference: str
    moments: tuple[tuple[float, float], tuple[float, float]] | None = None
    reason: str = ""
    unbounded: bool = False


@dataclass(frozen=True, repr=False)
class Plan:
    """Hold the answers, easiest first: one for each limit that makes a statement.

    Args:
        kind: of the architecture.
        given: what was fixed, in words.
        quantity: what was looked for: ``width``, ``depth`` or ``branch_scale``.
        measure: ``ks`` or ``spread``.
        tolerance: what was to be kept.
        answers: the limits, in the order of how easily they are kept.
        refusals: limits that make no statement.
    """

    kind: str
    given: str
    quantity: str
    measure: str
    tolerance: float
    answers: tuple[Answer, ...]
    refusals: tuple[Refusal, ...]
    _family: Family = field(repr=False, compare=False)
    _distance: Callable[[float, str], float] = field(repr=False, compare=False)

    def __getitem__(self, limit: str) -> Answer:
        """Return the answer for one limit."""
        found = {answer.limit: answer for answer in self.answers}
        if limit not in found:
            raise KeyError(str(unknown_name("limit of this plan", limit, found)))
        return found[limit]

    def curve(self, limit: str, points: int = 49) -> tuple[np.ndarray, np.ndarray]:
        """Return values of the quantity around all answers, a factor of 10 beyond them, and the distance at each."""
        members = self._family
        found = [a.value for a in self.answers if a.value is not None and not a.unbounded] or [members.best]
        values = np.geomspace(max(members.low, min(found) / 10), min(members.high, max(found) * 10), points)
        values = np.unique(np.round(values)) if members.whole else values
        return values, np.array([self._distance(float(value), self[limit].limit) for value in values])

    def check(self, *, num_networks: int = 20_000, seed: int = 0) -> list[Checked]:
        """Sample the network of each answer, and see whether the distance is what the laws say; see `check_plan`."""
        from deeplimits.comparison.planning.check import check_plan

        return check_plan(self, num_networks=num_networks, seed=seed)

    def to_dict(self) -> dict[str, Any]:
        """Return one JSON-ready object."""
        from deeplimits.comparison.planning.text import document

        return document(self)

    def __repr__(self) -> str:
        """Show the question and the table of answers."""
        from deeplimits.comparison.planning.text import summary

        return summary(self)

    def __str__(self) -> str:
        """Print the answers, their reasons and their accuracy."""
        from deeplimits.comparison.planning.text import text

        return text(self)


def plan(
    kind: str | type[Architecture] = "resnet",
    *,
    depth: int | None = None,
    width: int | None = None,
    parameters: int | None = None,
    neuron_layers: int | None = None,
    limit: str | Sequence[str] | None = None,
    measure: str = "ks",
    tolerance: float = 0.02,
    **options: Any,
) -> Plan:
    """Find the network that keeps a limit, or the spread of the log-norm, within a tolerance.

    Law against law, without a sample: the distance of what a limit predicts of ln ‖z_out‖² to the best law known of the
    network, which is exact for ReLU MLPs and linear networks, and elsewhere the log-Gaussian law to the next order in
    1/width.

    Args:
        kind: mlp, resnet or balanced-resnet, or the class.
        depth: find the smallest width for it.
        width: find the largest depth for it; with a depth, the largest branch scale.
        parameters: a budget of weights and biases: find the deepest network that it pays for.
        neuron_layers: likewise, a budget of width times depth.
        limit: names of limits; all that make a statement by default.
        measure: ``ks``, the Kolmogorov–Smirnov distance of the law of ln ‖z_out‖²; or ``spread``, the standard
            deviation of the log-norm of the last layer over random networks.
        tolerance: the largest value of the measure.
        options: other fields of the architecture, such as ``skip_scale``.

    Returns:
        One `Answer` for each limit, easiest first.

    Raises:
        ValueError: too much or too little is given, a value is out of range, or no law is known to plan by.

    Note:
        A few tenths of a second. The width is right to 0.1 % of the law's own answer, whose accuracy is said with it.

    >>> answer = plan("mlp", depth=20, tolerance=0.01)["log-gaussian"]
    >>> answer.value, answer.reference
    (64.0, 'exact')

    References: li2021future, main theorem; hanin2019products, theorem 1.
    """
    one_of("measure", measure, MEASURES)
    if positive_number("tolerance", tolerance) >= 1 and measure == "ks":
        raise ValueError(f"a Kolmogorov–Smirnov distance is below 1: give a tolerance below 1, got {tolerance:g}")
    kind = kind_of(kind)
    sizes = {"width": width, "depth": depth, "parameters": parameters, "neuron_layers": neuron_layers}
    members = family(kind, **sizes, options=options)
    laws = PlanLaws(members)
    if members.quantity == "width" and laws.reference(members.best).name == NEXT_ORDER:
        # Below, even the law that the limits are measured by is off.
        members = replace(members, low=max(members.low, float(LEAST_WIDTH)))
        laws = PlanLaws(members)
    answers = [_answer(name, members, laws, tolerance) for name in _limits(limit, measure, laws)]
    sign = 1.0 if members.good_end == "high" else -1.0
    answers.sort(key=lambda answer: (answer.value is None, sign * (answer.value or 0.0)))
    return Plan(
        kind, members.given, members.quantity, measure, tolerance, tuple(answers), laws.refusals, members, laws.distance
    )


def _limits(asked: str | Sequence[str] | None, measure: str, laws: PlanLaws) -> Sequence[str]:
    """Return the limits to answer for.

    Raises:
        ValueError: one that is asked for is unknown, refuses, or is what the others are measured by.
    """
    if measure == "spread":
        if asked is not None:
            raise ValueError("the spread of the log-norm is the network's own; it takes no limit")
        return (SPREAD,)
    if asked is None:
        return laws.limits
    return [check_limit(name, laws) for name in ((asked,) if isinstance(asked, str) else asked)]


def _answer(limit: str, members: Family, laws: PlanLaws, tolerance: float) -> Answer:
    value = crossing(members, lambda value: laws.distance(value, limit) <= tolerance)
    if value is None:
        there = f"{members.quantity.replace('_', ' ')} {members.best:,.6g}"
        reason = f"even at {there} it is {laws.distance(members.best, limit):.3g}"
        return Answer(limit, None, None, None, laws.reference(members.best).name, reason=reason)
    reference = laws.reference(value)
    moments = None if limit == SPREAD else (_moments(laws.law(value, limit)), _moments(reference.law))
    return Answer(
        limit,
        value,
        members.at(value),
        laws.distance(value, limit),
        reference.name,
        moments,
        unbounded=value == members.worst,
    )


def _moments(law: Law) -> tuple[float, float]:
    return float(law.mean or 0.0), math.sqrt(law.variance or 0.0)
