"""Layers, output moments and pairs of inputs against direct simulation in plain NumPy."""

import math

import numpy as np
import pytest
from scipy import stats

from deeplimits.activations import leaky_relu
from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.limits import predict

X = np.array([[1.0, 0.0, 0.0], [0.3, math.sqrt(0.91), 0.0]])


def product(vectors, rng):
    """Return W v for the two vectors v of each network: Gaussian with their Gram matrix."""
    gram = np.einsum("bni,bnj->bij", vectors, vectors)
    first = np.sqrt(gram[:, 0, 0])
    shared = gram[:, 0, 1] / np.where(first > 0, first, 1)  # a dead network stays one
    rest = np.sqrt(np.maximum(gram[:, 1, 1] - shared**2, 0))
    g = rng.normal(size=vectors.shape)
    return np.stack([g[..., 0] * first[:, None], g[..., 0] * shared[:, None] + g[..., 1] * rest[:, None]], axis=-1)


def simulate(architecture, networks, seed, separate_signs=False):
    """Return the preactivations of two inputs at every layer, shape (layers, networks, width, 2)."""
    rng = np.random.default_rng(seed)
    width, (up, down) = architecture.width, architecture.phi.slopes
    residual = isinstance(architecture, ResNet)
    skip, branch = (architecture.skip_scale, architecture.branch_scale) if residual else (0.0, 1.0)
    inputs = np.broadcast_to(X.T, (networks, 3, 2))
    scale = math.sqrt(architecture.input_variance / 3)
    factor = np.linalg.cholesky(X @ X.T)
    layers = [scale * rng.normal(size=(networks, width, 2)) @ factor.T]
    assert inputs.shape[1] == architecture.input_dim
    for _ in range(architecture.depth if residual else architecture.depth - 1):
        z, signs = layers[-1], 1.0
        if isinstance(architecture, BalancedResNet):
            signs = rng.choice([-1.0, 1.0], size=(networks, width, 1 + separate_signs))
        values = up * np.maximum(signs * z, 0) + down * np.minimum(signs * z, 0)
        layers.append(skip * z + branch * math.sqrt(architecture.weight_variance / width) * product(values, rng))
    return np.array(layers)


def p_value_of_scores(scores):
    return min(1.0, len(scores) * 2 * stats.norm.sf(max(abs(score) for score in scores)))


def moment_scores(values, mean, variance, allowance=0.0):
    """Score the sample's mean and variance; ``allowance`` is what the theory may be off by in the variance."""
    centred = values - values.mean()
    count = math.sqrt(len(values))
    spread = centred.var() - variance
    spread = math.copysign(max(0.0, abs(spread) - allowance * variance), spread)
    return [
        (values.mean() - mean) / (values.std() / count) if mean is not None else 0.0,
        spread / (np.std(centred**2) / count),
    ]


PAIRS = [
    ResNet(width=200, depth=5, input_dim=3),
    BalancedResNet(width=200, depth=5, input_dim=3),
    MLP(width=200, depth=5, input_dim=3),
    ResNet(width=200, depth=4, input_dim=3, skip_scale=-0.8, branch_scale=0.6, activation=leaky_relu(1.0, -0.4)),
    BalancedResNet(width=200, depth=4, input_dim=3, skip_scale=0.9, branch_scale=0.5, activation=leaky_relu(1.0, 0.2)),
]


def correlation_p_value(architecture, law, seed, **options):
    """Test the variances of the correlation at each layer, to the 4 % that the next order may take at width 200."""
    z = simulate(architecture, 6000, seed, **options)
    norms = np.sqrt(np.sum(z**2, axis=2))
    cosines = np.sum(z[..., 0] * z[..., 1], axis=2) / (norms[..., 0] * norms[..., 1])
    # The mean lacks a term of order 1/n, about which nothing is claimed but its size.
    assert np.max(np.abs(cosines.mean(axis=1) - law.mean)) < 2 / architecture.width or options
    scores = [
        moment_scores(values, None, variance, allowance=0.04)[1]
        for values, variance in zip(cosines, law.variance, strict=True)
    ]
    return p_value_of_scores(scores)


@pytest.mark.parametrize("architecture", PAIRS, ids=str)
def test_correlation_of_two_inputs(architecture, verdict):
    law = predict(architecture, X, limit="log-gaussian")["correlation"]
    verdict.accept(lambda seed: correlation_p_value(architecture, law, seed))


def test_control_a_vanilla_variance_is_not_a_balanced_one(verdict):
    law = predict(PAIRS[1], X, limit="log-gaussian")["correlation"]
    verdict.reject(lambda seed: correlation_p_value(PAIRS[0], law, seed, separate_signs=False))


def test_control_signs_of_its_own_for_each_input_are_seen(verdict):
    law = predict(PAIRS[1], X, limit="log-gaussian")["correlation"]
    verdict.reject(lambda seed: correlation_p_value(PAIRS[1], law, seed, separate_signs=True))


COVARIANCES = [
    ResNet(width=400, depth=4, input_dim=3),
    BalancedResNet(width=400, depth=4, input_dim=3),
    MLP(width=400, depth=4, input_dim=3),
]


def covariance_p_value(architecture, values, seed):
    """Test Cov of the energy fractions of layer 1 and each layer; both inputs of a network count for half."""
    z = simulate(architecture, 5000, seed)[..., 0]
    energies = np.sum(np.maximum(z, 0) ** 2, axis=2) / np.sum(z**2, axis=2)
    centred = energies - energies.mean(axis=1, keepdims=True)
    scores = []
    for layer in range(len(z)):
        products = centred[1] * centred[layer]
        scores.append((products.mean() - values[1, layer]) / (products.std() / math.sqrt(products.size)))
    return p_value_of_scores(scores)


@pytest.mark.parametrize("architecture", COVARIANCES, ids=str)
def test_covariance_of_layers(architecture, verdict):
    values = predict(architecture, limit="log-gaussian")["energy_fraction_covariance"].values
    verdict.accept(lambda seed: covariance_p_value(architecture, values, seed))


def test_control_fresh_signs_do_not_decorrelate_the_preactivations(verdict):
    # What they do decorrelate is ‖relu(s ∘ z)‖²/‖z‖², which is another observable.
    values = predict(COVARIANCES[1], limit="log-gaussian")["energy_fraction_covariance"].values
    verdict.reject(lambda seed: covariance_p_value(COVARIANCES[1], np.diag(np.diag(values)), seed))


MOMENTS = [
    BalancedResNet(width=8, depth=2, input_dim=3, activation=leaky_relu(1.0, 0.3)),
    BalancedResNet(width=8, depth=2, input_dim=3, skip_scale=0.8, branch_scale=0.6),
    MLP(width=8, depth=2, input_dim=3, activation=leaky_relu(1.0, 0.3)),
    MLP(width=3, depth=2, input_dim=3),
]


def moments_p_value(architecture, prediction, seed):
    """Test E q and E q² of the variance q of an output coordinate given the hidden layers, over living networks."""
    z = simulate(architecture, 60_000, seed)[-1][..., 0]
    up, down = architecture.phi.slopes
    if isinstance(architecture, MLP):
        z = math.sqrt(architecture.weight_variance) * (up * np.maximum(z, 0) + down * np.minimum(z, 0))
    q = np.sum(z**2, axis=1) / architecture.width
    q = q[q > 0]
    mean = math.exp(prediction["log_output_second_moment"].mean)
    square = prediction["output_kurtosis"].mean / 3 * mean**2
    return p_value_of_scores(
        [(np.mean(q**k) - value) / (np.std(q**k) / math.sqrt(q.size)) for k, value in ((1, mean), (2, square))]
    )


@pytest.mark.parametrize("architecture", MOMENTS, ids=str)
def test_exact_moments_are_exact(architecture, verdict):
    prediction = predict(architecture, limit="exact")
    verdict.accept(lambda seed: moments_p_value(architecture, prediction, seed))


@pytest.mark.parametrize(
    ("architecture", "wrong"),
    [
        # Slopes mistaken by 0.15, a width by one, and dead networks counted in (width 4 has half as many).
        (MOMENTS[0], BalancedResNet(width=8, depth=2, input_dim=3, activation=leaky_relu(1.0, 0.0))),
        (MOMENTS[2], MLP(width=9, depth=2, input_dim=3, activation=leaky_relu(1.0, 0.3))),
        (MOMENTS[3], MLP(width=4, depth=2, input_dim=3)),
    ],
    ids=["slopes", "width", "dead"],
)
def test_control_other_moments_are_seen(architecture, wrong, verdict):
    prediction = predict(wrong, limit="exact")
    verdict.reject(lambda seed: moments_p_value(architecture, prediction, seed))
