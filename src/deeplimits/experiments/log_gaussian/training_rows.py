"""Rows about training: the logarithms of the loss and of the gradient's norm, over seeds, along gradient descent."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.experiments.log_gaussian.network import network_of
from deeplimits.experiments.log_gaussian.row import Row, row
from deeplimits.statistics import Estimate, Moments

if TYPE_CHECKING:
    from deeplimits.architectures import ResNet
    from deeplimits.datasets import LabelledData

TRAINED_STEPS = 16
"""The step after which losses are compared."""

_STEPS = (0, 1, 2, 4, 8, TRAINED_STEPS, 32, 64)
_TEST_SIZE = 10  # of inputs that training asks for and nothing is read from


def training_rows(fields: Mapping[str, Any]) -> Iterator[Row]:
    """Train a cell's network from many initial weights by full-batch gradient descent and yield a row per number.

    Means and standard deviations are over the seeds that did not diverge; how many did is in every row. Beside the
    standard deviation of ln ‖∇loss‖ before the first step stands half that of ln ‖z_depth‖² in the log-Gaussian limit:
    what ‖z_depth‖ has by forward passes, the gradient has by a forward and a backward pass through the same blocks. It
    is not a prediction of the gradient, which also has the error at the output and a mean over inputs in it; but these
    are the same in vanilla and Balanced networks to leading order, so that the ratio of both is one.
    """
    from deeplimits.limits import predict
    from deeplimits.parametrizations import TrainingSetup
    from deeplimits.training import train

    network, data = network_of(fields), _data(fields["data"], fields["train_size"])
    setup = TrainingSetup(learning_rate=learning_rate(network), steps=fields["steps"])
    # The public seed, so that `train` trains the same networks.
    run = train(
        network,
        data,
        setup,
        seeds=fields["num_networks"],
        seed=fields["seed"],
        kernel_inputs=0,
        decomposition=False,
        gradient_norm=True,
    )
    about = {"learning_rate": setup.learning_rate, "diverged": run.num_diverged, "origin": str(data)}
    variance = predict(network, limit="log-gaussian")["log_norm_hidden"].variance
    for observable, path in (("log_train_loss", run.train_loss), ("log_gradient_norm", run.gradient_norm)):
        for step in (step for step in _STEPS if step < path.shape[1]):
            moments = _moments_of_logarithm(path[run.finite, step])
            yield {**row(observable, "mean", moments.mean, {}, step=step), **about}
            gradient_at_start = observable == "log_gradient_norm" and step == 0
            said = {"log-gaussian": math.sqrt(variance) / 2} if gradient_at_start else {}
            yield {**row(observable, "standard_deviation", _deviation(moments), said, step=step), **about}


def learning_rate(network: ResNet) -> float:
    """Return 4/Θ, the largest learning rate at which gradient descent is stable at infinite width.

    Θ = input_dim + width (1 + depth/2) is the tangent kernel's diagonal there, of ReLU networks with α² + λ² = 1 and
    effective weights, at inputs of squared norm input_dim: from input weights, readout and blocks. The cross-entropy's
    second derivative by the logits is at most 1/2, and steps are stable up to 2 over the product of both.

    >>> from deeplimits.experiments.log_gaussian.network import DEFAULTS
    >>> 4 / learning_rate(network_of({**DEFAULTS, "width": 20, "depth": 10, "data": "digits"}))
    184.0
    """
    return 4 / (network.input_dim + network.width * (1 + network.depth / 2))


def _moments_of_logarithm(values: Float64Array) -> Moments:
    with np.errstate(divide="ignore"):
        logarithms = np.log(values)
    return Moments.from_values(logarithms[np.isfinite(logarithms)])


def _deviation(moments: Moments) -> Estimate:
    """Return the standard deviation, with its error by the delta method."""
    variance = moments.variance
    root = math.sqrt(variance.value)
    return Estimate(root, variance.standard_error / (2 * root) if root > 0 else math.inf, variance.count)


@lru_cache(maxsize=1)
def _data(name: str, train_size: int) -> LabelledData:
    from deeplimits.datasets import load_data

    return load_data(name, train_size=train_size, test_size=_TEST_SIZE)
