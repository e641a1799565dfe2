"""How far the log-Gaussian limit is off at a width and depth, and where to be warned."""

from __future__ import annotations

import math

from deeplimits.architectures import Architecture
from deeplimits.limits.laws import LogChiSquare
from deeplimits.limits.layer_scales import layer_scales
from deeplimits.limits.log_gaussian.log_norm import LogNorm, hidden_log_norm, output_log_norm
from deeplimits.limits.log_gaussian.second_order import second_order_variance
from deeplimits.limits.mortality import death_probability

TOLERATED_ERROR = 0.05
"""Relative error of a variance above which a prediction warns."""

_TOLERATED_DEATH = 1e-3
_NARROW = 20


def accuracy_of(architecture: Architecture) -> str:
    """Return, in a sentence, the estimated error of the variance and of the mean of the log-norm."""
    coefficient = _coefficient(architecture, hidden_log_norm(architecture))
    scales = layer_scales(architecture)
    source = "derived" if scales.skip_share * scales.branch_share * scales.asymmetry == 0 else "measured at width 100"
    return (
        f"Leading order in 1/width. The true variance of log_norm_hidden is about {coefficient:+.1f}/width = "
        f"{_percent(coefficient / architecture.width)} off this one ({source}); its mean is off by up to 3/width of "
        "itself."
    )


def warnings_for(architecture: Architecture) -> tuple[str, ...]:
    """Warn of a variance that is off by more than 5 %, of a narrow network and of networks that are dead."""
    warnings = [*_variance_warnings(architecture)]
    scales = layer_scales(architecture)
    if architecture.width <= _NARROW and scales.interlayer and scales.skip_share > 0 and scales.branch_share > 0:
        warnings.append(
            f"at width {architecture.width} the expansion in 1/width fails for a residual network: at width 20 and "
            "equal scales the variance of the log-norm was measured 28 % (depth 20) and 41 % (depth 50) above this "
            "prediction"
        )
    death = death_probability(architecture)
    if death > _TOLERATED_DEATH:
        warnings.append(
            f"{100 * death:.3g} % of such networks are dead; statistics leave them out, which this limit does not "
            "know of (exact does)"
        )
    return tuple(warnings)


def _variance_warnings(architecture: Architecture) -> list[str]:
    """Warn for each log-norm whose variance is off by more than 5 %, if every other part of it is exact."""
    hidden, output = hidden_log_norm(architecture), output_log_norm(architecture)
    exact_part = {"log_norm_hidden": 0.0, "log_squared_norm": LogChiSquare(architecture.output_dim).variance}
    warnings = []
    for name, log_norm in (("log_norm_hidden", hidden), ("log_squared_norm", output)):
        coefficient = _coefficient(architecture, log_norm)
        error = coefficient / architecture.width * log_norm.variance / (log_norm.variance + exact_part[name])
        if abs(error) > TOLERATED_ERROR:
            # The chi-square part's share only helps, so a width that serves without it serves.
            enough = math.floor(abs(coefficient) / TOLERATED_ERROR) + 1
            warnings.append(
                f"the true variance of {name} is about {_percent(error)} off this one at width {architecture.width}; "
                f"from width {enough} on it is under 5 %"
            )
    return warnings


def _percent(error: float) -> str:
    return f"{100 * error:+.{0 if abs(error) >= 0.095 else 1}f} %"


def _coefficient(architecture: Architecture, log_norm: LogNorm) -> float:
    return second_order_variance(layer_scales(architecture), log_norm.layers, log_norm.input_layer)
