"""Intervals hold what they say, on data drawn from the process itself."""

import numpy as np
import pytest
from scipy import stats

from deeplimits.architectures import ResNet
from deeplimits.gp import NNGPRegressor
from deeplimits.kernels import nngp

NET = ResNet(width=10, depth=4, input_dim=3, bias_variance=0.2)
TRUE_NOISE, DRAWS = 0.1, 20_000


def draw(seed):
    """Return 40 training inputs with ``DRAWS`` noisy functions there, and one new input with theirs."""
    generator = np.random.default_rng(seed)
    inputs = generator.standard_normal((41, 3))
    root = np.linalg.cholesky(nngp(NET, inputs).values + 1e-12 * np.eye(41))
    functions = root @ generator.standard_normal((41, DRAWS))
    noisy = functions + np.sqrt(TRUE_NOISE) * generator.standard_normal(functions.shape)
    return inputs[:40], noisy[:40], inputs[40:], functions[40], noisy[40]


def coverage_p_value(assumed_noise, new_target):
    """Count how often an interval of 95 % holds the value of a new function or target; one draw, one function."""

    def p_value(seed):
        x, y, new, function, target = draw(seed)
        mean, std = NNGPRegressor(NET, noise=assumed_noise).fit(x, y).predict(new, return_std=True)
        deviation = np.sqrt(std[0] ** 2 + assumed_noise) if new_target else std[0]
        inside = np.abs((target if new_target else function) - mean[0]) < stats.norm.ppf(0.975) * deviation
        return stats.binomtest(int(inside.sum()), DRAWS, 0.95).pvalue

    return p_value


@pytest.mark.parametrize("new_target", [False, True], ids=["function", "target"])
def test_intervals_of_95_per_cent_hold_95_per_cent(verdict, new_target):
    verdict.accept(coverage_p_value(TRUE_NOISE, new_target))


@pytest.mark.parametrize("factor", [0.88, 1.14])
def test_a_wrong_noise_is_seen(verdict, factor):
    verdict.reject(coverage_p_value(factor * TRUE_NOISE, True))
