"""How a state responds to one particle that is in every layer; in double precision."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from deeplimits.limits.mean_field_resnet.field import Field
from deeplimits.limits.mean_field_resnet.integrate import integrate

_Pair = tuple[Array, Array]
_TIMES = np.linspace(0, 1, 33)


@partial(jax.jit, static_argnames=("depth",))
def responses(field: Field, start: Array, inner: Array, depth: int | None) -> _Pair:
    """Return the largest norm of the state on the way, and y of each particle at the end, (particles, 2).

    Args:
        field: of infinitely many particles.
        start: x_0, (2,).
        inner: w of each, (particles, 2).
        depth: L; None for infinity.
    """

    def velocity(pair: _Pair, s: Array) -> _Pair:
        x, response = pair
        drift = field.drift(x, s)
        return drift, response @ field.slope(x, s).T + field.push(inner, x, s) - drift

    begin = start, jnp.zeros_like(inner)
    if depth is None:
        states, along = integrate(velocity, begin, _TIMES)
        return jnp.linalg.norm(states, axis=1).max(), along[-1]

    def layer(pair: _Pair, s: Array) -> tuple[_Pair, Array]:
        moved = jax.tree.map(lambda part, rate: part + rate / depth, pair, velocity(pair, s))
        return moved, jnp.linalg.norm(moved[0])

    (_, response), norms = lax.scan(layer, begin, jnp.arange(depth) / depth)
    return jnp.maximum(norms.max(), jnp.linalg.norm(start)), response
