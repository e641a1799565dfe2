"""Two input vectors, as far as a wide network tells them apart."""

from __future__ import annotations

import numpy as np

from deeplimits.datasets import Inputs


def first_gap(inputs: Inputs) -> float:
    """Return 1 − cos ∠(x, x') of two input vectors, ½‖x/‖x‖ − x'/‖x'‖‖², which keeps small angles.

    >>> from deeplimits.datasets import as_inputs
    >>> first_gap(as_inputs([[1.0, 0.0], [0.0, 2.0]], 2))
    1.0
    """
    first, second = inputs.values / np.sqrt(inputs.squared_norms)[:, None]
    return float(min(2.0, np.sum((first - second) ** 2) / 2))
