"""Synthetic two-class data: correlated Gaussian inputs labelled by a linear teacher."""

from __future__ import annotations

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.datasets.labelled import Labels

INPUT_DIM, SQUARED_NORM = 300, 3072.0
ORIGIN = f"Gaussian inputs with covariance eigenvalues ∝ 1/k and E ‖x‖² = {SQUARED_NORM:g}, labels by a linear teacher"


def linear_teacher(count: int, seed: int) -> tuple[Float64Array, Labels]:
    """Return ``count`` inputs of dimension 300 and their labels.

    x = sum_k sqrt(λ_k) g_k e_k with λ_k ∝ 1/k, E ‖x‖² = 3072, and the label is 1 where ⟨t, x⟩ > 0, t uniform on the
    sphere, so that both classes are equally likely. Like images, such inputs have a few strong directions and many weak
    ones.

    Args:
        count: number of inputs.
        seed: of inputs and teacher.
    """
    generator = np.random.default_rng(seed)
    teacher = generator.normal(size=INPUT_DIM)
    eigenvalues = 1 / np.arange(1, INPUT_DIM + 1)
    eigenvalues *= SQUARED_NORM / eigenvalues.sum()
    inputs = generator.normal(size=(count, INPUT_DIM)) * np.sqrt(eigenvalues)
    return inputs, (inputs @ teacher > 0).astype(np.int64)
