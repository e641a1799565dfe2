import math

import numpy as np
import pytest

from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.limits import predict


def sines(net, x):
    return predict(net, x, limit="infinite-width")["log_sine"].mean


@pytest.mark.parametrize("kind", [MLP, ResNet, BalancedResNet])
@pytest.mark.parametrize("second", [[0.3, 2.0], [-0.9, 0.2]])
def test_sine_and_cosine_are_of_one_angle(kind, second):
    net = kind(width=10, depth=6, input_dim=2, activation="leaky-relu:1,0.1")
    prediction = predict(net, [[2.0, 0.0], second], limit="infinite-width")
    squares = np.exp(2 * np.array(prediction["log_sine"].mean)) + np.square(prediction["correlation"].mean)
    np.testing.assert_allclose(squares, 1, rtol=1e-13)
    assert prediction["log_sine"].variance == [0.0] * len(squares)


@pytest.mark.parametrize("angle", [1e-11, math.pi - 1e-9])
def test_a_linear_network_keeps_every_angle(angle):
    net = ResNet(width=10, depth=8, input_dim=2, activation="identity")
    values = sines(net, [[1.0, 0.0], [math.cos(angle), math.sin(angle)]])
    np.testing.assert_allclose(values, math.log(math.sin(angle)), rtol=1e-7)


def test_a_small_angle_shrinks_by_a_third_of_itself_squared():
    # ρ_{l+1} = ρ_l + (sin θ − θ cos θ)/π, so θ_{l+1} = θ_l (1 − θ_l/3π) at leading order.
    first, second = sines(MLP(width=10, depth=2, input_dim=2), [[1.0, 0.0], [1.0, 1e-6]])
    assert second - first == pytest.approx(-1e-6 / (3 * math.pi), rel=1e-3)


def test_where_the_angle_is_not_known_nothing_is_said():
    straight = [[1.0, 2.0], [-2.0, -4.0]]
    assert "log_sine" not in predict(MLP(width=10, depth=2, input_dim=2), straight, limit="infinite-width")
    smooth = MLP(width=10, depth=2, input_dim=2, activation="tanh")
    assert "log_sine" not in predict(smooth, np.eye(2), limit="infinite-width")
