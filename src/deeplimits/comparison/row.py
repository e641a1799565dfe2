"""One row of a comparison: one limit, one observable, one input vector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deeplimits.comparison.verdicts import Verdict
from deeplimits.limits.laws.law import Law
from deeplimits.statistics import Estimate, Interval, Summary, Wasserstein


@dataclass(frozen=True)
class Measured:
    """Hold what was measured at one layer, of two layers or of a whole ensemble, where no law is kept.

    Args:
        mean: the mean over networks; a covariance or an ensemble's statistic too.
        variance: the variance over networks; None for what is one number for all networks.
        count: networks behind it.
    """

    mean: Estimate
    variance: Estimate | None
    count: int


@dataclass(frozen=True, eq=False)
class Place:
    """Hold one of the places at which a row compares: a layer, or a layer beside the base layer.

    Args:
        layers: the layer l of z_l, or the base layer and another.
        law: the prediction there.
        summary: the measurement there.
        distances: |difference| of ``mean`` and, where predicted, ``variance``, in the units of the row's rule.
        judged_by: the one of ``distances`` that decides.
        verdict: the verdict on this place alone, at the confidence that the row leaves it.
    """

    layers: tuple[int, ...]
    law: Law
    summary: Measured
    distances: Mapping[str, Interval]
    judged_by: str
    verdict: Verdict


@dataclass(frozen=True, eq=False)
class Row:
    """Hold what a limit predicts of an observable, what was measured, and the verdict.

    Of an observable with a number for each layer, or for two layers, the row is judged by the worst place: ``law``,
    ``summary``, ``distances`` and ``judged_by`` are those of that place, ``layers`` names it.

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
        layers: the layer or the two layers that decide; empty where there are none.
        places: every place compared, in the order of the layers; empty where there are none.
        obstacle: why no number of networks would decide, where that is known.
        networks_needed: the fewest networks that decide anything by moments; None where there are as many.
    """

    limit: str
    observable: str
    input_index: int
    law: Law
    summary: Summary | Measured
    distances: Mapping[str, Interval]
    judged_by: str
    wasserstein1: Wasserstein | None
    verdict: Verdict
    networks_to_decide: int | None
    p_value: float
    detectable: bool = False
    layers: tuple[int, ...] = ()
    places: tuple[Place, ...] = ()
    obstacle: str | None = None
    networks_needed: int | None = None

    def __repr__(self) -> str:
        """Show who says what of what, and the verdict."""
        where = f", layer {'/'.join(map(str, self.layers))}" if self.layers else ""
        distance = self.distances[self.judged_by].value
        about = f"{self.limit}, {self.observable}, input {self.input_index}{where}"
        return f"Row({about}: {self.judged_by} {distance:.3g}, {self.verdict}, detectable={self.detectable})"

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
        measured = self.summary.variance
        return None if measured is None else _relative_error(measured, self.law.variance)


def is_zero(prediction: float) -> bool:
    """Whether a prediction is 0 but for rounding, so that errors relative to it mean nothing."""
    return bool(abs(prediction) < 1e-12)


def too_few_by_moments(needed: int) -> str:
    """Say why a row is undecided that looks decided."""
    return f"too few networks to decide by moments: {needed:,} needed"


def _relative_error(measured: Estimate, predicted: float | None) -> Estimate | None:
    if predicted is None or is_zero(predicted):
        return None
    scale = abs(predicted)
    return Estimate((measured.value - predicted) / scale, measured.standard_error / scale, measured.count)
