"""The reference: a Gaussian matrix held entry by entry."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from deeplimits.matrices.matrix import Matrix
from deeplimits.randomness.keys import Key
from deeplimits.randomness.normals import normal


@dataclass(frozen=True)
class DenseGaussian(Matrix):
    """Hold all rows × columns entries, and multiply.

    Note: memory and time O(rows columns); the witness against which `LazyGaussian` is tested.
    """

    def init(self, key: Key) -> Float[Array, "rows columns"]:
        """Draw every entry."""
        return normal(key, (self.rows, self.columns))

    def query(
        self, state: Float[Array, "rows columns"], vectors: Float[Array, "k columns"]
    ) -> tuple[Float[Array, "k rows"], Float[Array, "rows columns"]]:
        """Return the products; the state is the matrix itself."""
        return jnp.matmul(vectors, state.T, precision=jax.lax.Precision.HIGHEST), state
