"""Golden numbers of the notes: G1, G2, G10, G11 and G12, all through the public functions."""

import numpy as np
import pytest

from deeplimits.architectures import MLP, DenseNet, ResNet, stable
from deeplimits.kernels import nngp, nngp_and_ntk

# ‖x‖² = input_dim, so q_0 = 1; correlation ½ and 0.
HALF = np.sqrt(2) * np.array([[1.0, 0.0], [0.5, np.sqrt(0.75)]])
ORTHOGONAL = np.sqrt(2) * np.eye(2)


def hayou_yang(activation: str = "relu") -> ResNet:
    return ResNet(width=10, depth=4, input_dim=2, weight_variance=1, activation=activation, branch_scale=stable(1.0))


def two_layer(depth: int) -> ResNet:
    return ResNet(width=10, depth=depth, input_dim=2, block="two-layer", branch_scale=stable(1.0))


@pytest.mark.parametrize(
    ("activation", "x", "variance", "covariance"),
    [
        ("relu", HALF, 1.648721271, 0.907254053),
        ("relu", ORTHOGONAL, 1.648721271, 0.233042922),
        ("tanh", HALF, 1.427899927, 0.697828371),
        ("gelu", HALF, 1.549135406, 0.800784515),
        ("erf", HALF, 1.504442313, 0.727573940),
    ],
)
def test_infinite_depth_nngp(activation: str, x: np.ndarray, variance: float, covariance: float) -> None:
    values = nngp(hayou_yang(activation), x, limit="infinite-depth").values
    np.testing.assert_allclose(values, [[variance, covariance], [covariance, variance]], rtol=2e-9)


@pytest.mark.parametrize(
    ("depth", "covariance", "tangent"),
    [(1, 0.608998, 0.942331), (3, 0.738128, 1.737845), (10, 0.897647, 4.108352)],
)
def test_mlp(depth: int, covariance: float, tangent: float) -> None:
    first, second = nngp_and_ntk(MLP(width=10, depth=depth, input_dim=2), HALF)
    assert first.values[0, 1] == pytest.approx(covariance, abs=6e-7)
    assert second.values[0, 1] == pytest.approx(tangent, abs=6e-7)
    assert second.values[0, 0] == pytest.approx(depth + 1, rel=1e-13)


@pytest.mark.parametrize(
    ("depth", "limit", "covariance", "tangent"),
    [
        (16, "infinite-width", 1.554333, 3.177224),
        (64, "infinite-width", 1.597352, 3.329199),
        (256, "infinite-width", 1.608719, 3.369804),
        (16, "infinite-depth", 1.612565, 3.383587),
    ],
)
def test_two_layer_resnet(depth: int, limit: str, covariance: float, tangent: float) -> None:
    # The notes leave out the readout, whose share of Θ is K.
    first, second = nngp_and_ntk(two_layer(depth), HALF, limit=limit)
    assert first.values[0, 1] == pytest.approx(covariance, abs=6e-7)
    assert (second.values - first.values)[0, 1] == pytest.approx(tangent, abs=6e-7)


def test_total_tangent_kernels_at_infinite_depth() -> None:
    values = nngp_and_ntk(two_layer(3), HALF, limit="infinite-depth")[1].values
    np.testing.assert_allclose(values[0], [10.873127, 4.996152], atol=6e-7)  # 4e
    values = nngp_and_ntk(hayou_yang(), HALF, limit="infinite-depth")[1].values
    np.testing.assert_allclose(values[0], [4.121803, 2.085873], atol=6e-7)  # 2.5 √e


@pytest.mark.parametrize(
    ("layer", "covariance", "own", "tangent"),
    [(4, 0.605468, 25 / 12, 0.963156), (16, 0.689247, 3.380729, 1.459845), (64, 0.750563, None, 1.941632)],
)
def test_dense_net(layer: int, covariance: float, own: float | None, tangent: float) -> None:
    # The notes do not train W_in. Its share of Θ is k_0 ∂K/∂k_0 at fixed lengths; k_0 is the cosine here.
    net, step = DenseNet(width=10, depth=layer - 1, input_dim=2), 1e-4
    angles = np.pi / 3 + step * np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    others = np.sqrt(2) * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    first, second = nngp_and_ntk(net, HALF[:1], others)
    slope = first.values[0] @ [1, -8, 0, 8, -1] / (12 * step) / -np.sin(np.pi / 3)
    assert first.values[0, 2] == pytest.approx(covariance, abs=6e-7)
    assert second.values[0, 2] - 0.5 * slope == pytest.approx(tangent, abs=6e-7)
    if own is not None:
        assert nngp_and_ntk(net, HALF)[1].values[0, 0] - 1 == pytest.approx(own, abs=6e-7)
