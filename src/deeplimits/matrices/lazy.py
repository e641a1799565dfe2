"""Deferred decisions: a Gaussian matrix whose answers are drawn when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from deeplimits.matrices.matrix import Matrix
from deeplimits.matrices.orthogonalisation import extend_basis
from deeplimits.randomness.keys import Key
from deeplimits.randomness.normals import normal


class LazyState(NamedTuple):
    """What has been revealed of W: its answers W q to an orthonormal basis of the questions (some q may be 0)."""

    key: Key
    basis: Float[Array, "asked columns"]
    answers: Float[Array, "asked rows"]


@dataclass(frozen=True)
class LazyGaussian(Matrix):
    """Answer products exactly in law without ever holding W.

    If q_1 … q_r is an orthonormal basis of the questions' span and v = Σ c_j q_j, then W v = Σ c_j (W q_j), where the
    W q_j are independent vectors of N(0, 1) entries: only they are drawn. A question in the span of those before it (a
    duplicate, a vector of zeros, more questions than entries) needs no new randomness: its q is 0. Later questions,
    which may depend on earlier answers, reuse the basis, so a matrix may be asked any number of times.

    Note: exact up to rounding; O((rows + columns) k²) time and O((rows + columns) k) memory for k vectors.
    """

    def init(self, key: Key) -> LazyState:
        """Return the state in which nothing is revealed."""
        return LazyState(key, jnp.zeros((0, self.columns)), jnp.zeros((0, self.rows)))

    def query(self, state: LazyState, vectors: Float[Array, "k columns"]) -> tuple[Float[Array, "k rows"], LazyState]:
        """Return W v for each row v of ``vectors``; the state grows by k rows."""
        used = state.answers.shape[0] * (self.rows + self.rows % 2)  # normals come in pairs
        gaussian = normal(state.key, (vectors.shape[0], self.rows), skip=used)
        if state.basis.shape[0] == 0 and vectors.shape[0] == 1:  # nothing to orthogonalise: W v = |v| g
            norm = jnp.linalg.norm(vectors)
            return norm * gaussian, LazyState(state.key, vectors / jnp.where(norm > 0, norm, 1), gaussian)
        basis, coefficients = extend_basis(state.basis, vectors)
        answers = jnp.concatenate([state.answers, gaussian])
        product = jnp.matmul(coefficients, answers, precision=jax.lax.Precision.HIGHEST)
        return product, LazyState(state.key, basis, answers)
