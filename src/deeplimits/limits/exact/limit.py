"""The exact limit: no limit at all, but the law itself, where a layer forgets everything except the norm."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np

from deeplimits.architectures import Architecture
from deeplimits.datasets import Inputs
from deeplimits.limits.deferred_laws import DeferredLaws
from deeplimits.limits.exact.activity import active_fraction, energy_fraction
from deeplimits.limits.exact.chi_square_network import ChiSquareNetwork, NotAProductError, chi_square_network
from deeplimits.limits.exact.layers import (
    active_fraction_by_layer,
    energy_fraction_by_layer,
    energy_fraction_covariance,
    knows_covariance,
    log_norm_by_layer,
)
from deeplimits.limits.exact.product_law import product_laws
from deeplimits.limits.exact_moments import ExactMoments, exact_moments
from deeplimits.limits.laws import AnyLaw, log_chi_square
from deeplimits.limits.limit import Limit
from deeplimits.limits.mortality import death_probability
from deeplimits.limits.output_statistics import output_statistics
from deeplimits.limits.prediction import Prediction, Refusal


@dataclass(frozen=True)
class Exact(Limit):
    """Give the exact law of a network whose squared norm is a product of independent factors.

    A ReLU MLP: ‖z_out‖² = (input_variance ‖x‖²/input_dim) Π_{l<depth} (weight_variance χ²_{B_l}/n) · χ²(output_dim),
    B_l ~ Bin(n, ½) independent, B_l ≥ 1 as statistics are conditional on networks that are not dead. Likewise ReLU
    residual networks without skip connection, any residual network without branch, and any network with |φ(z)| = s|z|,
    whose factors are (noncentral) χ². Of Balanced ResNets and leaky MLPs the second and fourth moments of the output.

    Note:
        Exact; the law by Fourier inversion of E ‖·‖^{2it}, to the `numerical_error` of each law, below 1e-9.

    References: hanin2019products, the norm of a ReLU network as a product (rederived).
    """

    name: ClassVar[str] = "exact"
    claim: ClassVar[str] = (
        "At every width n and depth, ln ‖z_out‖² of a ReLU MLP is a sum of independent terms: ln(input_variance "
        "‖x‖²/input_dim) + Σ over depth layers of ln(weight_variance χ²_B/n), B ~ Bin(n, ½) given B ≥ 1, + ln "
        "χ²(output_dim). The whole law follows from its characteristic function; P(dead) = 1 − (1 − 2^−n)^depth. The "
        "fourth moment of an output coordinate over the square of the second is 3(1 + 5/n)^depth (1 − P(dead)); that "
        "of a Balanced ResNet follows a linear recursion of (E ‖z‖⁴, E Σ z_i⁴)."
    )
    regime: ClassVar[str] = (
        "Any width and depth, conditional on networks that are not dead. ReLU MLPs; ReLU residual networks with "
        "skip_scale = 0; any residual network with branch_scale = 0; networks with |φ(z)| = s|z|, such as linear ones. "
        "Moments of the output also for Balanced ResNets and MLPs with leaky slopes."
    )
    accuracy: ClassVar[str] = (
        "Exact; the numerical error of the cdf is bounded below 1e-9. For active fractions and "
        "energy fractions the mean and the variance are given."
    )
    references: ClassVar[tuple[str, ...]] = ("hanin2019products", "davies1973numerical")

    def predict(self, architecture: Architecture, inputs: Inputs) -> Prediction | Refusal:
        """Return the exact laws, or why the norm of a layer does not determine that of the next."""
        log_inputs = [float(value) for value in np.log(inputs.squared_norms / architecture.input_dim)]
        moments = exact_moments(architecture)
        statistics = _statistics(architecture, moments, log_inputs) if moments is not None else {}
        try:
            network = chi_square_network(architecture)
        except NotAProductError as error:
            if not statistics:
                return Refusal(self.name, str(error), self.references)
            laws, extent = DeferredLaws(statistics, {}), f"Moments of the output only: {error}."
        else:
            laws = DeferredLaws(
                {**_all_laws(architecture, network, log_inputs), **statistics},
                _by_layer(architecture, network, inputs.count),
            )
            extent = "The whole law."
        return Prediction(
            self.name,
            architecture,
            inputs,
            laws,
            regime=self.regime,
            accuracy=f"Exact, to a numerical error below 1e-9. {extent} {_mortality(architecture)}",
            references=self.references,
        )


def _statistics(
    architecture: Architecture, moments: ExactMoments, log_inputs: list[float]
) -> dict[str, tuple[AnyLaw, ...]]:
    return output_statistics(
        [value + moments.log_growth for value in log_inputs], moments.log_kurtosis_factor, architecture.output_dim
    )


def _all_laws(
    architecture: Architecture, network: ChiSquareNetwork, log_inputs: list[float]
) -> dict[str, tuple[AnyLaw, ...]]:
    """Return the laws of what is one number per network."""
    width, count = architecture.width, len(log_inputs)
    log_scale = math.log(architecture.input_variance)
    last = log_chi_square(width, float(width))
    output = log_chi_square(architecture.output_dim)
    # An MLP's readout sees the activation, whose norm is the last factor's; a linear one sees the norm itself.
    through = () if network.output_layers > network.hidden_layers else (last,)
    return {
        "log_squared_norm": product_laws(
            network, network.output_layers, (*through, output), [log_scale + value for value in log_inputs]
        ),
        "log_norm_hidden": product_laws(network, network.hidden_layers, (last,), [log_scale] * count),
        "active_fraction_last": (active_fraction(width, network.active_sign),) * count,
        "energy_fraction_last": (energy_fraction(width, network.active_sign),) * count,
    }


def _by_layer(
    architecture: Architecture, network: ChiSquareNetwork, count: int
) -> dict[str, Callable[[], tuple[AnyLaw, ...]]]:
    """Return what is to be worked out on demand; it is the same for every input vector."""
    functions: dict[str, Callable[[], AnyLaw]] = {
        "log_norm": partial(log_norm_by_layer, architecture, network),
        "active_fraction": partial(active_fraction_by_layer, architecture),
        "energy_fraction": partial(energy_fraction_by_layer, architecture),
    }
    if knows_covariance(architecture):
        functions["energy_fraction_covariance"] = partial(energy_fraction_covariance, architecture)
    return {name: partial(_repeated, function, count) for name, function in functions.items()}


def _repeated(function: Callable[[], AnyLaw], count: int) -> tuple[AnyLaw, ...]:
    return (function(),) * count


def _mortality(architecture: Architecture) -> str:
    """Say how many networks the law leaves out."""
    probability = death_probability(architecture)
    if probability == 0:
        return "No network is dead."
    return f"Conditional on networks that are not dead: a network is dead with probability {probability:.3g}."
