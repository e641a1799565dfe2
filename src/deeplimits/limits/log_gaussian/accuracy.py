"""How far the log-Gaussian limit is off at a width and depth, and where to be warned."""

from __future__ import annotations

import math

from deeplimits.architectures import Architecture
from deeplimits.limits.exact_moments import exact_moments
from deeplimits.limits.laws import LogChiSquare
from deeplimits.limits.layer_scales import layer_scales
from deeplimits.limits.log_gaussian.log_norm import LogNorm, hidden_log_norm, output_log_norm
from deeplimits.limits.log_gaussian.second_order import second_order_variance
from deeplimits.limits.mortality import death_probability, log_survival
from deeplimits.limits.prediction import Caution

TOLERATED_ERROR = 0.05
"""Relative error of a variance above which a prediction warns."""

_TOLERATED_DEATH = 1e-3
_MEASURED_KURTOSIS = -7.4
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


def cautions_for(architecture: Architecture) -> tuple[Caution, ...]:
    """Warn of a variance that is off by more than 5 %, of a narrow network and of networks that are dead."""
    cautions = [*_variance_cautions(architecture), *_kurtosis_cautions(architecture)]
    scales = layer_scales(architecture)
    if architecture.width <= _NARROW and scales.interlayer and scales.skip_share > 0 and scales.branch_share > 0:
        cautions.append(
            Caution(
                f"at width {architecture.width} the expansion in 1/width fails for a residual network: at width 20 and "
                "equal scales the variance of the log-norm was measured 28 % (depth 20) and 41 % (depth 50) above this "
                "prediction"
            )
        )
    death = death_probability(architecture)
    if death > _TOLERATED_DEATH:
        cautions.append(
            Caution(
                f"{100 * death:.3g} % of such networks are dead; statistics leave them out, which this limit does not "
                "know of (exact does)"
            )
        )
    return tuple(cautions)


def _variance_cautions(architecture: Architecture) -> list[Caution]:
    """Warn for each log-norm whose variance is off by more than 5 %, if every other part of it is exact."""
    hidden, output = hidden_log_norm(architecture), output_log_norm(architecture)
    exact_part = {"log_norm_hidden": 0.0, "log_squared_norm": LogChiSquare(architecture.output_dim).variance}
    cautions = []
    for name, log_norm in (("log_norm_hidden", hidden), ("log_squared_norm", output)):
        coefficient = _coefficient(architecture, log_norm)
        error = coefficient / architecture.width * log_norm.variance / (log_norm.variance + exact_part[name])
        if abs(error) > TOLERATED_ERROR:
            # The chi-square part's share only helps, so a width that serves without it serves.
            enough = math.floor(abs(coefficient) / TOLERATED_ERROR) + 1
            sentence = (
                f"the true variance of {name} is about {_percent(error)} off this one at width {architecture.width}; "
                f"from width {enough} on it is under 5 %"
            )
            # The log-norm of every layer ends in that of the last.
            cautions.append(
                Caution(sentence, ("log_norm_hidden", "log_norm") if name == "log_norm_hidden" else (name,))
            )
    return cautions


def _kurtosis_cautions(architecture: Architecture) -> list[Caution]:
    """Warn if the kurtosis of the output is off by more than 5 %."""
    error = _kurtosis_error(architecture)
    if abs(error) <= TOLERATED_ERROR:
        return []
    said = f"about {_percent(error)} off this one" if error > -0.9 else "less than a tenth of this one"
    sentence = (
        f"the true output_kurtosis is {said} at depth/width = {architecture.depth_width_ratio:.3g}: the log-norm is "
        "not quite Gaussian and its tail decides; the error grows as depth/width², and so does that of an estimate of "
        "it from samples"
    )
    return [Caution(sentence, ("output_kurtosis",))]


def _kurtosis_error(architecture: Architecture) -> float:
    """Return (true/predicted) − 1 of the kurtosis: from the exact one where known, else as measured.

    Measured for ReLU, a² = ½ and d ≥ 20: ln(true/predicted) = −40 d/n², which is −7.4 β/n, β = Var L = 5.44 d/n.
    """
    beta, moments = output_log_norm(architecture).variance, exact_moments(architecture)
    if moments is not None:
        # Dead networks have a warning of their own.
        return math.expm1(min(moments.log_kurtosis_factor - log_survival(architecture) - beta, 1.0))
    return math.expm1(_MEASURED_KURTOSIS * layer_scales(architecture).asymmetry ** 2 * beta / architecture.width)


def _percent(error: float) -> str:
    return f"{100 * error:+.{0 if abs(error) >= 0.095 else 1}f} %"


def _coefficient(architecture: Architecture, log_norm: LogNorm) -> float:
    return second_order_variance(layer_scales(architecture), log_norm.layers, log_norm.input_layer)
