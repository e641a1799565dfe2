"""The equations of state, bias, variance and shift, at infinite and at finite depth; in double precision."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from deeplimits.limits.mean_field_resnet.field import Field
from deeplimits.limits.mean_field_resnet.integrate import integrate

Terms = tuple[Array, Array, Array, Array]
_TIMES = np.linspace(0, 1, 33)


@jax.jit
def at_infinite_depth(field: Field, start: Array) -> tuple[Array, ...]:
    """Return x(1), b, V, m and the largest norm of x on the way."""

    def velocity(terms: Terms, s: Array) -> Terms:
        x, bias, variance, shift = terms
        drift, slope = field.drift(x, s), field.slope(x, s)
        acceleration = field.by_time(x) + slope @ drift
        return (
            drift,
            slope @ bias - acceleration / 2,
            slope @ variance + variance @ slope.T + field.covariance(x, s),
            slope @ shift + field.curvature(x, s, variance) / 2,
        )

    path = integrate(velocity, _begin(start), _TIMES)
    return *(part[-1] for part in path), jnp.linalg.norm(path[0], axis=1).max()


@partial(jax.jit, static_argnames=("depth",))
def at_depth(field: Field, start: Array, depth: int) -> tuple[Array, ...]:
    """Return x_L, 0, V and m at a finite depth, and the largest norm of x on the way."""
    step = 1 / depth

    def layer(terms: Terms, s: Array) -> tuple[Terms, Array]:
        x, none, variance, shift = terms
        through = jnp.eye(2) + step * field.slope(x, s)
        moved = (
            x + step * field.drift(x, s),
            none,
            through @ variance @ through.T + step * field.covariance(x, s),
            through @ shift + step * field.curvature(x, s, variance) / 2,
        )
        return moved, jnp.linalg.norm(x)

    end, norms = lax.scan(layer, _begin(start), jnp.arange(depth) * step)
    return *end, jnp.maximum(norms.max(), jnp.linalg.norm(end[0]))


def _begin(start: Array) -> Terms:
    return start, jnp.zeros(2), jnp.zeros((2, 2)), jnp.zeros(2)
