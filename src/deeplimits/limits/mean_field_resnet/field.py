"""What infinitely many particles do to a state: its drift, the drift's derivatives, the covariance of one push.

With B = base + s slope and q = |x|², Stein's identity gives E w tanh(w · x) = ψ x, ψ(q) = E tanh'(√q Z), so that the
drift is g = scale · ψ B x. Since dE f(√q Z)/dq = E f''(√q Z)/2, ψ' = E tanh'''/2 and ψ'' = E tanh⁗'/4. By the same
identity E w wᵀ tanh²(w · x) = E tanh² + E (tanh²)'' x xᵀ. All of them are polynomials in tanh under one expectation.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from deeplimits.architectures.particle_law import ParticleLaw
from deeplimits.limits.mean_field_resnet.gaussian_rule import line_rule


class Field(NamedTuple):
    """Hold a law of particles and the factor of every residual branch; to be used in double precision.

    Args:
        base: 2 × 2 matrix of the law.
        rate: its slope in s.
        scale: α.
    """

    base: Array
    rate: Array
    scale: Array

    @classmethod
    def of(cls, law: ParticleLaw, scale: float) -> Field:
        """Return the field of a law."""
        return cls(*(jnp.asarray(part, jnp.float64) for part in (law.base, law.slope, scale)))

    def matrix(self, s: Array) -> Array:
        """Return B with a = B w at time s."""
        return self.base + s * self.rate

    def drift(self, x: Array, s: Array) -> Array:
        """Return g = scale · E h(x, θ_s), (2,)."""
        return self.scale * _psi(x)[0] * (self.matrix(s) @ x)

    def slope(self, x: Array, s: Array) -> Array:
        """Return A = ∂g/∂x = scale (ψ B + 2ψ' B x xᵀ), (2, 2)."""
        psi, by_square, _ = _psi(x)
        matrix = self.matrix(s)
        return self.scale * (psi * matrix + 2 * by_square * jnp.outer(matrix @ x, x))

    def by_time(self, x: Array) -> Array:
        """Return ∂g/∂s, (2,)."""
        return self.scale * _psi(x)[0] * (self.rate @ x)

    def curvature(self, x: Array, s: Array, variance: Array) -> Array:
        """Return Σ_jk V_jk ∂²g/∂x_j ∂x_k = scale B (x (4ψ'' xᵀ V x + 2ψ' tr V) + 4ψ' V x), (2,)."""
        _, first, second = _psi(x)
        along = 4 * second * (x @ variance @ x) + 2 * first * jnp.trace(variance)
        return self.scale * self.matrix(s) @ (along * x + 4 * first * (variance @ x))

    def covariance(self, x: Array, s: Array) -> Array:
        """Return scale² · Cov h(x, θ_s), (2, 2)."""
        value, weights = _tanh(x)
        square = value**2
        moment = weights @ square * jnp.eye(2) + weights @ (2 * (1 - square) * (1 - 3 * square)) * jnp.outer(x, x)
        matrix, mean = self.matrix(s), self.drift(x, s)
        return self.scale**2 * matrix @ moment @ matrix.T - jnp.outer(mean, mean)

    def push(self, w: Array, x: Array, s: Array) -> Array:
        """Return scale · h(x, θ) of particles with inner weights w, (particles, 2)."""
        return self.scale * jnp.tanh(w @ x)[:, None] * (w @ self.matrix(s).T)


def _tanh(x: Array) -> tuple[Array, Array]:
    z, weights = line_rule()
    return jnp.tanh(jnp.sqrt(x @ x) * z), jnp.asarray(weights)


def _psi(x: Array) -> tuple[Array, Array, Array]:
    """Return ψ, ψ' and ψ'' at |x|²."""
    value, weights = _tanh(x)
    square = value**2
    fall = weights * (1 - square)
    first = -fall @ (1 - 3 * square)
    second = fall @ (4 - 30 * square + 30 * square**2)
    return fall.sum(), first, second
