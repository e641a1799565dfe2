"""Draws of mean-field ResNets, and where a state ends in each of them."""

from __future__ import annotations

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.architectures.particle_law import TURNING, ParticleLaw
from deeplimits.randomness import stable_hash
from deeplimits.validation import one_of, positive_integer, positive_number

LAYERS = ("independent", "shared")

_BLOCK = 128  # networks drawn side by side: a constant, so that more networks begin with the same ones


def final_states(
    law: ParticleLaw = TURNING,
    start: ArrayLike = (1.0, -0.5),
    *,
    depth: int,
    particles: int,
    num_networks: int,
    layers: str = "independent",
    scale: float = 1.0,
    seed: int = 0,
) -> Float64Array:
    """Return x_L of random networks x_{l+1} = x_l + (scale/(LM)) Σ_m a tanh(w · x_l), shape (num_networks, 2).

    Args:
        law: of the particles (a, w); layer l has time s = l / L.
        start: x_0, two entries.
        depth: L.
        particles: M, in each layer.
        num_networks: how many.
        layers: ``independent``: each draws its w; ``shared``: all have the same w.
        scale: α, above 0.
        seed: of everything; more networks begin with the same ones.

    Raises:
        ValueError: a size is not a positive integer, ``start`` has not two finite entries, or ``layers`` is unknown.

    Note: single precision; about LM · num_networks pairs of normals, a block of networks at a time.

    >>> final_states(depth=3, particles=5, num_networks=4).shape
    (4, 2)
    """
    depth, particles = positive_integer("depth", depth), positive_integer("particles", particles)
    networks, factor = positive_integer("num_networks", num_networks), positive_number("scale", scale)
    shared = one_of("layers", layers, LAYERS) == "shared"
    origin = np.asarray(start, np.float64)
    if origin.shape != (2,) or not np.isfinite(origin).all():
        raise ValueError(f"start must be two finite numbers, got {start!r}")
    from deeplimits.sampling.mean_field_resnet.block import draw_blocks  # it imports JAX

    content = {"depth": depth, "particles": particles, "layers": layers, "law": [law.base, law.slope]}
    identity = stable_hash({"mean_field_resnet": content, "seed": seed})
    blocks = -(-networks // _BLOCK)
    found = draw_blocks(law, factor, origin.tolist(), depth, (_BLOCK, particles), shared, identity, blocks)
    return np.asarray(found, np.float64).reshape(-1, 2)[:networks]
