"""Tangent kernels of networks at initialisation."""

from __future__ import annotations

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.architectures.particle_law import ParticleLaw
from deeplimits.training.mean_field_resnet.task import Task
from deeplimits.validation import positive_integer

_TOGETHER = 2**21  # particles drawn at once


def initial_kernels(
    law: ParticleLaw,
    inputs: ArrayLike,
    readout: ArrayLike,
    *,
    depth: int,
    particles: int,
    num_networks: int,
    scale: float = 1.0,
    seed: int = 0,
) -> Float64Array:
    """Return LM times the Gram matrix of the outputs' gradients, of random networks, (num_networks, inputs, inputs).

    Args:
        law: of the particles.
        inputs: (inputs, 2).
        readout: two entries, not trained.
        depth: L.
        particles: M, in each layer.
        num_networks: how many.
        scale: α.
        seed: of everything; more networks begin with the same ones.

    Raises:
        ValueError: an argument is out of range or of the wrong shape.

    References: chen2024generalization.

    >>> from deeplimits.architectures.particle_law import TURNING
    >>> initial_kernels(TURNING, [[1.0, 0.0]], [1.0, 0.0], depth=2, particles=3, num_networks=5).shape
    (5, 1, 1)
    """
    depth, particles = positive_integer("depth", depth), positive_integer("particles", particles)
    networks = positive_integer("num_networks", num_networks)
    task = Task.of(inputs, np.zeros(np.shape(inputs)[:1]), readout, scale)
    from deeplimits.training.mean_field_resnet.particles import initial_particles  # they import JAX
    from deeplimits.training.mean_field_resnet.steps import kernels_of

    together = min(networks, max(1, _TOGETHER // (depth * particles)))
    found = []
    for first in range(0, networks, together):
        # A whole group at a time, so that there is one program; what is too many is left off.
        start = initial_particles(law, depth, particles, range(first, first + together), seed)
        found.append(np.asarray(kernels_of(start, task.arrays()), np.float64))
    return np.concatenate(found)[:networks]
