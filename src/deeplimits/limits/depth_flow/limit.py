"""The depth flow: width and depth go to infinity in any order, with branches of size 1/√depth."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from deeplimits.architectures import Architecture, ResNet
from deeplimits.datasets import Inputs
from deeplimits.limits.deferred_laws import DeferredLaws
from deeplimits.limits.depth_flow.accuracy import accuracy_of, cautions_for
from deeplimits.limits.depth_flow.fluctuation import Fluctuation, fluctuation
from deeplimits.limits.depth_flow.path import flow_path
from deeplimits.limits.depth_flow.prediction import DepthFlowPrediction
from deeplimits.limits.depth_flow.scaling import refusal
from deeplimits.limits.infinite_width.second_moments import EVALUATED_RANGE
from deeplimits.limits.laws import (
    AnyLaw,
    Inversion,
    LayeredLaw,
    LogChiSquareSum,
    Normal,
    NumericalLaw,
    PointMass,
    log_chi_square,
)
from deeplimits.limits.layers import layers_of
from deeplimits.limits.limit import Limit
from deeplimits.limits.output_statistics import LARGEST_LOG, output_statistics
from deeplimits.limits.prediction import Prediction, Refusal


@dataclass(frozen=True)
class DepthFlow(Limit):
    """Send width and depth to infinity, in any order or together, with branch_scale² · depth = t fixed.

    Covariances follow a deterministic flow, see `flow_path`; about it ‖z_l‖²/width scatters by 1/√width, see
    `fluctuation`, around a mean that is O(1/depth) off.

    References: hayou2023width, the limits commute (the flow); fluctuations derived here.
    """

    name: ClassVar[str] = "depth-flow"
    claim: ClassVar[str] = (
        "With skip_scale 1 and branch_scale sqrt(t/depth), ⟨z_l(x), z_l(y)⟩/width at branch_scale² l = s has one limit "
        "q_s(x, y), whichever of width and depth goes to infinity first, or both together: q_0 = input_variance "
        "⟨x, y⟩/input_dim, dq_s(x, y)/ds = weight_variance E φ(u)φ(v) + bias_variance, (u, v) Gaussian with the "
        "covariances q_s. Neurons become independent N(0, q_s(x, x)). At finite size ‖z_l‖²/width is normal: its mean "
        "is that of infinite width, O(1/depth) from q_s, and its variance C/width; so its mean-square error is "
        "C/width + (D/depth)², 12.7089/width + (0.206/depth)² for ReLU, t = 1, weight_variance 1, q_0 = 1."
    )
    regime: ClassVar[str] = (
        "Residual networks, Balanced or not, of one or two matrices a block, with biases, any activation; skip_scale 1 "
        "or −1 and branch_scale² · depth bounded (blocks are short steps of the flow)."
    )
    accuracy: ClassVar[str] = (
        "Of one input: the mean of ‖z_l‖²/width to O(1/width²), its variance to a relative O(1/width), about 2.5/width "
        "for ReLU at t = 1, its shape to O(1/√width). What joins two inputs is the limit itself: off by O(1/depth), "
        "and scattered by O(1/√width)."
    )
    references: ClassVar[tuple[str, ...]] = ("hayou2023width",)

    def predict(self, architecture: Architecture, inputs: Inputs) -> Prediction | Refusal:
        """Return the flow and the laws about it, or why there is none for this scaling."""
        reason = refusal(architecture)
        if reason is not None:
            return Refusal(self.name, reason, self.references)
        assert isinstance(architecture, ResNet), "others are refused"
        log_inputs = [float(value) for value in np.log(inputs.squared_norms / architecture.input_dim)]
        starts = [value + math.log(architecture.input_variance) for value in log_inputs]
        try:
            if not architecture.homogeneous:
                _require_range(starts)
            known = {start: fluctuation(architecture, start) for start in dict.fromkeys(starts)}
        except ValueError as error:
            return Refusal(self.name, str(error), self.references)
        found = [known[start] for start in starts]
        return DepthFlowPrediction(
            self.name,
            architecture,
            inputs,
            _laws(architecture, inputs, log_inputs, found),
            regime=self.regime,
            accuracy=accuracy_of(architecture, found),
            cautions=cautions_for(architecture, starts, found),
            references=self.references,
        )


def _require_range(log_starts: list[float]) -> None:
    for start in log_starts:
        if abs(start) > EVALUATED_RANGE:
            raise ValueError(
                f"the variance of the first preactivations is e^{start:.3g}, beyond e^±{EVALUATED_RANGE:.0f}, where an "
                "activation that is not homogeneous cannot be evaluated"
            )


def _laws(architecture: ResNet, inputs: Inputs, log_inputs: list[float], found: list[Fluctuation]) -> DeferredLaws:
    width = architecture.width
    log_norms = tuple(_log_norm(architecture, each, log) for each, log in zip(found, log_inputs, strict=True))
    ready: dict[str, tuple[AnyLaw, ...]] = {
        "log_squared_norm": _output_laws(architecture, log_inputs, log_norms),
        "log_norm_hidden": tuple(law[-1] for law in log_norms),
        "log_norm": log_norms,
    }
    if all(np.abs(each.log_means).max() < LARGEST_LOG / 2 for each in found):
        ready["mean_square"] = tuple(_mean_square(architecture, each) for each in found)
    means = [float(each.log_means[-1] + each.scaled_shifts[-1] / width) for each in found]
    for i, each in enumerate(found):
        statistics = output_statistics(
            means[i : i + 1], math.log1p(each.scaled_variances[-1] / width), architecture.output_dim
        )
        for name, laws in statistics.items():
            ready[name] = (*ready.get(name, ()), *laws)
    deferred: dict[str, Callable[[], tuple[AnyLaw, ...]]] = {}
    if inputs.count == 2:
        deferred["correlation"] = partial(_of_pair, "correlation", architecture, inputs)
        if "mean_square" in ready:
            deferred["covariance"] = partial(_of_pair, "covariance", architecture, inputs)
    return DeferredLaws(ready, deferred)


def _of_pair(name: str, architecture: ResNet, inputs: Inputs) -> tuple[AnyLaw, ...]:
    path = flow_path(architecture, inputs)
    return (LayeredLaw(path.layers, tuple(PointMass(float(value)) for value in getattr(path, name))),)


def _mean_square(architecture: ResNet, found: Fluctuation) -> LayeredLaw:
    """Return N(q (1 + shift/n), q² variance/n) at each layer."""
    width = architecture.width
    means = np.exp(found.log_means + found.scaled_shifts / width)
    scales = np.exp(found.log_means) * np.sqrt(found.scaled_variances / width)
    laws = tuple(Normal(float(mean), float(scale)) for mean, scale in zip(means, scales, strict=True))
    return LayeredLaw(layers_of(architecture), laws)


def _log_norm(architecture: ResNet, found: Fluctuation, log_input: float) -> LayeredLaw:
    """Return the law of the logarithm, of which the mean has the second order of ln as well."""
    width = architecture.width
    means = found.log_means - log_input + (found.scaled_shifts - found.scaled_variances / 2) / width
    scales = np.sqrt(found.scaled_variances / width)
    laws = tuple(Normal(float(mean), float(scale)) for mean, scale in zip(means, scales, strict=True))
    return LayeredLaw(layers_of(architecture), laws)


def _output_laws(
    architecture: ResNet, log_inputs: list[float], log_norms: tuple[LayeredLaw, ...]
) -> tuple[NumericalLaw, ...]:
    """Return the law of normal + ln χ²(output_dim) for each input vector; one inversion serves equal variances."""
    inversions: dict[float, Inversion] = {}
    laws = []
    for log_input, log_norm in zip(log_inputs, log_norms, strict=True):
        last = log_norm[-1]
        assert last.mean is not None and last.variance is not None, "normal laws have both"
        if last.variance not in inversions:
            inversions[last.variance] = Inversion(
                LogChiSquareSum(((log_chi_square(architecture.output_dim), 1),), normal_variance=last.variance)
            )
        laws.append(NumericalLaw(inversions[last.variance], log_input + last.mean))
    return tuple(laws)
