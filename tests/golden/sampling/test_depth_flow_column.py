"""Stable residual networks against Monte Carlo columns computed independently, at one input and at two.

Provenance: float64 networks of weight_variance 1, skip_scale 1 and branch_scale 1/√depth at q_0 = 1, drawn with real
matrices or row by row given the Gram matrix; q is ‖z‖²/width of the last layer, e^½ its limit. Two inputs have
correlation 0.5.
"""

import math

import numpy as np
import pytest

import deeplimits as dl
from deeplimits.experiments.width_depth_commute.square_rows import mean_square_error

LIMIT = math.exp(0.5)
# width, depth, statistic, value, standard error (mean, width × variance, E (q − e^½)²)
EVERYDAY = [
    (32, 8, "mean", 1.6279, 0.0021),
    (32, 8, "scaled variance", 12.540, 0.096),
    (4096, 4, "scaled variance", 11.05, 0.33),
    (4096, 4, "mean", LIMIT - 0.0470, 0.0011),
    (4096, 4, "error", 4.905e-3, 1.2e-4),
]
SLOW = [
    *EVERYDAY,
    (32, 8, "mean", 1.6264, 0.0021),
    (32, 8, "scaled variance", 12.459, 0.093),
    (64, 4, "scaled variance", 11.215, 0.140),
    (64, 16, "scaled variance", 12.371, 0.155),
    (64, 64, "scaled variance", 13.24, 0.26),
    (64, 256, "scaled variance", 13.96, 0.52),
    (64, 256, "error", 0.218, 0.008),
    (256, 256, "scaled variance", 11.34, 0.67),
    (1024, 256, "scaled variance", 13.69, 0.98),
    (4096, 8, "scaled variance", 12.49, 0.50),
    (4096, 8, "mean", LIMIT - 0.0224, 0.0016),
    (4096, 16, "mean", LIMIT - 0.0128, 0.0021),
]


def network(width, depth, **fields):
    return dl.ResNet(width=width, depth=depth, input_dim=2, branch_scale=dl.stable(1.0), weight_variance=1.0, **fields)


def last(summary):
    return summary[len(summary) - 1]


def measured(column, seed):
    """Yield what `agree` takes: 3e8 neuron-layers for each network at most."""
    x, runs = np.array([math.sqrt(2), 0.0]), {}
    for width, depth, statistic, value, error in column:
        if (width, depth) not in runs:
            count = max(400, min(30_000, int(3e8 / width / depth)))
            run = dl.sample(
                network(width, depth), x, num_networks=count, observables=["mean_square"], seed=seed, max_layers=3
            )
            runs[width, depth] = run["mean_square"]
        summary = runs[width, depth]
        end = last(summary)
        found = {"mean": end.mean, "scaled variance": end.variance, "error": mean_square_error(summary, LIMIT)}
        estimate, factor = found[statistic], width if statistic == "scaled variance" else 1
        yield (width, depth, statistic), factor * estimate.value, factor * estimate.standard_error, value, error


@pytest.mark.parametrize(
    "column", [EVERYDAY, pytest.param(SLOW, marks=pytest.mark.slow)], ids=["everyday", "every row"]
)
def test_one_input(agree, column):
    agree(lambda seed: measured(column, seed))


@pytest.mark.slow
def test_two_inputs_and_tanh(agree):
    x = math.sqrt(2) * np.array([[1.0, 0.0], [0.5, math.sqrt(0.75)]])

    def rows(seed):
        names, settings = ["mean_square", "covariance"], {"seed": seed, "max_layers": 3}
        tanh = dl.sample(network(64, 128, activation="tanh"), x, num_networks=4000, observables=names, **settings)
        squares = last(tanh["mean_square"][0])
        yield "tanh mean", squares.mean.value, squares.mean.standard_error, 1.42594, 0.00405
        yield "tanh variance", 64 * squares.variance.value, 64 * squares.variance.standard_error, 5.134, 0.112
        both = last(tanh["covariance"]).mean
        yield "tanh covariance", both.value, both.standard_error, 0.69473, 0.00351
        relu = dl.sample(network(1024, 256), x, num_networks=400, observables=["covariance"], **settings)
        error = mean_square_error(relu["covariance"], 0.907254053)
        yield "relu covariance error", error.value, error.standard_error, 8.0e-3, 0.7e-3

    agree(rows)


@pytest.mark.slow
def test_growth_of_wide_and_deep_networks():
    # Fifty networks of width 1000 and depth 200: e^½ within 2 %; of another time of the flow it would be seen.
    x = np.array([math.sqrt(2), 0.0])
    run = dl.sample(network(1000, 200), x, num_networks=400, observables=["mean_square"], max_layers=3, seed=1)
    mean = last(run["mean_square"]).mean
    assert mean.value == pytest.approx(LIMIT, rel=0.02)
    assert abs(mean.value - math.exp(0.55)) > 4 * mean.standard_error
