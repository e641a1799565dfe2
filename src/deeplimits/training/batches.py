"""Which samples each step sees."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from deeplimits.randomness.keys import Key, fold_in, random_bits


def batches(key: Key, samples: int, batch: int, steps: int) -> Array:
    """Return the indices of each step's samples, (steps, batch): every epoch in a new random order.

    An epoch is samples // batch steps; what is left over of an order, fewer than ``batch``, sits that epoch out.

    Args:
        key: of the orders.
        samples: number of training inputs.
        batch: samples in a step, at most all.
        steps: number of steps.
    """
    per_epoch = samples // batch
    epochs = -(-steps // per_epoch)

    def order(epoch: Array) -> Array:
        words, _ = random_bits(fold_in(key, epoch), jnp.arange(samples, dtype=jnp.uint32), 0)
        return jnp.argsort(words)[: per_epoch * batch].reshape(per_epoch, batch)

    return jax.vmap(order)(jnp.arange(epochs)).reshape(-1, batch)[:steps]
