"""What a plan takes for the distance of a limit, against published simulations of 5·10⁵ networks.

Provenance: Kolmogorov–Smirnov distances of ln ‖z_out‖² from 5·10⁵ networks to both limits, output_dim 10, equal scales,
simulated independently of this package (float32 normals, float64 statistics); their own noise is about 0.0005.
"""

import math

import pytest

from deeplimits.architectures import BalancedResNet, ResNet
from deeplimits.comparison.law_distance import ks_between
from deeplimits.comparison.planning.reference import reference_for
from deeplimits.limits import predict

RESNET = [
    (20, 5, 0.0109, 0.327),
    (20, 50, 0.0909, 0.828),
    (50, 5, 0.0044, 0.192),
    (50, 20, 0.0175, 0.434),
    (50, 200, 0.0474, 0.913),
    (100, 2, 0.0007, 0.0535),
    (100, 5, 0.0025, 0.117),
    (100, 10, 0.0054, 0.201),
    (100, 20, 0.0074, 0.310),
    (100, 100, 0.0123, 0.634),
    (100, 200, 0.0166, 0.786),
    (200, 20, 0.0038, 0.210),
    (400, 20, 0.0017, 0.132),
]
BALANCED = [(100, 20, 0.0011, 0.227), (100, 100, 0.0015, 0.530)]


@pytest.mark.parametrize(
    ("kind", "width", "depth", "log_gaussian", "infinite_width"),
    [(ResNet, *row) for row in RESNET] + [(BalancedResNet, *row) for row in BALANCED],
)
def test_the_accuracy_that_a_plan_states(
    kind: type[ResNet], width: int, depth: int, log_gaussian: float, infinite_width: float
) -> None:
    network = kind(width=width, depth=depth)
    reference = reference_for(network, None, -math.log(network.input_dim))
    found = {
        limit: ks_between(predict(network, limit=limit)["log_squared_norm"], reference.law)
        for limit in ("log-gaussian", "infinite-width")
    }
    assert abs(found["log-gaussian"] - log_gaussian) < (0.008 if width < 50 else 0.003)
    assert found["infinite-width"] == pytest.approx(infinite_width, rel=0.04)
