"""The infinite-width limit: the output is a Gaussian vector."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from deeplimits.architectures import MLP, Architecture, ResNet
from deeplimits.datasets import Inputs, are_parallel
from deeplimits.limits.deferred_laws import DeferredLaws
from deeplimits.limits.infinite_width.accuracy import cautions_for
from deeplimits.limits.infinite_width.correlation import correlations_by_layer, log_sines_by_layer
from deeplimits.limits.infinite_width.variance_recursion import LogVariances, log_variances
from deeplimits.limits.laws import AnyLaw, Law, LayeredLaw, LayerPairLaw, LogChiSquare, PointMass
from deeplimits.limits.layers import layers_of
from deeplimits.limits.limit import Limit
from deeplimits.limits.output_statistics import LARGEST_LOG, output_statistics
from deeplimits.limits.prediction import Prediction, Refusal


@dataclass(frozen=True)
class InfiniteWidth(Limit):
    """Send the width to infinity at fixed depth.

    Every coordinate of a preactivation vector becomes an independent N(0, q_l) with q_0 = input_variance
    ‖x‖²/input_dim and q_{l+1} = skip_scale² q_l + branch_scale² weight_variance E φ(√q_l Z)² (an MLP: 0 and 1 for the
    two scales); the output is N(0, q_out I) with q_out = q_depth, or one more step of the recursion if it is read out
    after the activation. Biases, hidden layers and normalizations: see `layer_maps`. Two inputs: see
    `correlations_by_layer`.

    References: neal1996bayesian, chapter 2; lee2018deep, the recursion for K^l; matthews2018gaussian, main theorem.
    """

    name: ClassVar[str] = "infinite-width"
    claim: ClassVar[str] = (
        "As the width goes to infinity at fixed depth, the output is a Gaussian vector with independent "
        "coordinates: ln ‖z_out‖² = ln q_out + ln χ²(output_dim), with the variances q_0 = input_variance "
        "‖x‖²/input_dim, q_{l+1} = skip_scale² q_l + branch_scale² weight_variance E φ(√q_l Z)². Biases add "
        "bias_variance to what φ gives, a normalization puts 1 in place of q_l under φ. The norm of a "
        "layer does not fluctuate and half of its neurons are active; the correlation of two inputs follows a "
        "recursion."
    )
    regime: ClassVar[str] = (
        "Any activation and any scales; MLP, ResNet and Balanced ResNet, with biases, two-layer blocks (their "
        "hidden_width → ∞ too) or normalization; width → ∞ first, so depth/width small."
    )
    accuracy: ClassVar[str] = (
        "Errors of order depth/width, in every moment: the limit misses the variance of the log-norm, about 5 "
        "depth/width for a ReLU MLP and 5.4 depth/width for a ResNet with equal scales. See log-gaussian where "
        "depth/width is not small."
    )
    references: ClassVar[tuple[str, ...]] = ("neal1996bayesian", "lee2018deep", "matthews2018gaussian")

    def predict(self, architecture: Architecture, inputs: Inputs) -> Prediction | Refusal:
        """Return the Gaussian limit, or why an expectation it needs cannot be computed."""
        if not isinstance(architecture, (MLP, ResNet)):
            return Refusal(self.name, f"no recursion is known for {type(architecture).__name__}", self.references)
        log_inputs = [math.log(square / architecture.input_dim) for square in inputs.squared_norms]
        log_firsts = [math.log(architecture.input_variance) + log_input for log_input in log_inputs]
        try:
            variances = {first: log_variances(architecture, first) for first in dict.fromkeys(log_firsts)}
        except ValueError as error:
            return Refusal(self.name, str(error), self.references)
        half = (PointMass(0.5),) * inputs.count
        lasts = [variances[first] for first in log_firsts]
        return Prediction(
            self.name,
            architecture,
            inputs,
            DeferredLaws(
                {
                    "log_squared_norm": tuple(_output_law(architecture, last) for last in lasts),
                    "log_norm_hidden": tuple(
                        PointMass(_without_rounding(last.hidden - log_input))
                        for last, log_input in zip(lasts, log_inputs, strict=True)
                    ),
                    "active_fraction_last": half,
                    "energy_fraction_last": half,
                    **output_statistics([last.output for last in lasts], 0.0, architecture.output_dim),
                },
                _by_layer(architecture, inputs, lasts),
            ),
            regime=self.regime,
            accuracy=self.accuracy,
            cautions=cautions_for(architecture),
            references=self.references,
        )


def _by_layer(
    architecture: Architecture, inputs: Inputs, variances: list[LogVariances]
) -> dict[str, Callable[[], tuple[AnyLaw, ...]]]:
    """Return what is to be worked out on demand."""
    half = partial(_halves, architecture, inputs.count)
    deferred: dict[str, Callable[[], tuple[AnyLaw, ...]]] = {
        "log_norm": partial(_log_norms, architecture, inputs, variances),
        "active_fraction": half,
        "energy_fraction": half,
        "energy_fraction_covariance": partial(_no_covariance, architecture, inputs.count),
    }
    within = all(abs(value) < LARGEST_LOG for each in variances for value in each.layers)
    if within:
        deferred["mean_square"] = partial(_mean_squares, architecture, variances)
    if inputs.count == 2:
        deferred["correlation"] = partial(_correlation, architecture, inputs)
        if within:
            deferred["covariance"] = partial(_covariance, architecture, inputs, variances)
        # The general recursion knows ρ to 1e-12, not its gap to 1.
        if architecture.phi.slopes is not None and not architecture.extensions and not are_parallel(inputs):
            deferred["log_sine"] = partial(_log_sine, architecture, inputs)
    return deferred


def _log_norms(architecture: Architecture, inputs: Inputs, variances: list[LogVariances]) -> tuple[AnyLaw, ...]:
    log_inputs = [math.log(square / architecture.input_dim) for square in inputs.squared_norms]
    return tuple(
        _constants(architecture, [value - log_input for value in each.layers])
        for each, log_input in zip(variances, log_inputs, strict=True)
    )


def _mean_squares(architecture: Architecture, variances: list[LogVariances]) -> tuple[AnyLaw, ...]:
    return tuple(
        LayeredLaw(layers_of(architecture), tuple(PointMass(math.exp(value)) for value in each.layers))
        for each in variances
    )


def _covariance(architecture: Architecture, inputs: Inputs, variances: list[LogVariances]) -> tuple[AnyLaw, ...]:
    sizes = [math.exp((a + b) / 2) for a, b in zip(*(each.layers for each in variances), strict=True)]
    cosines = correlations_by_layer(architecture, inputs)
    laws = tuple(PointMass(size * _without_rounding(cosine)) for size, cosine in zip(sizes, cosines, strict=True))
    return (LayeredLaw(layers_of(architecture), laws),)


def _halves(architecture: Architecture, count: int) -> tuple[AnyLaw, ...]:
    return (_constants(architecture, [0.5] * len(layers_of(architecture))),) * count


def _no_covariance(architecture: Architecture, count: int) -> tuple[AnyLaw, ...]:
    layers = layers_of(architecture)
    return (LayerPairLaw(layers, np.zeros((len(layers),) * 2)),) * count


def _correlation(architecture: Architecture, inputs: Inputs) -> tuple[AnyLaw, ...]:
    return (_constants(architecture, correlations_by_layer(architecture, inputs)),)


def _log_sine(architecture: Architecture, inputs: Inputs) -> tuple[AnyLaw, ...]:
    return (_constants(architecture, log_sines_by_layer(architecture, inputs)),)


def _constants(architecture: Architecture, values: list[float]) -> LayeredLaw:
    return LayeredLaw(layers_of(architecture), tuple(PointMass(_without_rounding(value)) for value in values))


def _without_rounding(value: float) -> float:
    """Return 0 for what is 0 up to rounding, as errors are judged relative to a point mass that is not 0."""
    return 0.0 if abs(value) < 1e-12 else value


def _output_law(architecture: Architecture, variances: LogVariances) -> Law:
    return LogChiSquare(architecture.output_dim, variances.output)
