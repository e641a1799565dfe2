"""Moments of the output's coordinates over the ensemble, from those of what the readout sees."""

from __future__ import annotations

import math
from collections.abc import Sequence

from deeplimits.limits.laws import AnyLaw, MomentsOnly

LARGEST_LOG = 700.0
"""Largest logarithm of which the exponential is a float64."""


def output_statistics(
    log_second_moments: Sequence[float], log_kurtosis_factor: float, output_dim: int
) -> dict[str, tuple[AnyLaw, ...]]:
    """Return the ensemble's statistics of z_i = √q g_i, with q the same for all coordinates and g_i ~ N(0, 1).

    E z_i² = E q, E z_i⁴/(E z_i²)² = 3κ and Corr(z_i², z_j²) = (κ − 1)/(3κ − 1), κ = E q²/(E q)². The kurtosis is left
    out where it is beyond float64, the correlation of squares where there is only one coordinate.

    Args:
        log_second_moments: ln E q for each input vector.
        log_kurtosis_factor: ln κ.
        output_dim: number of coordinates.

    >>> laws = output_statistics([0.0], 0.0, 2)
    >>> laws["output_kurtosis"][0].mean, laws["output_square_correlation"][0].mean
    (3.0, 0.0)
    """
    count = len(log_second_moments)
    laws: dict[str, tuple[AnyLaw, ...]] = {
        "log_output_second_moment": tuple(MomentsOnly(value, None) for value in log_second_moments)
    }
    if log_kurtosis_factor < LARGEST_LOG:
        laws["output_kurtosis"] = (MomentsOnly(3 * math.exp(log_kurtosis_factor), None),) * count
    if output_dim >= 2:
        # Divided by κ, so that nothing overflows.
        correlation = -math.expm1(-log_kurtosis_factor) / (3 - math.exp(-log_kurtosis_factor))
        laws["output_square_correlation"] = (MomentsOnly(correlation, None),) * count
    return laws
