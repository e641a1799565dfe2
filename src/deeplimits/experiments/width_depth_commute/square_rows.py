"""Rows about one input: mean and variance of ‖z‖²/width, its mean-square error, and the variance of its logarithm."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from deeplimits.experiments.width_depth_commute.network import STABLE, flow_of, inputs_of, network_of
from deeplimits.experiments.width_depth_commute.row import Row, row
from deeplimits.statistics import Estimate, LayerSummary

if TYPE_CHECKING:
    from deeplimits.limits import DepthFlowPrediction


def square_rows(fields: Mapping[str, Any]) -> Iterator[Row]:
    """Sample one network with one input and yield what its last layer shows."""
    from deeplimits.limits import DepthFlowPrediction, predict
    from deeplimits.sampling import sample

    network, x, is_stable = network_of(fields), inputs_of(), fields["branch"] == STABLE
    # The public seed, so that `deeplimits sample` draws the same networks; each network has keys of its own.
    samples = sample(
        network,
        x,
        num_networks=fields["num_networks"],
        observables=["log_norm_hidden", "mean_square"] if is_stable else ["log_norm_hidden"],
        seed=fields["seed"],
        max_layers=3,
    )
    said = flow_of(network, x) if is_stable else predict(network, x, limit="log-gaussian")
    variance = samples["log_norm_hidden"].variance
    yield row("log_variance", variance, said["log_norm_hidden"].variance, infinite=0.0)
    if isinstance(said, DepthFlowPrediction):
        yield from _flow_rows(samples["mean_square"], said)


def _flow_rows(measured: LayerSummary, said: DepthFlowPrediction) -> Iterator[Row]:
    last, law, infinite = measured[len(measured) - 1], said["mean_square"][-1], float(said.path.mean_square[0, -1])
    rates, network = said.rates[0], said.architecture
    yield row("mean", last.mean, law.mean, infinite=infinite)
    yield row("variance", last.variance, law.variance, infinite=0.0, constant=rates.width_constant)
    error = (law.mean - infinite) ** 2 + law.variance
    asymptotic = rates.mean_square_error(network.width, network.depth)
    yield row("error", mean_square_error(measured, infinite), error, infinite=0.0, asymptotic=asymptotic)


def mean_square_error(summary: LayerSummary, value: float) -> Estimate:
    """Return the mean of (q − value)² at the last layer, with its standard error from the central moments of q.

    Var (q − value)² = μ_4 + 4μ_3 δ + 4μ_2 δ² − μ_2², δ = E q − value.
    """
    second, third, fourth = (float(total) / summary.count for total in summary.sums[:, -1])
    shift = float(summary.centre[-1]) - value
    scatter = fourth + 4 * third * shift + 4 * second * shift**2 - second**2
    return Estimate(second + shift**2, math.sqrt(max(scatter, 0.0) / summary.count), summary.count)
