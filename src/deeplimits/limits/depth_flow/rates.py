"""At which rates networks come near the flow."""

from __future__ import annotations

import math
from dataclasses import dataclass

from deeplimits.architectures import ResNet
from deeplimits.limits.infinite_width.variance_recursion import layer_maps


@dataclass(frozen=True)
class FlowRates:
    """Hold how far ‖z_depth‖²/width is from the end of the flow, E (q − q_T)² ≈ C/width + (D/depth)².

    Args:
        width_constant: C = lim width · Var q, at infinite depth.
        depth_constant: D = lim depth · (q_depth − q_T), q_depth that of infinite width.
    """

    width_constant: float
    depth_constant: float

    def mean_square_error(self, width: int, depth: int) -> float:
        """Return C/width + (D/depth)².

        >>> FlowRates(12.7089, -0.2061).mean_square_error(100, 10)
        0.1275137...
        """
        return self.width_constant / width + (self.depth_constant / depth) ** 2


def relative_depth_constant(architecture: ResNet, log_start: float, log_end: float) -> float:
    """Return D over the variance at the end of the flow.

    At infinite width the network is Euler's method for q' = f(q) with steps of T/depth: it ends at q_T − (T/2depth)
    f(q_T) ln(f(q_T)/f(q_0)) + O(1/depth²), as the derivative of the flow carries an error with f.

    Args:
        architecture: a residual network.
        log_start: ln q_0.
        log_end: ln of the variance at the end, q_T or that of infinite width.

    >>> stable = ResNet(width=9, depth=4, skip_scale=1.0, branch_scale=0.5, weight_variance=1.0)
    >>> round(relative_depth_constant(stable, 0.0, 0.5), 12)
    -0.125
    """
    if architecture.branch_scale == 0:
        return 0.0
    update = layer_maps(architecture).update
    # f(q)/q times the step, and the logarithm of f.
    grown = [math.expm1(update(log) - log) for log in (log_start, log_end)]
    logs = [math.log(growth) + log for growth, log in zip(grown, (log_start, log_end), strict=True)]
    return -0.5 * architecture.depth * grown[1] * (logs[1] - logs[0])
