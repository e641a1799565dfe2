"""Which layers a prediction of an architecture is made for."""

from __future__ import annotations

from deeplimits.architectures import MLP, Architecture
from deeplimits.observables import recorded_layers


def layers_of(architecture: Architecture) -> tuple[int, ...]:
    """Return the recorded layers: z_0 … z_depth of a residual network, z_0 … z_{depth−1} of an MLP.

    >>> layers_of(MLP(width=10, depth=4))
    (0, 1, 2, 3)
    """
    return recorded_layers(architecture.depth - isinstance(architecture, MLP))
