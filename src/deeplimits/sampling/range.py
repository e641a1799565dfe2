"""Refuse, before any work, what float32 cannot hold."""

from __future__ import annotations

import numpy as np

from deeplimits.architectures import Architecture
from deeplimits.datasets import Inputs
from deeplimits.networks.scales import slope_ratio

_LARGEST = 1e15  # the square of a vector of 10⁶ such entries is a float32, and that of 1e-15 too
_SMALLEST_RATIO = 1e-15


def check_range(architecture: Architecture, inputs: Inputs) -> None:
    """Raise if a network would leave float32 at its first step, or an activation's slopes differ too much.

    The inputs of a homogeneous network may have any size: it is taken out and put back in float64.

    Raises:
        ValueError: says what there is and what would do.
    """
    ratio = slope_ratio(architecture)
    if ratio < _SMALLEST_RATIO:
        raise ValueError(
            f"the slopes of {architecture.phi.name} differ by a factor of {ratio:.1g}: make the smaller one 0"
        )
    if architecture.homogeneous:
        return
    sizes = np.sqrt(inputs.squared_norms * architecture.input_variance / architecture.input_dim)
    for size in sizes:
        if not 1 / _LARGEST <= size <= _LARGEST:
            raise ValueError(
                f"an input has sqrt(input_variance / input_dim) ‖x‖ = {size:.3g}: in a network that is not homogeneous "
                f"it must be from {1 / _LARGEST:g} to {_LARGEST:g} to be held in float32; scale the input or "
                "input_variance"
            )
