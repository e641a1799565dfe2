"""Gram–Schmidt with static shapes: vectors that bring nothing new become 0 instead of changing a shape."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float


def extend_basis(
    basis: Float[Array, "old n"], vectors: Float[Array, "k n"]
) -> tuple[Float[Array, "all n"], Float[Array, "k all"]]:
    """Extend an orthonormal ``basis`` so that its span contains ``vectors``.

    Classical Gram–Schmidt, each vector projected twice, which is orthogonal to rounding. A remainder below
    8 machine epsilons of its vector counts as 0: that vector lies in the span already.

    Args:
        basis: orthonormal or zero rows.
        vectors: rows to be spanned; any rank, zeros and duplicates allowed.

    Returns:
        The basis with k more rows (some possibly 0), and the coefficients C with ``vectors`` = C basis.
    """
    old, k = basis.shape[0], vectors.shape[0]
    tolerance = 8 * float(np.finfo(vectors.dtype).eps)
    exact = jax.lax.Precision.HIGHEST

    def add(j: jax.Array, carry: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        rows, coefficients = carry
        vector = vectors[j]
        first = jnp.matmul(rows, vector, precision=exact)
        remainder = vector - jnp.matmul(first, rows, precision=exact)
        second = jnp.matmul(rows, remainder, precision=exact)
        remainder = remainder - jnp.matmul(second, rows, precision=exact)
        norm = jnp.linalg.norm(remainder)
        is_new = norm > tolerance * jnp.linalg.norm(vector)
        row = jnp.where(is_new, remainder / jnp.where(is_new, norm, 1), 0)
        coefficient = (first + second).at[old + j].set(jnp.where(is_new, norm, 0))
        return rows.at[old + j].set(row), coefficients.at[j].set(coefficient)

    rows = jnp.concatenate([basis, jnp.zeros_like(vectors)])
    return jax.lax.fori_loop(0, k, add, (rows, jnp.zeros((k, old + k), vectors.dtype)))
