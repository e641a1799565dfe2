"""The gradient of the log marginal likelihood."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.gp.hyperparameters import INSIDE, Hyperparameters
from deeplimits.gp.kernel_gradient import KernelGradient
from deeplimits.gp.posterior import Posterior


def evidence_gradient(
    posterior: Posterior,
    hyperparameters: Hyperparameters,
    y: Float64Array,
    names: Sequence[str],
    kernel_gradient: KernelGradient | None,
) -> dict[str, float]:
    """Return ∂ log p(y) / ∂ log θ for each θ of ``names``.

    With C = output_variance K + noise I, α = C⁻¹ y and G = ½ Σ_outputs (α αᵀ − C⁻¹) it is Σ_ij G_ij ∂C_ij / ∂ log θ.

    Args:
        posterior: given y at its inputs.
        hyperparameters: at which ``posterior`` was computed.
        y: values (inputs, outputs).
        names: the hyperparameters wanted.
        kernel_gradient: differentiates in those of ``names`` that are the architecture's, if any are.

    Note:
        Exact but for the kernel's own derivative, see `KernelGradient`. Costs one inversion, and one pass over the
        kernel for each name of the architecture.

    References: rasmussen2006gaussian, chapter 5.
    """
    alpha, factor, outputs = posterior.coefficients, posterior.factor, y.shape[1]
    weights = 0.5 * (alpha @ alpha.T - outputs * factor.inverse())
    trace = float(np.trace(weights))
    by_noise = hyperparameters.noise * trace
    # Σ G_ij C_ij needs no matrix: α satisfies C α = y.
    fit, volume = 0.5 * float(np.sum(y * alpha)), 0.5 * outputs * len(alpha)
    by_kernel = fit - volume - by_noise - factor.jitter * trace
    gradient = {"noise": by_noise, "output_variance": by_kernel}
    if kernel_gradient is not None:
        weights *= hyperparameters.output_variance
        gradient |= kernel_gradient.at(hyperparameters, weights, by_kernel, fit + volume)
    return {name: gradient[name] for name in names}


def gradient_of_kernel(
    hyperparameters: Hyperparameters, limit: str, x: Float64Array, names: Sequence[str]
) -> KernelGradient | None:
    """Return what differentiates the kernel in those of ``names`` that are the architecture's; None if none are."""
    inside = [name for name in names if name in INSIDE]
    if not inside or hyperparameters.architecture is None:
        return None
    return KernelGradient(hyperparameters.architecture, limit, x, inside)
