"""How a weighted sum over an architecture's kernel changes with its hyperparameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.architectures import Architecture


class KernelGradient:
    """Differentiate Σ_ij weights_ij K_ij(x) in the logarithms of some fields of the architecture.

    The program is compiled once, when first used, and serves all values of these fields.

    Args:
        architecture: has the other fields' values.
        limit: of its kernel.
        x: inputs, one a row.
        names: the fields.

    Note: exact, in float64 and forward mode: each takes one pass over the depth and the memory of a few matrices.
    """

    def __init__(self, architecture: Architecture, limit: str, x: Float64Array, names: Sequence[str]) -> None:
        import jax
        import jax.numpy as jnp

        from deeplimits.kernels.differentiable import kernel_function

        self._names, self._limit = tuple(names), limit
        kernels = kernel_function(architecture, x, limit=limit)

        def slope(logarithms: dict[str, Any], direction: dict[str, Any], weights: Any) -> Any:
            def total(values: dict[str, Any]) -> Any:
                return jnp.sum(weights * kernels({name: jnp.exp(value) for name, value in values.items()}).nngp)

            return jax.jvp(total, (logarithms,), (direction,))[1]

        self._slope = jax.jit(slope)

    def at(self, architecture: Architecture, weights: Float64Array) -> dict[str, float]:
        """Return ∂ (Σ_ij weights_ij K_ij) / ∂ log θ for each of the names θ, at the values of ``architecture``."""
        import jax

        logarithms = {name: np.log(float(getattr(architecture, name))) for name in self._names}
        with jax.enable_x64(True):
            return {
                name: float(
                    self._slope(logarithms, {other: np.float64(other == name) for other in self._names}, weights)
                )
                for name in self._names
            }
