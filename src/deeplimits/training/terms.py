"""The names of the terms that a logit is the sum of, and which activations have them."""

from __future__ import annotations

import numpy as np

from deeplimits.activations import Activation

# By whether input, hidden and output weights enter with their increment.
TERMS = (
    "initial",
    "output",
    "hidden",
    "hidden-output",
    "input",
    "input-output",
    "input-hidden",
    "input-hidden-output",
)


def decomposable(activation: Activation) -> bool:
    """Whether φ(0) = 0, so that φ(z) = m(z) z with a bounded factor m.

    >>> from deeplimits.activations import TANH, custom
    >>> decomposable(TANH), decomposable(custom(lambda z: z * 0 + 1, name="one"))
    (True, False)
    """
    return abs(float(np.asarray(activation(np.zeros(1)))[0])) < 1e-12
