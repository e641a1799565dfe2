"""How far a measurement is from a claim at one place: a number with the interval that holds it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deeplimits.sweeps.table import number

if TYPE_CHECKING:  # a worker process has claims but does not judge them
    import polars as pl

    from deeplimits.statistics import Interval


@dataclass(frozen=True)
class Distance(ABC):
    """Hold one distance between a claim and a measurement.

    Args:
        where: which cell and quantity, in words.
        value: the distance; NaN while the cell is missing.
        count: independent networks behind it.
    """

    where: str
    value: float
    count: int

    @property
    def missing(self) -> bool:
        """Whether the cell is not there yet, or could not be measured."""
        return not math.isfinite(self.value)

    @abstractmethod
    def interval(self, delta: float) -> Interval:
        """Return the interval that holds the true distance with probability 1 − ``delta``."""

    @abstractmethod
    def networks_to_decide(self, tolerance: float, delta: float) -> float:
        """Return about how many networks would decide; ``inf`` if no feasible number would."""


@dataclass(frozen=True)
class MomentDistance(Distance):
    """Hold |measured − claimed| / scale of a mean, a variance, an exponent or another moment.

    Args:
        where: which cell and quantity, in words.
        value: the distance.
        count: independent networks behind it.
        standard_error: of the measurement, over the same scale.
        degrees_of_freedom: behind the standard error: a few seeds ask for Student's interval.
        excess: of a one-sided claim, how far the measurement is beyond the bound, over the scale; below 0 on the right
            side, where the distance is 0. What is far on the right side claims nothing.
    """

    standard_error: float
    degrees_of_freedom: float = math.inf
    excess: float | None = None

    @classmethod
    def beyond(
        cls, where: str, excess: float, count: int, standard_error: float, degrees_of_freedom: float = math.inf
    ) -> MomentDistance:
        """Return the distance of a one-sided claim."""
        value = excess if math.isnan(excess) else max(0.0, excess)
        return cls(where, value, count, standard_error, degrees_of_freedom, excess)

    def interval(self, delta: float) -> Interval:
        """Return Student's interval, which is the normal one for infinitely many degrees of freedom, cut at 0."""
        from deeplimits.statistics import Interval, student_quantile

        half_width = student_quantile(delta, self.degrees_of_freedom) * self.standard_error
        centre = self.value if self.excess is None else self.excess
        return Interval(self.value, max(0.0, centre - half_width), max(0.0, centre + half_width))

    def networks_to_decide(self, tolerance: float, delta: float) -> float:
        """Return the N at which the normal interval is small enough."""
        from deeplimits.comparison.verdicts import networks_for_moment

        return networks_for_moment(self.value, self.standard_error, tolerance, self.count, delta)[0]


@dataclass(frozen=True)
class LawDistance(Distance):
    """Hold a Kolmogorov–Smirnov distance D to a law; its interval is D ± (sqrt(ln(2/δ) / 2N) + floor).

    Args:
        where: which cell and quantity, in words.
        value: D.
        count: independent networks behind it.
        floor: what no number of networks takes off: the error of the quantile sketch and of the law's cdf.
    """

    floor: float = 0.0

    def interval(self, delta: float) -> Interval:
        """Return the interval of Dvoretzky, Kiefer, Wolfowitz and Massart."""
        from deeplimits.statistics import Interval, deviation_bound

        half_width = deviation_bound(self.count, delta) + self.floor
        return Interval(self.value, max(0.0, self.value - half_width), min(1.0, self.value + half_width))

    def networks_to_decide(self, tolerance: float, delta: float) -> float:
        """Return the N at which the interval is small enough."""
        from deeplimits.comparison.verdicts import networks_for_law

        return networks_for_law(self.interval(delta), self.floor, tolerance, self.count, delta)


def moment_distances(table: pl.DataFrame, measured: str, claimed: pl.Expr, scale: pl.Expr) -> list[MomentDistance]:
    """Return one distance per row of ``table``, a row of nulls giving a missing one.

    Args:
        table: results with the columns ``measured``, ``measured`` + ``_standard_error``, ``count`` and the fields.
        measured: column of the estimate.
        claimed: what is claimed of it.
        scale: what the difference is measured in, above 0.
    """
    import polars as pl

    columns = {
        "value": ((pl.col(measured) - claimed) / scale).abs(),
        "error": pl.col(f"{measured}_standard_error") / scale,
        "count": pl.col("count"),
    }
    return [
        MomentDistance(f"{measured} at {place}", number(value), int(count or 0), number(error))
        for place, (value, error, count) in zip(places(table), table.select(**columns).rows(), strict=True)
    ]


def law_distances(table: pl.DataFrame, distance: str, floor: str) -> list[LawDistance]:
    """Return one distance per row of ``table``, a row of nulls giving a missing one.

    Args:
        table: results with these columns, ``count`` and the fields.
        distance: column of the Kolmogorov–Smirnov distance D.
        floor: column of what no number of networks takes off its interval.
    """
    return [
        LawDistance(f"{distance} at {place}", number(value), int(count or 0), floor=number(least))
        for place, (value, least, count) in zip(
            places(table), table.select(distance, floor, "count").rows(), strict=True
        )
    ]


def places(table: pl.DataFrame) -> list[str]:
    """Return where each row stands, by width and depth where it has them, else by its first field."""
    names = [name for name in ("width", "depth") if name in table.columns] or table.columns[1:2]
    return [", ".join(f"{name} {value}" for name, value in zip(names, row, strict=True)) for row in table[names].rows()]
