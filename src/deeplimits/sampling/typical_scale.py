"""How large an output is, roughly: a unit in which its squares may be summed without overflow."""

from __future__ import annotations

import math

import numpy as np

from deeplimits.architectures import Architecture, ResNet
from deeplimits.networks.scales import log_of, normalization_of, num_blocks_of


def log_output_scale(architecture: Architecture, squared_norm: float) -> float:
    """Return ln of a squared output coordinate at infinite width, or 0 where it has no elementary form.

    Only a unit for sums: results do not depend on it but through rounding.

    >>> from deeplimits.architectures import MLP
    >>> round(log_output_scale(MLP(width=10, depth=100, weight_variance=4.0, input_dim=1), 1.0) / math.log(2), 12)
    100.0
    """
    slopes = architecture.phi.slopes
    if slopes is None:
        return 0.0
    log_gain = log_of(architecture.weight_variance * (slopes[0] ** 2 + slopes[1] ** 2) / 2)
    log_bias = log_of(architecture.bias_variance)
    log_size = math.log(architecture.input_variance) + math.log(squared_norm) - math.log(architecture.input_dim)
    if not isinstance(architecture, ResNet):
        for _ in range(num_blocks_of(architecture)):
            log_size = np.logaddexp(log_gain + log_size, log_bias)
        return _finite(float(log_gain + log_size))
    log_skip, log_branch = 2 * log_of(abs(architecture.skip_scale)), 2 * log_of(abs(architecture.branch_scale))
    for _ in range(num_blocks_of(architecture)):
        seen = log_size if normalization_of(architecture) == "none" else 0.0
        if architecture.block == "two-layer":
            seen = np.logaddexp(seen, log_bias)
        log_size = np.logaddexp(log_skip + log_size, log_branch + np.logaddexp(log_gain + seen, log_bias))
    return _finite(float(log_size))


def _finite(value: float) -> float:
    return value if math.isfinite(value) else 0.0
