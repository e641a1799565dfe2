"""What is trained on, and from which particles: four points of the plane, and two laws.

The papers' own data are others; these were chosen here. Outputs are odd functions of the input, so the four points have
different directions up to their sign, which makes the kernel positive definite.
"""

from __future__ import annotations

import numpy as np

from deeplimits.architectures.particle_law import TURNING

START = (1.0, -0.5)
READOUT = np.array([1.0, 1.0]) / np.sqrt(2)

_ANGLES = 0.1 + np.pi * np.arange(4) / 4
INPUTS = np.array([1.0, 2.0, 1.0, 2.0])[:, None] * np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1)
TARGETS = np.sin(INPUTS[:, 0]) + INPUTS[:, 1] ** 3 / (2 * (1 + INPUTS[:, 1] ** 2))

LAWS = {"turning": TURNING, "resting": TURNING.scaled(0.0)}
"""Particles a = J w + s w, which turn states and push them outwards; and particles with a = 0, which leave them."""
