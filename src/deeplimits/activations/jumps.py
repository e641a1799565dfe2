"""Activations that jump, whose derivative is no function."""

from __future__ import annotations

import functools

import numpy as np

from deeplimits.activations.evaluators import evaluator
from deeplimits.activations.pointwise import Activation

_NEAR, _NEARER = 1e-6, 1e-12


@functools.lru_cache(maxsize=64)
def jumps(activation: Activation) -> bool:
    """Whether φ jumps at one of its declared kinks: whether its step across the kink stays as the step narrows.

    >>> from deeplimits.activations import custom
    >>> jumps(custom(lambda z: abs(z), kinks=[0.0])), jumps(custom(lambda z: z + (z > 1), kinks=[1.0]))
    (False, True)
    """
    if activation.slopes is not None or not activation.kinks:
        return False
    kinks = np.array(activation.kinks)
    size = np.maximum(1.0, np.abs(kinks))
    value = evaluator(activation)
    far, near = (np.abs(value(kinks + d * size) - value(kinks - d * size)) for d in (_NEAR, _NEARER))
    return bool(np.any((near > 0.5 * far) & (far > _NEAR * 1e-3)))
