"""What training gave: losses, tangent kernels and how far particles moved, at the times that were asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deeplimits._typing import Float64Array


@dataclass(frozen=True, eq=False)
class MeanFieldRun:
    """Hold training of several networks of L layers with M particles each. A divergence is a result: NaN.

    Args:
        depth: L.
        particles: M.
        learning_rate: in units of time; ordinary gradients are multiplied by LM times it.
        steps: after which it was measured, (records,).
        loss: half the mean square of the residuals, (networks, records).
        kernel: LM times the Gram matrix of the outputs' gradients, (networks, records, inputs, inputs).
        movement: root of the mean square of |θ_t − θ_0| over layers and particles, (networks, records): at least the
            Wasserstein distance of order 2 between the particles then and at first.
    """

    depth: int
    particles: int
    learning_rate: float
    steps: tuple[int, ...]
    loss: Float64Array
    kernel: Float64Array
    movement: Float64Array

    @property
    def times(self) -> Float64Array:
        """Learning rate times steps."""
        return self.learning_rate * np.asarray(self.steps, np.float64)

    @property
    def smallest_eigenvalue(self) -> Float64Array:
        """Of each kernel, (networks, records); NaN where it is not finite."""
        finite = np.asarray(np.isfinite(self.kernel).all((2, 3)))
        safe = np.where(finite[:, :, None, None], self.kernel, 0)
        return np.where(finite, np.linalg.eigvalsh(safe)[..., 0], np.nan)
