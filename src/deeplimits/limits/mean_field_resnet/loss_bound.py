"""How fast the loss falls at least, from the smallest eigenvalue of the tangent kernel."""

from __future__ import annotations

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.validation import nonnegative_number, positive_integer


def loss_bound(initial_loss: float, smallest_eigenvalue: float, times: ArrayLike, num_inputs: int) -> Float64Array:
    """Return loss(0) exp(−2 λ t / N): an upper bound of the loss of gradient flow.

    The loss is E = (1/(2N)) Σ r_i², r_i = f(x_i) − y_i: half the mean square. Parameters follow dθ/dt = −LM ∂E/∂θ, so
    that df/dt = −K r / N with K = LM Σ ∂f/∂θ ∂fᵀ/∂θ, and dE/dt = −rᵀ K r / N² ≤ −(2 λ / N) E wherever λ is at most the
    smallest eigenvalue of K then. The kernel moves: **the bound holds up to the first time at which its smallest
    eigenvalue is below λ**, and λ at initialisation bounds nothing by itself. For the mean square without the half,
    λ counts twice.

    Args:
        initial_loss: E at time 0.
        smallest_eigenvalue: λ, of a kernel with or without a limit.
        times: t, learning rate times steps if gradients are multiplied by LM.
        num_inputs: N.

    Raises:
        ValueError: a number is out of range, or a time is below 0.

    Note: gradient descent with a rate below N over the largest eigenvalue obeys it up to what the kernel changes in one
        step, as (1 − x)² ≤ exp(−2x).

    References: chen2024generalization, linear convergence of the empirical loss (rederived).

    >>> loss_bound(0.5, 0.2, [0.0, 10.0], 4).round(4).tolist()
    [0.5, 0.1839]
    """
    first = nonnegative_number("initial_loss", initial_loss)
    rate = 2 * nonnegative_number("smallest_eigenvalue", smallest_eigenvalue)
    when = np.asarray(times, np.float64)
    if not (np.isfinite(when).all() and (when >= 0).all()):
        raise ValueError(f"times must be finite and at least 0, got {times!r}")
    return np.asarray(first * np.exp(-rate * when / positive_integer("num_inputs", num_inputs)))
