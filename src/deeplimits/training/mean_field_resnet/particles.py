"""What is trained: the particles of all layers, of networks side by side."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array

from deeplimits.architectures.particle_law import ParticleLaw
from deeplimits.randomness import stable_hash


class Particles(NamedTuple):
    """Hold a and w, (layers, networks, particles, 2) each."""

    outer: Array
    inner: Array


def initial_particles(law: ParticleLaw, depth: int, particles: int, networks: range, seed: int) -> Particles:
    """Return independent particles of the law, of networks of these numbers; each has random numbers of its own."""
    content = {"depth": depth, "particles": particles, "law": [law.base, law.slope]}
    identity = stable_hash({"mean_field_resnet_training": content, "seed": seed})
    generators = [np.random.default_rng([identity, number]) for number in networks]
    inner = np.stack([one.standard_normal((depth, particles, 2), np.float32) for one in generators], axis=1)
    times = np.arange(depth)[:, None, None] / depth
    matrices = np.asarray(law.base) + times * np.asarray(law.slope)
    outer = np.einsum("lij,lnmj->lnmi", matrices, inner)
    return Particles(jnp.asarray(outer, jnp.float32), jnp.asarray(inner))
