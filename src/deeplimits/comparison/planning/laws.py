"""The laws of the networks of a family, worked out when they are first asked for, and kept."""

from __future__ import annotations

import math
from functools import cache

from deeplimits.comparison.law_distance import ks_between
from deeplimits.comparison.planning.family import Family
from deeplimits.comparison.planning.reference import OBSERVABLE, Reference, gaussian_law, reference_for
from deeplimits.datasets import as_inputs
from deeplimits.limits.catalogue import CATALOGUE, for_architecture, predict
from deeplimits.limits.laws import Law
from deeplimits.limits.prediction import Prediction, Refusal, RefusedError

SPREAD = "log-norm spread"  # stands for a limit's name where no limit is measured


class PlanLaws:
    """Work out the laws of ln ‖z_out‖² of a family's networks, at the first unit vector.

    Args:
        members: the networks.

    Raises:
        ValueError: no law is known that limits could be measured against.
    """

    def __init__(self, members: Family) -> None:
        self._at = cache(members.at)
        self.reference = cache(self._reference)
        self.law = cache(self._law)
        self.distance = cache(self._distance)
        answers = for_architecture(self._at(members.best))
        self.refusals = tuple(answer for answer in answers if isinstance(answer, Refusal))
        known = [
            answer.limit for answer in answers if isinstance(answer, Prediction) and answer.network_laws(OBSERVABLE)
        ]
        self._exact = "exact" in known
        self.limits = tuple(name for name in known if name != self.reference(members.best).name)

    def _reference(self, value: float) -> Reference:
        architecture = self._at(value)
        exact = predict(architecture, limit="exact") if self._exact else None
        return reference_for(architecture, exact, _log_input(architecture.input_dim))

    def _law(self, value: float, limit: str) -> Law:
        architecture = self._at(value)
        if limit == "log-gaussian":
            return gaussian_law(architecture, _log_input(architecture.input_dim))
        law: Law = predict(architecture, limit=limit)[OBSERVABLE]
        return law

    def _distance(self, value: float, limit: str) -> float:
        """Return the spread by the reference, or how far ``limit`` is from the reference, ∞ where it refuses."""
        reference = self.reference(value)
        if limit == SPREAD:
            return reference.spread
        try:
            return ks_between(self.law(value, limit), reference.law)
        except RefusedError:  # it speaks of other members of the family
            return math.inf


def check_limit(name: str, laws: PlanLaws) -> str:
    """Return ``name``.

    Raises:
        ValueError: the limit is unknown, refuses, or is what the others are measured by.
    """
    from deeplimits.validation import unknown_name

    if name not in CATALOGUE:
        raise unknown_name("limit", name, CATALOGUE)
    if name not in laws.limits:
        reasons = {refusal.limit: refusal.reason for refusal in laws.refusals}
        raise ValueError(f"{name} cannot be planned for: {reasons.get(name, 'the others are measured by it')}")
    return name


def _log_input(input_dim: int) -> float:
    return math.log(float(as_inputs(None, input_dim).squared_norms[0]) / input_dim)
