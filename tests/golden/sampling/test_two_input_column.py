"""Correlation of two inputs against an independent Monte Carlo column.

Provenance: float32 networks with skip_scale 1 and branch_scale² = time/depth, width = depth; mean of the cosine at the
last layer and n times its variance over networks. Checked: all 8 numbers, by `slow` but for the first row. The
column for infinite depth (0.25386, 0.45169, 0.38295) is a formula's and stands with `correlation_flow`.
"""

import math

import pytest

from deeplimits.architectures import ResNet
from deeplimits.sampling import sample

# width = depth, first correlation, time, mean and its standard error, n variance and its standard error
COLUMN = [
    (100, 0.3, 1.0, 0.44566, 0.0006, 1.488, 0.011),
    (200, 0.3, 1.0, 0.44821, 0.0008, 1.497, 0.018),
    (100, 0.0, 1.0, 0.24796, 0.0007, 1.769, 0.012),
    (100, 0.3, 0.5, 0.37996, 0.0006, 1.209, 0.008),
]


def rows(row, networks, seed):
    size, first, time, mean, mean_error, variance, variance_error = row
    network = ResNet(width=size, depth=size, input_dim=2, skip_scale=1.0, branch_scale=math.sqrt(time / size))
    x = [[1.0, 0.0], [first, math.sqrt(1 - first**2)]]
    run = sample(network, x, num_networks=networks, observables=["correlation"], max_layers=3, seed=seed)
    assert run.matrix == "pair"
    last = run["correlation"][-1]
    name = f"n = {size}, rho {first}, time {time}"
    yield f"{name}: mean", last.mean.value, last.mean.standard_error, mean, mean_error
    spread = size * last.variance.value, size * last.variance.standard_error
    yield f"{name}: variance", *spread, variance, variance_error


def test_one_row(agree):
    agree(lambda seed: rows(COLUMN[0], 8_000, seed))


@pytest.mark.slow
def test_every_row_with_many_networks(agree):
    agree(lambda seed: [each for row in COLUMN for each in rows(row, 60_000, seed)])
