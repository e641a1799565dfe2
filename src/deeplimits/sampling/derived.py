"""Numbers that follow from others that a network showed, worked out in float64 beside the device."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.datasets import Inputs
from deeplimits.sampling.blocks import Drawn

_BASES = {"mean_square": ("log_norm",), "covariance": ("log_norm", "correlation")}
# Beyond e^±170 the fourth powers that standard errors are made of leave float64.
_LARGEST_LOG = 170.0


def drawn_quantities(quantities: Iterable[str]) -> tuple[str, ...]:
    """Return what has to be drawn for ``quantities``, in one order whatever theirs.

    >>> drawn_quantities(["mean_square", "active_fraction"])
    ('active_fraction', 'log_norm')
    """
    return tuple(sorted({base for name in quantities for base in _BASES.get(name, (name,))}))


def with_derived(drawn: Drawn, quantities: Iterable[str], inputs: Inputs) -> Drawn:
    """Return ``drawn`` with those of ``quantities`` that follow from others.

    ‖z_l‖²/width = e^log_norm ‖x‖²/input_dim, and ⟨z_l, z'_l⟩/width is √ of two of these times the cosine. A number
    beyond e^±170 is NaN.
    """
    names = [name for name in quantities if name in _BASES]
    if not names:
        return drawn
    log_inputs = np.log(inputs.squared_norms) - np.log(inputs.values.shape[1])
    logs = drawn.values["log_norm"] + log_inputs[:, None]  # (networks, inputs, layers)
    values = dict(drawn.values)
    for name in names:
        if name == "mean_square":
            values[name] = _exponential(logs)
        else:
            values[name] = values["correlation"] * _exponential(logs.mean(axis=1, keepdims=True))
    return Drawn(values, drawn.dead)


def _exponential(logs: Float64Array) -> Float64Array:
    inside = np.abs(logs) <= _LARGEST_LOG
    return np.where(inside, np.exp(np.where(inside, logs, 0.0)), np.nan)
