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

    bounds = np.stack([origin - reach, origin + reach], axis=1)
    firsts = [origin, *(origin + generator.uniform(-reach, reach, size=len(names)) for _ in range(restarts))]
    value, best = min((_search(objective, first, bounds) for first in firsts), key=lambda found: found[0])
    if value >= _IMPOSSIBLE:
        _warn("no hyperparameters were found at which the covariance can be factorised; those given are kept")
        return start
    ends = [
        name for name, low_or_high in zip(names, np.isclose(bounds, best[:, None]), strict=True) if any(low_or_high)
    ]
    if ends:
        _warn(
            f"the search for hyperparameters ended at its bounds, {RANGE:g} times from the start, in {', '.join(ends)}"
        )
    return at(best)


def _search(
    objective: Callable[[Float64Array], tuple[float, Float64Array]], first: Float64Array, bounds: Float64Array
) -> tuple[float, Float64Array]:
    """Return the smallest value found from ``first`` on, and where it is.

    The objective is divided by its slope at the start: in a box, the first step of L-BFGS-B is the gradient itself,
    which would lead into a corner, from which, if nothing can be computed there, the search returns to its start
    content.
    """
    slope = max(1.0, float(np.abs(objective(first)[1]).max()))

    def scaled(point: Float64Array) -> tuple[float, Float64Array]:
        value, gradient = objective(point)
        return value / slope, gradient / slope

    found = optimize.minimize(scaled, first, jac=True, method="L-BFGS-B", bounds=bounds)
    if not found.success:
        _warn(f"the search for hyperparameters stopped early: {found.message}")
    return float(found.fun) * slope, np.asarray(found.x)


def _warn(message: str) -> None:
    warnings.warn(message, ConvergenceWarning, stacklevel=5)
