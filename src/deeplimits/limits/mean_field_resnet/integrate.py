"""Differential equations of the limit, solved to near rounding error in double precision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import diffrax
import jax.numpy as jnp
import numpy as np

from deeplimits._typing import ArrayLike

_RELATIVE, _ABSOLUTE = 1e-10, 1e-12


def integrate(velocity: Callable[[Any, Any], Any], start: Any, times: ArrayLike) -> Any:
    """Return the solution of dy/ds = velocity(y, s) at some times, given y at the first of them.

    Args:
        velocity: a function of y and s.
        start: y at the first time, any tree of arrays.
        times: increasing or decreasing, at least two.

    Returns:
        A tree of arrays with a leading axis for the times; infinite where more than 4096 steps would be needed.

    Note: Tsitouras' 5th-order method with relative tolerance 1e-10. Call it in a jitted function,
        within ``jax.enable_x64(True)``.
    """
    when = np.asarray(times, np.float64)
    solution = diffrax.diffeqsolve(
        diffrax.ODETerm(lambda s, y, _: velocity(y, s)),
        diffrax.Tsit5(),
        when[0],
        when[-1],
        (when[-1] - when[0]) / 20,
        start,
        saveat=diffrax.SaveAt(ts=jnp.asarray(when)),
        stepsize_controller=diffrax.PIDController(rtol=_RELATIVE, atol=_ABSOLUTE),
        throw=False,  # callers refuse states that are not finite, and say what to change
    )
    return solution.ys
