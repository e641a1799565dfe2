"""How a weighted sum over an architecture's kernel changes with its hyperparameters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.architectures import Architecture
from deeplimits.gp.hyperparameters import Hyperparameters

_AGREEMENT = 1e-8
_STEP = 1e-3


class KernelGradient:
    """Differentiate Σ_ij weights_ij K_ij(x) in the logarithms of some fields of the architecture.

    The program is compiled once, when first used, and serves all values of these fields.

    Args:
        architecture: has the other fields' values.
        limit: of its kernel.
        x: inputs, one a row.
        names: the fields.

    Note:
        In float64 and forward mode: each takes one pass over the depth and the memory of a few matrices. Where the
        differentiable kernel is not the kernel, as of smooth activations at large variances, it takes differences of
        the kernel instead, four times the kernel's cost and exact to about 1e-9.
    """

    def __init__(self, architecture: Architecture, limit: str, x: Float64Array, names: Sequence[str]) -> None:
        import jax
        import jax.numpy as jnp

        from deeplimits.kernels.differentiable import kernel_function

        self._names, self._limit, self._x = tuple(names), limit, x
        kernels = kernel_function(architecture, x, limit=limit)

        def slope(logarithms: dict[str, Any], direction: dict[str, Any], weights: Any) -> Any:
            def total(values: dict[str, Any]) -> Any:
                return jnp.sum(weights * kernels({name: jnp.exp(value) for name, value in values.items()}).nngp)

            return jax.jvp(total, (logarithms,), (direction,))

        self._slope = jax.jit(slope)

    def at(self, hyperparameters: Hyperparameters, weights: Float64Array, sum: float, size: float) -> dict[str, float]:
        """Return ∂ (Σ_ij weights_ij K_ij) / ∂ log θ for each of the names θ.

        Args:
            hyperparameters: where.
            weights: the weights.
            sum: what Σ_ij weights_ij K_ij is.
            size: that of the terms which make up ``sum``.
        """
        import jax

        values = hyperparameters.values
        logarithms = {name: np.log(values[name]) for name in self._names}
        found: dict[str, float] = {}
        with jax.enable_x64(True):
            for name in self._names:
                direction = {other: np.float64(other == name) for other in self._names}
                traced, slope = self._slope(logarithms, direction, weights)
                if not abs(float(traced) - sum) <= _AGREEMENT * size:
                    break
                found[name] = float(slope)
            else:
                return found
        return {name: self._difference(hyperparameters, weights, name) for name in self._names}

    def _difference(self, hyperparameters: Hyperparameters, weights: Float64Array, name: str) -> float:
        """Return the derivative in one logarithm by central differences of order 4."""
        from deeplimits.kernels import nngp

        def total(step: float) -> float:
            there = hyperparameters.replace({name: hyperparameters.values[name] * math.exp(step)}).architecture
            assert there is not None, "the names are an architecture's"
            return float(np.sum(weights * nngp(there, self._x, limit=self._limit).values))

        near, far = (total(step) - total(-step) for step in (_STEP, 2 * _STEP))
        return (8 * near - far) / (12 * _STEP)
