"""Choose hyperparameters by the marginal likelihood of the training data."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence

import numpy as np
from scipy import optimize
from sklearn.exceptions import ConvergenceWarning

from deeplimits._typing import Float64Array
from deeplimits.gp.hyperparameters import Hyperparameters

# How far, as a factor, the search may go from where it starts.
RANGE = 1e4
_IMPOSSIBLE = 1e100  # the objective where the covariance cannot be factorised: finite, so that the line search turns

Evidence = Callable[[Hyperparameters], tuple[float, dict[str, float]]]


def maximise(
    evidence: Evidence,
    start: Hyperparameters,
    names: Sequence[str],
    restarts: int,
    generator: np.random.RandomState,
) -> Hyperparameters:
    """Return the hyperparameters of largest log marginal likelihood that L-BFGS-B finds.

    Args:
        evidence: gives the log marginal likelihood and its gradient with respect to the logarithms of ``names``.
        start: where the search begins; each value stays within a factor `RANGE` of it.
        names: what is varied.
        restarts: further searches, from points drawn uniformly in the logarithms.
        generator: draws them.

    Note: a local maximum of the evidence; with restarts the best of several.
    """
    origin = np.log([start.values[name] for name in names])
    reach = math.log(RANGE)

    def at(point: Float64Array) -> Hyperparameters:
        return start.replace(dict(zip(names, np.exp(point).tolist(), strict=True)))

    def objective(point: Float64Array) -> tuple[float, Float64Array]:
        try:
            value, gradient = evidence(at(point))
        except ValueError:
            return _IMPOSSIBLE, np.zeros(len(names))
        return -value, -np.array([gradient[name] for name in names])

    bounds = [(low, low + 2 * reach) for low in origin - reach]
    firsts = [origin, *(origin + generator.uniform(-reach, reach, size=len(names)) for _ in range(restarts))]
    searches = [optimize.minimize(objective, first, jac=True, method="L-BFGS-B", bounds=bounds) for first in firsts]
    best = min(searches, key=lambda search: float(search.fun))
    if not best.success:
        warnings.warn(f"the search for hyperparameters stopped early: {best.message}", ConvergenceWarning, stacklevel=4)
    return at(best.x) if best.fun < _IMPOSSIBLE else start
