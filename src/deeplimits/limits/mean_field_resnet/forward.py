"""A state through infinitely many particles, and how networks of finitely many scatter about it.

With M independent particles in each of L layers, x_{l+1} = x_l + (α/(LM)) Σ_m h(x_l, θ_{l,m}), at the end

    E x_L = x(1) + b/L + m/(LM),   Cov x_L = V/(LM),

up to O(1/L²) and O(1/(LM)²). With g the drift, A = ∂g/∂x and C the covariance of one push,

    dx/ds = g,   db/ds = A b − ½ d²x/ds²,   dV/ds = A V + V Aᵀ + C,   dm/ds = A m + ½ Σ_jk V_jk ∂²g/∂x_j ∂x_k.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.architectures.particle_law import TURNING, ParticleLaw
from deeplimits.limits.mean_field_resnet.gaussian_rule import LARGEST_NORM
from deeplimits.validation import positive_integer, positive_number


@dataclass(frozen=True, eq=False)
class ForwardLimit:
    """Hold the state at the end and what is left of one network's at L layers of M particles, times a power of LM.

    Args:
        state: x at M = ∞, (2,).
        euler_bias: b = lim L (x_L − x(1)), (2,); 0 at a finite depth, where ``state`` has it already.
        variance: V = lim LM Cov x_L, (2, 2); at a finite depth the limit M → ∞.
        mean_shift: m = lim LM (E x_L − its value at M = ∞), (2,).
        regime: what is assumed, in words.
        references: keys of ``references.bib``.
    """

    state: Float64Array
    euler_bias: Float64Array
    variance: Float64Array
    mean_shift: Float64Array
    regime: str = "particles to infinity in each layer, independent over layers; then depth, unless it is given"
    references: tuple[str, ...] = ("ding2021overparameterization", "chen2024generalization")


def forward_limit(
    law: ParticleLaw = TURNING, start: ArrayLike = (1.0, -0.5), *, depth: int | None = None, scale: float = 1.0
) -> ForwardLimit:
    """Return where a state ends under infinitely many particles, with bias, variance and shift of finite networks.

    Args:
        law: of the particles.
        start: x_0, two entries, not both 0.
        depth: L; None for infinity, where layers become the time s of a differential equation.
        scale: α, above 0.

    Raises:
        ValueError: an argument is out of range, or |x| exceeds 4, beyond which the quadrature is too coarse.

    Note: solved to 1e-10 at infinite depth; the recursion itself at a finite one. V and m are the leading order in
        1/M: relative corrections are O(1/(LM)).

    References: ding2021overparameterization and chen2024generalization for the limit; bias, variance and shift are
        derived here.

    >>> limit = forward_limit()
    >>> limit.state.round(6).tolist(), limit.variance.diagonal().round(3).tolist()
    ([0.78677, -1.215135], [0.914, 0.562])
    """
    origin, factor = state_of("start", start), positive_number("scale", scale)
    layers = None if depth is None else positive_integer("depth", depth)
    import jax

    from deeplimits.limits.mean_field_resnet.field import Field
    from deeplimits.limits.mean_field_resnet.fluctuation import at_depth, at_infinite_depth

    with jax.enable_x64(True):
        field = Field.of(law, factor)
        found = at_infinite_depth(field, origin) if layers is None else at_depth(field, origin, layers)
        state, bias, variance, shift, largest = (np.asarray(part, np.float64) for part in found)
    require_resolved(float(largest))
    return ForwardLimit(state, bias, variance, shift)


def state_of(name: str, value: ArrayLike) -> Float64Array:
    """Return a state as an array.

    Raises:
        ValueError: it has not two finite entries, or both are 0.
    """
    state = np.asarray(value, np.float64)
    if state.shape != (2,) or not np.isfinite(state).all() or not state.any():
        raise ValueError(f"{name} must be two finite numbers, not both 0, got {value!r}")
    return state


def require_resolved(largest: float) -> None:
    """Refuse states beyond the quadrature.

    Raises:
        ValueError: the largest norm is not below 4.
    """
    if not largest <= LARGEST_NORM:
        raise ValueError(
            f"states must stay within |x| ≤ {LARGEST_NORM:g}, where expectations are exact, got {largest:.3g}; "
            "use a smaller start, law or scale"
        )
