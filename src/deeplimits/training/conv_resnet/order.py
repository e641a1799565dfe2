"""Which images each step of an epoch takes."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from deeplimits.training.conv_resnet.epoch import Order
from deeplimits.training.deep_resnet.order import random_order as order_of_several


def random_order(generator: np.random.Generator, samples: int, batch: int) -> Order:
    """Return an epoch that goes through all images once; the last step may have places left over."""
    order = order_of_several([generator], samples, batch)
    return Order(jnp.asarray(order.samples[:, 0]), jnp.asarray(order.counts))
