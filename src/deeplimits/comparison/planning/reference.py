"""What stands for the truth in a plan: the best law that is known of a network, and how good it is."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from deeplimits.architectures import Architecture
from deeplimits.limits.laws import Inversion, Law, LogChiSquareSum, NumericalLaw, log_chi_square
from deeplimits.limits.layer_scales import layer_scales
from deeplimits.limits.log_gaussian.log_norm import LogNorm, hidden_log_norm, output_log_norm
from deeplimits.limits.log_gaussian.second_order import second_order_variance
from deeplimits.limits.prediction import Prediction

OBSERVABLE = "log_squared_norm"
EXACT, NEXT_ORDER = "exact", "log-gaussian to the next order"
LEAST_WIDTH, LARGEST_RATIO = 20, 4.0  # of the networks that the second was tried on
WORDS = {
    EXACT: "the exact law: the distance is right to 0.1 % of itself",
    NEXT_ORDER: (
        "the log-gaussian law with the next order in 1/width, whose coefficients were measured; not exact. In 13 "
        "simulated ResNets of width 50 to 400 and 3 Balanced ones the distances so found were within 0.003 "
        "(log-gaussian) or 4 % (infinite-width) of the simulated ones; at width 20 within 0.008"
    ),
}
_MEAN_SHARE = 0.4
"""Relative correction of the mean of the log-norm over that of its variance, as measured: 0.37 at a² = ½ and depth 100,
0.3 at depth 10; 0.44 in an MLP."""


@dataclass(frozen=True)
class Reference:
    """Hold the law that limits are measured against.

    Args:
        name: `EXACT` or `NEXT_ORDER`.
        law: of ``log_squared_norm``.
        spread: standard deviation of ``log_norm_hidden``.
    """

    name: str
    law: Law
    spread: float


def reference_for(architecture: Architecture, exact: Prediction | None, log_input: float) -> Reference:
    """Return the best law known of ``architecture``.

    Args:
        architecture: the network.
        exact: what the exact limit says of it; None if it refuses, or knows moments only.
        log_input: ln(‖x‖²/input_dim).

    Raises:
        ValueError: neither an exact law nor the log-Gaussian one is known.
    """
    if exact is not None:
        return Reference(EXACT, exact[OBSERVABLE], math.sqrt(exact["log_norm_hidden"].variance))
    if architecture.phi.slopes is None or architecture.extensions:
        what = ", ".join([architecture.kind, architecture.phi.name, *architecture.extensions])
        raise ValueError(
            f"no law is known to be nearer to the truth than the limits ({what}): there is nothing to plan by; sample "
            "instead (deeplimits compare)"
        )
    output, hidden = (
        _to_next_order(architecture, log_norm)
        for log_norm in (output_log_norm(architecture), hidden_log_norm(architecture))
    )
    return Reference(NEXT_ORDER, _with_readout(architecture, output, log_input), math.sqrt(hidden.variance))


def gaussian_law(architecture: Architecture, log_input: float) -> Law:
    """Return the law of ``log_squared_norm`` by the log-gaussian limit, without what else that limit says."""
    return _with_readout(architecture, output_log_norm(architecture), log_input)


def _with_readout(architecture: Architecture, log_norm: LogNorm, log_input: float) -> Law:
    """Return the law of log_norm + ln χ²(output_dim)."""
    readout = ((log_chi_square(architecture.output_dim), 1),)
    summed = LogChiSquareSum(readout, normal_variance=log_norm.variance)
    return NumericalLaw(Inversion(summed), log_input + log_norm.mean)


def _to_next_order(architecture: Architecture, log_norm: LogNorm) -> LogNorm:
    """Add the terms of order 1/width² to mean and variance."""
    scales = layer_scales(architecture)
    share = second_order_variance(scales, log_norm.layers, log_norm.input_layer) / architecture.width
    growth = math.log(architecture.input_variance) + log_norm.layers * scales.log_growth
    mean = growth + (log_norm.mean - growth) * (1 + _MEAN_SHARE * share)
    # A variance near 0 or below can only mean that the width is too small for any expansion.
    return replace(log_norm, mean=mean, variance=log_norm.variance * max(1 + share, 0.1))
