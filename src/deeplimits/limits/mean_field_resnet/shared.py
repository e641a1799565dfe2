"""One set of particles for all layers: networks scatter by 1/M, whatever their depth.

With θ_m the same w in every layer, a particle errs in one direction all along: with y the response of a state to it,
dy/ds = A y + scale h(x, θ_s(w)) − g, y(0) = 0, M Cov x_L → E_w y(1) y(1)ᵀ.
"""

from __future__ import annotations

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.architectures.particle_law import TURNING, ParticleLaw
from deeplimits.limits.mean_field_resnet.forward import require_resolved, state_of
from deeplimits.limits.mean_field_resnet.gaussian_rule import half_plane_rule
from deeplimits.validation import positive_integer, positive_number


def shared_variance(
    law: ParticleLaw = TURNING, start: ArrayLike = (1.0, -0.5), *, depth: int | None = None, scale: float = 1.0
) -> Float64Array:
    """Return lim M Cov x_L of networks whose layers share the inner weights of their M particles, (2, 2).

    Args:
        law: of the particles; their a follows the layer's time, a = (base + s slope) w.
        start: x_0, two entries, not both 0.
        depth: L; None for infinity.
        scale: α, above 0.

    Raises:
        ValueError: an argument is out of range, or |x| exceeds 4.

    Note: leading order in 1/M. Quadrature errs by 1e-9 of the trace up to |x| = 3, and by 1e-7 up to 4.

    References: derived here.

    >>> shared_variance().diagonal().round(3).tolist()
    [0.729, 0.474]
    """
    origin, factor = state_of("start", start), positive_number("scale", scale)
    layers = None if depth is None else positive_integer("depth", depth)
    import jax

    from deeplimits.limits.mean_field_resnet.field import Field
    from deeplimits.limits.mean_field_resnet.responses import responses

    nodes, weights = half_plane_rule()
    with jax.enable_x64(True):
        largest, response = (np.asarray(part) for part in responses(Field.of(law, factor), origin, nodes, layers))
    require_resolved(float(largest))
    return np.asarray(np.einsum("n,ni,nj->ij", weights, response, response))
