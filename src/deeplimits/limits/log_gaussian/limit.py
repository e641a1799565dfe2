"""The log-Gaussian limit: depth and width go to infinity together."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from deeplimits.architectures import MLP, Architecture, ResNet
from deeplimits.datasets import Inputs
from deeplimits.limits.deferred_laws import DeferredLaws
from deeplimits.limits.laws import (
    AnyLaw,
    Inversion,
    Law,
    LogChiSquareSum,
    MomentsOnly,
    Normal,
    NumericalLaw,
    log_chi_square,
)
from deeplimits.limits.layer_scales import layer_scales
from deeplimits.limits.limit import Limit
from deeplimits.limits.log_gaussian.accuracy import accuracy_of, cautions_for
from deeplimits.limits.log_gaussian.activity import (
    active_variance,
    energy_variance,
    scaled_active_excess,
    scaled_energy_excess,
)
from deeplimits.limits.log_gaussian.layers import (
    active_fraction_by_layer,
    energy_fraction_by_layer,
    energy_fraction_covariance,
    fractions,
    log_norm_by_layer,
)
from deeplimits.limits.log_gaussian.log_norm import hidden_log_norm, output_log_norm
from deeplimits.limits.log_gaussian.output_moments import log_kurtosis_factor, log_output_growth
from deeplimits.limits.log_gaussian.pair_fluctuation import correlation_by_layer
from deeplimits.limits.output_statistics import output_statistics
from deeplimits.limits.prediction import Prediction, Refusal


@dataclass(frozen=True)
class LogGaussian(Limit):
    """Send depth and width to infinity at a fixed ratio, keeping every sum over layers at the finite depth.

    ln ‖z_out‖² = ln(‖x‖²/input_dim) + N(mean, variance) + ln χ²(output_dim), mean and variance by `output_log_norm`;
    ``log_norm_hidden`` is normal, as ``log_norm`` is at each layer; the activity of a layer has its mean to order 1/n
    and the variance of n independent neurons, that of two layers the covariance of their stationary paths. The
    correlation of two inputs fluctuates by O(1/√n) about its path at infinite width.

    Note:
        Leading order in 1/n at fixed depth/n; see `accuracy`.

    References: li2021future, main theorem; hanin2019products, theorem for ln of the norm (MLP).
    """

    name: ClassVar[str] = "log-gaussian"
    claim: ClassVar[str] = (
        "As depth d and width n go to infinity at fixed d/n, the log-norm is Gaussian and does not concentrate: "
        "ln ‖z_out‖² = ln(input_variance ‖x‖²/input_dim) + d ln(α² + λ²) + L + ln χ²(output_dim), L ~ N(μ, β), with "
        "α = skip_scale and λ² = branch_scale² weight_variance E φ(Z)² (an MLP: α = 0, branch_scale 1). For a ReLU "
        "ResNet, a² = α²/(α² + λ²) and b² = 1 − a²: n β = 2 + d(5b⁴ + 4a²b²) + 2b⁴ Σ_{k<d} (d − k) K(a^k) and n μ = "
        "−1 − d(5b⁴ + 4a²b²)/2 − 2b⁴ Σ_{k<d} (d − k) a^k A(a^k), where K(r) = E[u|u|v|v|] and A(r) = E|uv| at "
        "correlation r. A Balanced ResNet has no sums over pairs of layers; a ReLU MLP has n β = 5d, n μ = −5d/2. In a "
        "ResNet with α > 0 fewer than half of the neurons are active, by an amount of order 1/n. An output coordinate "
        "has E z⁴/(E z²)² = 3 e^β."
    )
    regime: ClassVar[str] = (
        "ReLU and leaky ReLU; MLP, ResNet and Balanced ResNet at any scales, stable ones (λ² of order 1/depth) "
        "included, as the sums are those of the finite depth; width → ∞ at fixed depth/width."
    )
    accuracy: ClassVar[str] = (
        "The relative error of the variance of the log-norm is about c/width at every depth/width: c up to 8 in a "
        "deep ResNet (5 % at width 150), 3.7 in a ReLU MLP, under 2 in a Balanced ResNet. Its mean is off by about "
        "3/width of itself. At width 20 and below a ResNet's variance is low by a quarter and more: sample instead. "
        "The kurtosis of the output is too large by over 5 % from depth width²/800 (ResNet), /240 (ReLU MLP) or /50 "
        "(Balanced) on."
    )
    references: ClassVar[tuple[str, ...]] = ("li2021future", "hanin2019products")

    def predict(self, architecture: Architecture, inputs: Inputs) -> Prediction | Refusal:
        """Return the log-Gaussian laws, or why there are none for this activation."""
        if not isinstance(architecture, (MLP, ResNet)):
            return Refusal(self.name, f"no theorem is known for {type(architecture).__name__}", self.references)
        if architecture.phi.slopes is None:
            return Refusal(self.name, _smooth(architecture), self.references)
        if architecture.extensions:
            return Refusal(self.name, _extended(architecture), self.references)
        log_inputs = [float(value) for value in np.log(inputs.squared_norms / architecture.input_dim)]
        hidden = hidden_log_norm(architecture)
        activity = _activity(architecture, hidden.layers)
        return Prediction(
            self.name,
            architecture,
            inputs,
            DeferredLaws(
                {
                    "log_squared_norm": _output_laws(architecture, log_inputs),
                    "log_norm_hidden": (Normal(hidden.mean, math.sqrt(hidden.variance)),) * inputs.count,
                    "active_fraction_last": (activity[0],) * inputs.count,
                    "energy_fraction_last": (activity[1],) * inputs.count,
                    **output_statistics(
                        [value + log_output_growth(architecture) for value in log_inputs],
                        log_kurtosis_factor(architecture),
                        architecture.output_dim,
                    ),
                },
                _by_layer(architecture, inputs),
            ),
            regime=self.regime,
            accuracy=accuracy_of(architecture),
            cautions=cautions_for(architecture),
            references=self.references,
        )


def _output_laws(architecture: Architecture, log_inputs: list[float]) -> tuple[Law, ...]:
    """Return the law of normal + ln χ²(output_dim) for each input vector; one inversion serves all."""
    output = output_log_norm(architecture)
    summed = LogChiSquareSum(((log_chi_square(architecture.output_dim), 1),), normal_variance=output.variance)
    inversion = Inversion(summed)
    return tuple(NumericalLaw(inversion, log_input + output.mean) for log_input in log_inputs)


def _activity(architecture: Architecture, layers: int) -> tuple[Law, Law]:
    """Return the moments of the active fraction and of the energy fraction."""
    scales, width = layer_scales(architecture), architecture.width
    active, energy = fractions(
        np.array([scaled_active_excess(scales, layers), scaled_energy_excess(scales, layers)]), width
    )
    return (
        MomentsOnly(float(active), active_variance(width)),
        MomentsOnly(float(energy), energy_variance(scales, width, layers)),
    )


def _by_layer(architecture: Architecture, inputs: Inputs) -> dict[str, Callable[[], tuple[AnyLaw, ...]]]:
    """Return what is to be worked out on demand; what has one input is the same for every input vector."""
    functions: dict[str, Callable[[Architecture], AnyLaw]] = {
        "log_norm": log_norm_by_layer,
        "active_fraction": active_fraction_by_layer,
        "energy_fraction": energy_fraction_by_layer,
        "energy_fraction_covariance": energy_fraction_covariance,
    }
    deferred = {name: partial(_repeated, function, architecture, inputs.count) for name, function in functions.items()}
    if inputs.count != 2:
        return {**deferred}
    return {**deferred, "correlation": partial(_correlation, architecture, inputs)}


def _correlation(architecture: Architecture, inputs: Inputs) -> tuple[AnyLaw, ...]:
    return (correlation_by_layer(architecture, inputs),)


def _repeated(function: Callable[[Architecture], AnyLaw], architecture: Architecture, count: int) -> tuple[AnyLaw, ...]:
    return (function(architecture),) * count


def _smooth(architecture: Architecture) -> str:
    return (
        "the log-Gaussian limit needs a piecewise linear activation with its kink at 0, such as relu or "
        f"leaky-relu:1,0.1; {architecture.phi.name} is not, so its fluctuations depend on the variance at each layer "
        "and, in this limit, call for an activation shaped with the width; infinite-width covers it"
    )


def _extended(architecture: Architecture) -> str:
    return (
        "the log-Gaussian limit is worked out for one matrix a block, without biases or normalization; this network "
        f"has {' and '.join(architecture.extensions)}; infinite-width covers it"
    )
