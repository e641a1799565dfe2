"""The infinite-width limit: the output is a Gaussian vector."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from deeplimits.architectures import MLP, Architecture, ResNet
from deeplimits.datasets import Inputs
from deeplimits.limits.infinite_width.accuracy import warnings_for
from deeplimits.limits.infinite_width.variance_recursion import LogVariances, log_variances
from deeplimits.limits.laws import Law, LogChiSquare, PointMass
from deeplimits.limits.limit import Limit
from deeplimits.limits.prediction import Prediction, Refusal


@dataclass(frozen=True)
class InfiniteWidth(Limit):
    """Send the width to infinity at fixed depth.

    Every coordinate of a preactivation vector becomes an independent N(0, q_l) with q_0 = input_variance
    ‖x‖²/input_dim and q_{l+1} = skip_scale² q_l + branch_scale² weight_variance E φ(√q_l Z)² (an MLP: 0 and 1 for the
    two scales); the output is N(0, q_out I) with q_out = q_depth, or one more step of the recursion if it is read out
    after the activation.

    References: neal1996bayesian, chapter 2; lee2018deep, the recursion for K^l; matthews2018gaussian, main theorem.
    """

    name: ClassVar[str] = "infinite-width"
    claim: ClassVar[str] = (
        "As the width goes to infinity at fixed depth, the output is a Gaussian vector with independent "
        "coordinates: ln ‖z_out‖² = ln q_out + ln χ²(output_dim), with the variances q_0 = input_variance "
        "‖x‖²/input_dim, q_{l+1} = skip_scale² q_l + branch_scale² weight_variance E φ(√q_l Z)². The norm of a "
        "layer does not fluctuate and half of its neurons are active."
    )
    regime: ClassVar[str] = (
        "Any activation and any scales; MLP, ResNet and Balanced ResNet; width → ∞ first, so depth/width small."
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
            {
                "log_squared_norm": tuple(_output_law(architecture, last) for last in lasts),
                "log_norm_hidden": tuple(
                    PointMass(_without_rounding(last.hidden - log_input))
                    for last, log_input in zip(lasts, log_inputs, strict=True)
                ),
                "active_fraction_last": half,
                "energy_fraction_last": half,
            },
            regime=self.regime,
            accuracy=self.accuracy,
            warnings=warnings_for(architecture),
            references=self.references,
        )


def _without_rounding(value: float) -> float:
    """Return 0 for what is 0 up to rounding, as errors are judged relative to a point mass that is not 0."""
    return 0.0 if abs(value) < 1e-12 else value


def _output_law(architecture: Architecture, variances: LogVariances) -> Law:
    return LogChiSquare(architecture.output_dim, variances.output)
