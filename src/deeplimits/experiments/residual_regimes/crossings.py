"""At which exponent a mean logarithm crosses a level, from values at exponents on both sides."""

from __future__ import annotations

import math

import numpy as np

from deeplimits._typing import ArrayLike
from deeplimits.statistics import Estimate


def crossing(exponents: ArrayLike, values: ArrayLike, errors: ArrayLike, count: int) -> Estimate | None:
    """Return where values that fall with the exponent are 0; None if they do not change sign.

    The value is interpolated between its neighbours, of which the last that is above 0 is taken; its standard error is
    theirs over the slope there. Errors of neighbours are taken to be one, as all exponents have the same weights.

    >>> print(crossing([0.4, 0.5, 0.6], [0.3, 0.1, -0.1], [0.02, 0.02, 0.02], 50))
    0.550(10)
    """
    beta, value, error = (np.asarray(part, np.float64) for part in (exponents, values, errors))
    above = np.flatnonzero(value > 0)
    if not above.size or above[-1] + 1 == len(value):
        return None
    i = int(above[-1])
    slope = (value[i] - value[i + 1]) / (beta[i + 1] - beta[i])
    return Estimate(float(beta[i] + value[i] / slope), float(math.sqrt(error[i] * error[i + 1]) / slope), count)
