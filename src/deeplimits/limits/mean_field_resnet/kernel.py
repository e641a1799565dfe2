"""The tangent kernel of infinitely many particles: the Gram matrix that decides how fast training is.

A network f = readout · x_L has by θ_{l,m} the gradient (α/(LM)) p_{l+1} · ∂h(x_l, θ), p the derivative of f by the
state. So LM Σ ∂f(x)/∂θ ∂f(x')/∂θ is a mean over layers and particles, which converges to

    K(x, x') = α² ∫_0^1 E[p·p' tanh(w·x) tanh(w·x') + (p·a)(p'·a) tanh'(w·x) tanh'(w·x') x·x'] ds,

x, p and the primed ones along the flow: dx/ds = g, dp/ds = −Aᵀ p, p(1) = readout.
"""

from __future__ import annotations

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.architectures.particle_law import ParticleLaw
from deeplimits.limits.mean_field_resnet.forward import require_resolved, state_of
from deeplimits.validation import positive_integer, positive_number


def tangent_kernel_limit(
    law: ParticleLaw, inputs: ArrayLike, readout: ArrayLike, *, depth: int | None = None, scale: float = 1.0
) -> Float64Array:
    """Return K at initialisation for infinitely many particles, symmetric, (inputs, inputs).

    Args:
        law: of the initial particles.
        inputs: (inputs, 2), none of them 0.
        readout: two entries, not both 0; it is not trained.
        depth: L; None for infinity.
        scale: α, above 0.

    Raises:
        ValueError: an argument is out of range, or a state exceeds 4 in norm.

    Note: at infinite depth integrated by 16 Gauss–Legendre nodes in s, along a flow that is solved to 1e-10.

    References: chen2024generalization, its Gram matrix with a factor N² less.

    >>> from deeplimits.architectures.particle_law import TURNING
    >>> kernel = tangent_kernel_limit(TURNING, [[1.0, 0.0], [0.0, 1.0]], [1.0, 0.0])
    >>> kernel.shape, bool(np.linalg.eigvalsh(kernel).min() > 0.1)
    ((2, 2), True)
    """
    points, out, factor = points_of(inputs), state_of("readout", readout), positive_number("scale", scale)
    layers = None if depth is None else positive_integer("depth", depth)
    import jax

    from deeplimits.limits.mean_field_resnet.field import Field
    from deeplimits.limits.mean_field_resnet.gram import gram_along_flow, gram_along_layers

    with jax.enable_x64(True):
        field = Field.of(law, factor)
        if layers is None:
            kernel, largest = gram_along_flow(field, points, out)
        else:
            kernel, largest = gram_along_layers(field, points, out, layers)
        values = np.asarray(kernel, np.float64)
    require_resolved(float(largest))
    return np.asarray((values + values.T) / 2)


def points_of(inputs: ArrayLike) -> Float64Array:
    """Return inputs as an array (inputs, 2).

    Raises:
        ValueError: they have another shape, one is 0, or one is the opposite of, or equal to, another.
    """
    points = np.asarray(inputs, np.float64)
    if points.ndim != 2 or points.shape[1:] != (2,) or not len(points):
        raise ValueError(f"inputs must be a matrix with two columns, got shape {points.shape}")
    for i, point in enumerate(points):
        state_of(f"input {i}", point)
        for j in range(i):
            if min(np.abs(points[j] - point).max(), np.abs(points[j] + point).max()) < 1e-9:
                raise ValueError(
                    f"inputs {j} and {i} are equal or opposite: outputs are odd functions, and their kernel is singular"
                )
    return points
