"""States, variances and tangent kernels of finite mean-field ResNets, against their limits."""

import math

import numpy as np
import pytest
from scipy import stats

from deeplimits.architectures.particle_law import TURNING
from deeplimits.limits.mean_field_resnet import forward_limit, shared_variance, tangent_kernel_limit
from deeplimits.sampling.mean_field_resnet import final_states
from deeplimits.training.mean_field_resnet import initial_kernels

DEPTH, SIZE, NETWORKS = 5, 40, 12_000


def mean_p_value(values, claimed):
    """Return the p-value of Hotelling's test that independent rows have this mean."""
    difference = values.mean(0) - claimed
    statistic = difference @ np.linalg.solve(np.cov(values, rowvar=False) / len(values), difference)
    return float(stats.chi2.sf(statistic, len(difference)))


def variance_p_value(ends, claimed):
    """Return the p-value that normal columns have these variances, by Bonferroni."""
    moved = (ends - ends.mean(0)) ** 2
    z = (moved.mean(0) - claimed) / (moved.std(0) / math.sqrt(len(moved)))
    return float(min(1.0, 2 * (2 * stats.norm.sf(abs(z))).min()))


def states(seed, layers="independent"):
    return final_states(depth=DEPTH, particles=SIZE, num_networks=NETWORKS, layers=layers, seed=seed)


def test_the_mean_is_the_recursions_with_its_shift(verdict):
    here, limit = forward_limit(depth=DEPTH), forward_limit()
    claimed = here.state + here.mean_shift / (DEPTH * SIZE)
    verdict.accept(lambda seed: mean_p_value(states(seed), claimed))
    # Negative controls: the differential equation, whose bias of order 1/L is 0.04 here, and half of that.
    verdict.reject(lambda seed: mean_p_value(states(seed), limit.state))
    verdict.reject(lambda seed: mean_p_value(states(seed), (limit.state + here.state) / 2))


def test_the_variance_of_independent_layers(verdict):
    claimed = forward_limit(depth=DEPTH).variance.diagonal() / (DEPTH * SIZE)
    verdict.accept(lambda seed: variance_p_value(states(seed), claimed))
    # Negative control: 10 % more.
    verdict.reject(lambda seed: variance_p_value(states(seed), 1.1 * claimed))


def test_the_variance_of_shared_layers(verdict):
    claimed = shared_variance(depth=DEPTH).diagonal() / SIZE
    verdict.accept(lambda seed: variance_p_value(states(seed, "shared"), claimed))
    # Negative controls: 12 % more, and that of independent layers with M in place of LM.
    verdict.reject(lambda seed: variance_p_value(states(seed, "shared"), 1.12 * claimed))
    independent = forward_limit(depth=DEPTH).variance.diagonal() / SIZE
    verdict.reject(lambda seed: variance_p_value(states(seed, "shared"), independent))


@pytest.mark.parametrize("factor", [0.0, 1.0])
def test_the_mean_of_the_tangent_kernel(verdict, factor):
    law, points, readout = TURNING.scaled(factor), np.array([[1.0, 0.2], [-0.5, 1.3]]), np.array([0.6, -0.8])
    upper = np.triu_indices(2)

    def kernels(seed):
        drawn = initial_kernels(law, points, readout, depth=DEPTH, particles=200, num_networks=2000, seed=seed)
        return drawn[:, *upper]

    claimed = tangent_kernel_limit(law, points, readout, depth=DEPTH)[upper]
    verdict.accept(lambda seed: mean_p_value(kernels(seed), claimed))
    # Negative control: 2 % more.
    verdict.reject(lambda seed: mean_p_value(kernels(seed), 1.02 * claimed))
