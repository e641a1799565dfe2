"""One row of a comparison: one limit, one observable, one input vector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deeplimits.comparison.verdicts import Verdict
from deeplimits.limits.laws.law import Law
from deeplimits.statistics import Estimate, Interval, Summary, Wasserstein


@dataclass(frozen=True, eq=False)
class Row:
    """Hold what a limit predicts of an observable, what was measured, and the verdict.

    Args:
        limit: name of the limit.
        observable: name of the observable.
        input_index: which input vector, from 0.
        law: the prediction.
        summary: the measurement.
        distances: what the verdict rests on: ``ks`` for a law with a distribution, else ``mean`` and, where predicted,
            ``variance``.
        judged_by: the one of ``distances`` that decides: the worst, of equals the farthest.
        wasserstein1: W1 in the observable's units; None for moments only.
        verdict: the verdict on that distance.
        networks_to_decide: about how many networks would decide; None if decided, or if no feasible number would.
        p_value: of the hypothesis that the measured networks follow the prediction.
        detectable: whether that hypothesis is rejected, by Holm's test over all rows at 5 %.
    """

    limit: str
    observable: str
    input_index: int
    law: Law
    summary: Summary
    distances: Mapping[str, Interval]
    judged_by: str
    wasserstein1: Wasserstein | None
    verdict: Verdict
    networks_to_decide: int | None
    p_value: float
    detectable: bool = False

    @property
    def ks(self) -> Interval | None:
        """Kolmogorov–Smirnov distance, or None where the prediction has no distribution or is a point mass."""
        return self.distances.get("ks")

    @property
    def mean_error(self) -> Estimate | None:
        """(measured − predicted mean) / |predicted mean|, or None if that is absent or 0."""
        return _relative_error(self.summary.mean, self.law.mean)

    @property
    def variance_error(self) -> Estimate | None:
        """(measured − predicted variance) / predicted variance, or None if that is absent or 0."""
        return _relative_error(self.summary.variance, self.law.variance)


def is_zero(prediction: float) -> bool:
    """Whether a prediction is 0 but for rounding, so that errors relative to it mean nothing."""
    return bool(abs(prediction) < 1e-12)


def _relative_error(measured: Estimate, predicted: float | None) -> Estimate | None:
    if predicted is None or is_zero(predicted):
        return None
    scale = abs(predicted)
    return Estimate((measured.value - predicted) / scale, measured.standard_error / scale, measured.count)
