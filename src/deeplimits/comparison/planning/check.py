"""A plan's answers, checked by simulation."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from deeplimits.comparison.compare import compare
from deeplimits.comparison.planning.laws import SPREAD
from deeplimits.comparison.planning.plan import Answer, Plan
from deeplimits.limits.catalogue import predict
from deeplimits.sampling.sample import sample
from deeplimits.statistics import Interval, require_count

MOST_NEURON_LAYERS = 4e9  # over all networks of one answer: some tens of seconds on one core


@dataclass(frozen=True)
class Checked:
    """Hold what a simulation says of one answer.

    Args:
        limit: the limit.
        planned: the distance, or the spread, that the laws give.
        measured: the simulated one; None if it was not simulated.
        agrees: whether the planned value lies in the measured interval; None if it was not simulated.
        reason: why it was not simulated; empty if it was.
    """

    limit: str
    planned: float | None
    measured: Interval | None
    agrees: bool | None
    reason: str = ""

    def __str__(self) -> str:
        """Print it in a line."""
        if self.measured is None:
            return f"{self.limit}: not simulated, {self.reason}"
        found = f"{self.measured.value:.4f} ({self.measured.low:.4f} to {self.measured.high:.4f})"
        return f"{self.limit}: planned {self.planned:.4f}, simulated {found}: {'agrees' if self.agrees else 'differs'}"

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {**asdict(self), "measured": None if self.measured is None else self.measured.to_dict()}


def check_plan(plan: Plan, *, num_networks: int = 20_000, seed: int = 0) -> list[Checked]:
    """Sample the network of each answer of ``plan`` and compare.

    Args:
        plan: the answers.
        num_networks: random networks for each.
        seed: seed of the random numbers.

    Returns:
        One result for each answer. An answer whose networks are too large is not simulated: 4·10⁹ neurons times layers
        times networks at most.

    Raises:
        ValueError: too few networks, or a seed out of range.
    """
    require_count(num_networks)
    return [_checked(answer, plan.tolerance, num_networks, seed) for answer in plan.answers]


def _checked(answer: Answer, tolerance: float, num_networks: int, seed: int) -> Checked:
    network = answer.architecture
    if network is None:
        return Checked(answer.limit, None, None, None, "there is no such network")
    work = float(network.width) * network.depth * num_networks
    if work > MOST_NEURON_LAYERS:
        reason = f"{work:.1e} neurons to draw, more than {MOST_NEURON_LAYERS:.0e}; fewer networks would do"
        return Checked(answer.limit, answer.distance, None, None, reason)
    name = "log_norm_hidden" if answer.limit == SPREAD else "log_squared_norm"
    samples = sample(network, num_networks=num_networks, observables=[name], seed=seed)
    if answer.limit == SPREAD:
        variance = samples[name].variance
        deviation = math.sqrt(variance.value)
        half_width = 1.96 * variance.standard_error / (2 * deviation)
        measured = Interval(deviation, deviation - half_width, deviation + half_width)
    else:
        result = compare(samples, [predict(network, limit=answer.limit)], tolerance=tolerance)
        found = result.rows_for(limit=answer.limit, observable=name)[0].ks
        assert found is not None  # both laws have a distribution
        measured = found
    return Checked(answer.limit, answer.distance, measured, measured.low <= (answer.distance or 0.0) <= measured.high)
