"""The finite-size law of the depth flow against direct simulation in plain NumPy: one input, W φ(z) = |φ(z)| g."""

import dataclasses
import math

import numpy as np
import pytest
from scipy import special, stats

from deeplimits.architectures import BalancedResNet, ResNet, stable
from deeplimits.limits import predict

FUNCTIONS = {
    "relu": lambda z: np.maximum(z, 0),
    "leaky-relu:1,0.3": lambda z: np.where(z > 0, z, 0.3 * z),
    "tanh": np.tanh,
    "gelu": lambda z: z * special.ndtr(z),
}
SHAPE = {"depth": 5, "input_dim": 1, "weight_variance": 1.0, "branch_scale": stable(1.0)}


def mean_squares(net, networks, seed):
    """Return ‖z‖²/width of the last layer, one number per network."""
    rng = np.random.default_rng(seed)
    phi = FUNCTIONS[net.phi.name]

    def norms(vectors):
        return np.sqrt(net.weight_variance * np.mean(vectors**2, axis=1, keepdims=True) + net.bias_variance)

    z = rng.standard_normal((networks, net.width), dtype=np.float32)
    for _ in range(net.depth):
        seen = z
        if isinstance(net, BalancedResNet):
            seen = z * rng.choice(np.float32([-1, 1]), size=z.shape)
        if net.block == "two-layer":
            size = np.sqrt(np.mean(z**2, axis=1, keepdims=True) + net.bias_variance)
            seen = size * rng.standard_normal((networks, net.hidden_width), dtype=np.float32)
        fresh = rng.standard_normal(z.shape, dtype=np.float32)
        z = net.skip_scale * z + net.branch_scale * norms(phi(seen)) * fresh
    return np.mean(z.astype(np.float64) ** 2, axis=1)


def variance_p_value(net, law, seed, networks=6000):
    """Test the variance, to the V/2n = 3 % that the next order may take at width 100."""
    q = mean_squares(net, networks, seed)
    centred = (q - q.mean()) ** 2
    allowed = law.variance / law.mean**2 / 2 * law.variance
    beyond = max(0.0, abs(centred.mean() - law.variance) - allowed)
    return float(2 * stats.norm.sf(beyond / (centred.std() / math.sqrt(networks))))


NETWORKS = [
    ResNet(width=100, **SHAPE),
    ResNet(width=100, skip_scale=-1.0, activation="leaky-relu:1,0.3", **SHAPE),
    ResNet(width=100, activation="gelu", bias_variance=0.5, **SHAPE),
    BalancedResNet(width=100, activation="gelu", **SHAPE),
    ResNet(width=100, block="two-layer", hidden_width=40, activation="tanh", bias_variance=0.3, **SHAPE),
]


@pytest.mark.parametrize("net", NETWORKS, ids=str)
def test_variance(net, verdict):
    law = predict(net, limit="depth-flow")["mean_square"][-1]
    verdict.accept(lambda seed: variance_p_value(net, law, seed))


@pytest.mark.parametrize(
    ("net", "wrong"),
    [
        # Twelve layers of memory of odd parts, a hidden layer of other noise, and biases left out.
        (ResNet(width=100, **{**SHAPE, "depth": 12}), BalancedResNet(width=100, **{**SHAPE, "depth": 12})),
        (NETWORKS[4], dataclasses.replace(NETWORKS[4], bias_variance=0.15)),
        (NETWORKS[2], dataclasses.replace(NETWORKS[2], bias_variance=0.25)),
    ],
    ids=["memory", "hidden bias", "bias"],
)
def test_control_another_variance_is_seen(net, wrong, verdict):
    law = predict(wrong, limit="depth-flow")["mean_square"][-1]
    verdict.reject(lambda seed: variance_p_value(net, law, seed, networks=20_000))


def mean_p_value(net, mean, seed, networks):
    """Test the mean, to the (shift/n)² that the next order may take."""
    q = mean_squares(net, networks, seed)
    return float(2 * stats.norm.sf(abs(q.mean() - mean) / (q.std() / math.sqrt(networks))))


@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_shift_of_the_mean_at_small_widths(activation, verdict):
    net = ResNet(width=20, activation=activation, **{**SHAPE, "depth": 6})
    law = predict(net, limit="depth-flow")["mean_square"][-1]
    verdict.accept(lambda seed: mean_p_value(net, law.mean, seed, 400_000))


def test_control_the_mean_at_infinite_width_is_not_it(verdict):
    net = ResNet(width=20, **{**SHAPE, "depth": 6})
    mean = (1 + 1 / 12) ** 6  # the shift is 0.8 % of it at this width
    verdict.reject(lambda seed: mean_p_value(net, mean, seed, 400_000))
