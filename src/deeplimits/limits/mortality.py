"""How often a network is dead: every neuron of some layer off."""

from __future__ import annotations

import math

from deeplimits.architectures import MLP, Architecture, ResNet


def one_sided(architecture: Architecture) -> int:
    """Return on which side φ is not 0: 1 or −1 if on one only, else 0."""
    slopes = architecture.phi.slopes
    if slopes is None or (slopes[0] != 0) == (slopes[1] != 0):
        return 0
    return 1 if slopes[0] != 0 else -1


def mortal_layers(architecture: Architecture) -> int:
    """Return the number of layers of which each is dead with probability 2^−width.

    Without a skip connection and with an activation that is 0 on one side, depth layers feed another one or the
    readout.
    """
    if not one_sided(architecture):
        return 0
    if isinstance(architecture, ResNet):
        return architecture.depth if architecture.skip_scale == 0 else 0
    return architecture.depth if isinstance(architecture, MLP) else 0


def death_probability(architecture: Architecture) -> float:
    """Return 1 − (1 − 2^−width)^layers.

    >>> death_probability(MLP(width=1, depth=2))
    0.75
    """
    return -math.expm1(log_survival(architecture))


def log_survival(architecture: Architecture) -> float:
    """Return ln P(not dead) = layers · ln(1 − 2^−width)."""
    return mortal_layers(architecture) * math.log1p(-(2.0**-architecture.width))
