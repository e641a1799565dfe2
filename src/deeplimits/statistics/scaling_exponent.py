"""Scaling exponents: the power of a size that a measured number follows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.statistics.estimate import Estimate, with_error
from deeplimits.statistics.interval import Interval
from deeplimits.statistics.student import student_quantile

# An error measured on two or three seeds is itself off by a factor of two. It is averaged, as if each size had these
# many more degrees of freedom at the typical relative error, so that a lucky pair of seeds cannot rule the fit.
_PRIOR_DEGREES = 4.0


@dataclass(frozen=True)
class ScalingExponent:
    """Hold the exponent e of y ∝ size^e.

    Args:
        value: slope of the weighted regression of ln y on ln size.
        standard_error: its standard error, from the scatter of seeds.
        degrees_of_freedom: behind the standard error.
        sizes: sizes used, ascending.
        local_slopes: slope between each size and the next one: they move towards the limit's exponent.
        misfit: χ² per degree of freedom of the points about the line, 1 where the noise explains them; NaN for two.
    """

    value: float
    standard_error: float
    degrees_of_freedom: float
    sizes: tuple[float, ...]
    local_slopes: tuple[float, ...]
    misfit: float

    def interval(self, delta: float = 0.05) -> Interval:
        """Return Student's interval, which misses with probability ``delta``."""
        half_width = student_quantile(delta, self.degrees_of_freedom) * self.standard_error
        return Interval(self.value, self.value - half_width, self.value + half_width)

    def __str__(self) -> str:
        """Print the digits that the error allows."""
        return with_error(self.value, self.standard_error)


def scaling_exponent(sizes: Sequence[float], values: Sequence[Estimate]) -> ScalingExponent:
    """Return the exponent of a number measured at several sizes.

    ln y_i is regressed on ln size_i with weights 1 / s_i², s_i the relative standard error of y_i averaged with the
    typical one. The exponent is that of the best line over these sizes; where no power law is reached yet, another
    range has another one. So its error is that of the seeds alone, and `misfit` and the local slopes say how straight
    the line is.

    Args:
        sizes: at least two different sizes.
        values: positive estimates with standard errors, one for each size, in the same order.

    Raises:
        ValueError: fewer than two sizes, or a size or value that is not above 0 or has no standard error.

    Note: the intervals are Student's, approximately: exact only for equal relative errors.

    >>> sizes = [128, 256, 512, 1024]
    >>> law = [Estimate(3 * size**-0.5, 0.01 * size**-0.5, 5) for size in sizes]
    >>> print(scaling_exponent(sizes, law))
    -0.5000(22)
    """
    x, y, relative = _checked(sizes, values)
    degrees = np.array([estimate.count - 1 for estimate in values], dtype=np.float64)[np.argsort(sizes)]
    typical = float(np.average(relative**2, weights=degrees))
    squared = (degrees * relative**2 + _PRIOR_DEGREES * typical) / (degrees + _PRIOR_DEGREES)
    if typical == 0:  # identical seeds: only rounding is left
        squared = np.full_like(squared, np.finfo(float).eps ** 2)
    weights = 1 / squared
    centre = np.average(x, weights=weights)
    spread = float(np.sum(weights * (x - centre) ** 2))
    slope = float(np.sum(weights * (x - centre) * y) / spread)
    residuals = y - np.average(y, weights=weights) - slope * (x - centre)
    freedom = len(x) - 2
    return ScalingExponent(
        value=slope,
        standard_error=1 / math.sqrt(spread),
        degrees_of_freedom=float(degrees.sum()),
        sizes=tuple(float(size) for size in sorted(sizes)),
        local_slopes=tuple((np.diff(y) / np.diff(x)).tolist()),
        misfit=float(np.sum(weights * residuals**2) / freedom) if freedom else math.nan,
    )


def _checked(sizes: Sequence[float], values: Sequence[Estimate]) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Return ln size, ln value and relative standard errors, by ascending size."""
    if len(sizes) != len(values) or len(set(sizes)) < 2 or len(set(sizes)) < len(sizes):
        raise ValueError(f"a slope needs one value at each of two or more different sizes, got sizes {list(sizes)}")
    for size, estimate in zip(sizes, values, strict=True):
        if not (size > 0 and 0 < estimate.value < math.inf and math.isfinite(estimate.standard_error)):
            raise ValueError(
                f"an exponent is of positive numbers measured on several seeds, got {estimate.value:g} with standard "
                f"error {estimate.standard_error:g} at size {size:g}"
            )
    order = np.argsort(sizes)
    y = np.array([estimate.value for estimate in values])[order]
    errors = np.array([estimate.standard_error for estimate in values])[order]
    return np.log(np.asarray(sizes, dtype=np.float64)[order]), np.log(y), errors / y
