"""Predictions against direct simulation in plain NumPy, sharing no code with the sampler."""

import math

import numpy as np
import pytest
from scipy import stats

from deeplimits.activations import leaky_relu
from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.limits import predict


def simulate(architecture, networks, seed):
    """Return z_out norms and last preactivations of networks that are not dead, drawing W φ(z) as ‖φ(z)‖ g."""
    rng = np.random.default_rng(seed)
    width, weight = architecture.width, architecture.weight_variance
    up, down = architecture.phi.slopes
    residual = isinstance(architecture, ResNet)
    skip, branch = (architecture.skip_scale, architecture.branch_scale) if residual else (0.0, 1.0)

    def phi(z):
        return up * np.maximum(z, 0) + down * np.minimum(z, 0)

    z = math.sqrt(architecture.input_variance / architecture.input_dim) * rng.normal(size=(networks, width))
    for _ in range(architecture.depth if residual else architecture.depth - 1):
        signs = rng.choice([-1.0, 1.0], size=z.shape) if isinstance(architecture, BalancedResNet) else 1.0
        norms = np.sqrt(weight / width) * np.linalg.norm(phi(signs * z), axis=1, keepdims=True)
        z = skip * z + branch * norms * rng.normal(size=z.shape)
    read = np.linalg.norm(z, axis=1) if residual else np.sqrt(weight) * np.linalg.norm(phi(z), axis=1)
    outputs = read[:, None] / math.sqrt(width) * rng.normal(size=(networks, architecture.output_dim))
    alive = read > 0
    return np.sum(outputs[alive] ** 2, axis=1), z[alive]


EXACT = [
    MLP(width=3, depth=4, output_dim=2),
    MLP(width=30, depth=1, output_dim=1),
    ResNet(width=4, depth=3, skip_scale=0.0, output_dim=3),
    ResNet(width=5, depth=6, activation="identity", skip_scale=-0.9, branch_scale=0.4),
    BalancedResNet(width=5, depth=6, activation=leaky_relu(1.0, -1.0)),
    MLP(width=6, depth=3, activation=leaky_relu(0.0, 2.0), weight_variance=0.7),
]


@pytest.mark.parametrize("architecture", EXACT, ids=str)
def test_exact_laws_are_exact(architecture, verdict):
    prediction = predict(architecture, limit="exact")
    scale = architecture.width / architecture.input_dim

    def p_value(seed):
        norms, z = simulate(architecture, 20_000, seed)
        hidden = np.log(np.sum(z**2, axis=1) / scale)
        energy = np.sum(np.maximum(z, 0) ** 2, axis=1) / np.sum(z**2, axis=1)
        values = [
            stats.kstest(np.log(norms), prediction["log_squared_norm"].cdf).pvalue,
            stats.kstest(hidden, prediction["log_norm_hidden"].cdf).pvalue,
        ]
        for name, sample in (("active_fraction_last", np.mean(z > 0, axis=1)), ("energy_fraction_last", energy)):
            values.append(moments_p_value(sample, prediction[name]))
        return 4 * min(values)

    verdict.accept(p_value)


def moments_p_value(sample, law, variance_too=True):
    """Bonferroni-combined p-value of the sample's mean and variance."""
    count, centred = sample.size, sample - law.mean
    scores = [centred.mean() / (sample.std() / math.sqrt(count))]
    if variance_too:
        scores.append((np.mean(centred**2) - law.variance) / (np.std(centred**2) / math.sqrt(count)))
    return min(1.0, len(scores) * min(2 * stats.norm.sf(abs(score)) for score in scores))


@pytest.mark.parametrize(
    ("architecture", "wrong"),
    [
        # The smallest mistakes of convention: one layer too many, a weight variance 2.5 % off …
        (MLP(width=30, depth=10, output_dim=50), MLP(width=30, depth=11, output_dim=50)),
        (MLP(width=30, depth=10, output_dim=50), MLP(width=30, depth=10, output_dim=50, weight_variance=2.05)),
        # … and a readout that sees the preactivations instead of the activation.
        (
            MLP(width=30, depth=10, output_dim=50),
            ResNet(width=30, depth=9, skip_scale=0.0, branch_scale=1.0, output_dim=50),
        ),
        # Dead networks counted in: a layer's mean without B ≥ 1 does not exist, so a width is off by one.
        (MLP(width=4, depth=4), MLP(width=5, depth=4)),
    ],
    ids=["depth", "weight_variance", "readout", "width"],
)
def test_control_a_wrong_convention_is_seen(architecture, wrong, verdict):
    law = predict(wrong, limit="exact")["log_squared_norm"]
    verdict.reject(lambda seed: stats.kstest(np.log(simulate(architecture, 20_000, seed)[0]), law.cdf).pvalue)


LEAKY = [
    ResNet(width=200, depth=4, activation=leaky_relu(1.0, 0.4), input_dim=1, output_dim=1),
    ResNet(width=200, depth=3, activation=leaky_relu(0.2, 1.0), skip_scale=0.9, branch_scale=0.4, input_dim=1),
    ResNet(width=200, depth=3, activation=leaky_relu(1.0, -0.5), skip_scale=-0.7, branch_scale=0.7, input_dim=1),
]


def activity_p_value(architecture, prediction, seed):
    """Test the means of both activities; antithetic pairs of networks cancel most of their noise.

    W φ(z) is drawn as ‖φ(z)‖ g; with −g throughout, every preactivation changes its sign up to terms of order 1/√n.
    """
    rng = np.random.default_rng(seed)
    width, pairs = architecture.width, 4000
    up, down = architecture.phi.slopes
    z = rng.normal(size=(pairs, width))
    both = [z, -z]
    for _ in range(architecture.depth):
        g = rng.normal(size=(pairs, width))
        for index, sign in enumerate((1, -1)):
            z = both[index]
            values = up * np.maximum(z, 0) + down * np.minimum(z, 0)
            norms = math.sqrt(architecture.weight_variance / width) * np.linalg.norm(values, axis=1, keepdims=True)
            both[index] = architecture.skip_scale * z + architecture.branch_scale * norms * sign * g
    energies = [np.sum(np.maximum(z, 0) ** 2, axis=1) / np.sum(z**2, axis=1) for z in both]
    actives = [np.mean(z > 0, axis=1) for z in both]
    p_values = []
    for name, (one, other) in (("energy_fraction_last", energies), ("active_fraction_last", actives)):
        mean = (one + other) / 2
        score = (mean.mean() - prediction[name].mean) / (mean.std() / math.sqrt(pairs))
        p_values.append(2 * stats.norm.sf(abs(score)))
    return 2 * min(p_values)


@pytest.mark.parametrize("architecture", LEAKY, ids=str)
def test_activity_with_leaky_slopes(architecture, verdict):
    prediction = predict(architecture, limit="log-gaussian")
    verdict.accept(lambda seed: activity_p_value(architecture, prediction, seed))


@pytest.mark.parametrize("architecture", LEAKY[:1], ids=str)
def test_control_a_second_factor_of_asymmetry_is_seen(architecture, verdict):
    # γ instead of γ² (or back) is the mistake to make: slopes for which γ is what γ² was.
    up, down = architecture.phi.slopes
    gamma = ((up**2 - down**2) / (up**2 + down**2)) ** 2
    wrong = leaky_relu(math.sqrt(1 + gamma), math.sqrt(1 - gamma))
    other = ResNet(width=200, depth=architecture.depth, activation=wrong, input_dim=1, output_dim=1)
    prediction = predict(other, limit="log-gaussian")
    verdict.reject(lambda seed: activity_p_value(architecture, prediction, seed))


WIDE = [
    ResNet(width=400, depth=5, input_dim=1),
    BalancedResNet(width=400, depth=5, activation=leaky_relu(1.0, 0.3), input_dim=1),
    MLP(width=400, depth=4, activation=leaky_relu(1.0, 0.3), input_dim=1),
]


def log_norm_p_value(architecture, law, seed, networks=6000):
    z = simulate(architecture, networks, seed)[1]
    hidden = np.log(np.sum(z**2, axis=1) / architecture.width)
    return moments_p_value(hidden, law)


@pytest.mark.parametrize("architecture", WIDE, ids=str)
def test_log_norm_of_wide_networks(architecture, verdict):
    law = predict(architecture, limit="log-gaussian")["log_norm_hidden"]
    verdict.accept(lambda seed: log_norm_p_value(architecture, law, seed))


def test_control_the_balanced_variance_is_not_the_vanilla_one(verdict):
    law = predict(BalancedResNet(width=400, depth=5, input_dim=1), limit="log-gaussian")["log_norm_hidden"]
    verdict.reject(lambda seed: log_norm_p_value(WIDE[0], law, seed))
