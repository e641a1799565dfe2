"""The SDE fitted to a few networks, against many fresh networks of the same law."""

import functools
import math

import numpy as np
from scipy import stats

from deeplimits.limits.weight_flow import implied_sde
from deeplimits.training.deep_resnet import hidden_states
from deeplimits.weights import LayerWeights
from deeplimits.weights.laws import planted_rough

WIDTH, DEPTH, FITTED, FRESH = 4, 32, 8, 400
INPUTS = np.eye(WIDTH)[:1]


def network(seed):
    """Return tanh layers with rough weights and biases, and a drift; ReLU layers would have no mean here."""
    rough = planted_rough(DEPTH, (WIDTH, WIDTH + 1), exponent=0.5, seed=seed) / 2
    drift = np.concatenate([-np.eye(WIDTH) / 2, np.ones((WIDTH, 1))], axis=1) / DEPTH
    both = rough + drift
    return LayerWeights(both[..., :-1], bias=both[..., -1])


@functools.cache
def logarithms(seed):
    """Return ln of the square displacement of sampled paths and of fresh networks."""
    fitted = [network(1000 * seed + i) for i in range(FITTED)]
    paths = implied_sde(fitted, INPUTS, activation="tanh", paths=FRESH, seed=seed).square_displacement()
    moved = []
    for number in range(FITTED, FITTED + FRESH):
        one = network(1000 * seed + number)
        *_, last = hidden_states(INPUTS, one.weight, bias=one.bias, activation="tanh")
        moved.append(np.sum((last - INPUTS) ** 2, axis=1).mean())
    return np.log(paths), np.log(moved)


def test_paths_and_networks_have_one_law(verdict):
    verdict.accept(lambda seed: stats.ks_2samp(*logarithms(seed % 10**6)).pvalue)


def test_it_would_see_noise_that_is_a_third_larger(verdict):
    def p_value(seed):
        paths, moved = logarithms(seed % 10**6)
        return stats.ks_2samp(paths + 2 * math.log(4 / 3), moved).pvalue

    verdict.reject(p_value)
