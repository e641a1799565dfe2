"""One suite for every limit and architecture: an answer is a sound Prediction, or a Refusal that says why."""

import math

import numpy as np
import pytest

from deeplimits.activations import leaky_relu
from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.datasets import as_inputs
from deeplimits.limits import CATALOGUE, LawList, Prediction, Refusal
from deeplimits.observables import CATALOGUE as OBSERVABLES

ARCHITECTURES = [
    build(width=width, depth=depth, activation=activation, input_dim=3, output_dim=2)
    for build in (MLP, ResNet, BalancedResNet)
    for width, depth in ((1, 30), (2, 1), (100, 3))
    for activation in ("relu", leaky_relu(1.0, 0.2), "identity", "tanh", "gelu")
] + [
    ResNet(width=20, depth=5, input_dim=3, skip_scale=0.0),
    ResNet(width=20, depth=5, input_dim=3, branch_scale=0.0),
    ResNet(width=20, depth=5, input_dim=3, skip_scale=-1.0, branch_scale=0.1, weight_variance=7.0),
    BalancedResNet(width=20, depth=5, input_dim=3, skip_scale=0.0, input_variance=0.1),
    MLP(width=20, depth=100_000, input_dim=3, weight_variance=5.0),
]


@pytest.fixture(params=CATALOGUE)
def limit(request):
    return CATALOGUE[request.param]


@pytest.fixture(params=range(len(ARCHITECTURES)), ids=lambda index: f"architecture{index}")
def architecture(request):
    return ARCHITECTURES[request.param]


def test_an_answer_is_a_prediction_or_a_reason(limit, architecture):
    inputs = as_inputs(None, 3)
    answer = limit.predict(architecture, inputs)
    assert answer.limit == limit.name and answer.references == limit.references
    if isinstance(answer, Refusal):
        assert len(answer.reason) > 40 and not answer.reason.endswith(".")
        return
    assert answer.architecture is architecture and answer.inputs is inputs
    assert answer.regime and answer.accuracy and all(answer.warnings)
    assert set(answer) <= set(OBSERVABLES) and "log_squared_norm" in answer
    for name in answer:
        law = answer[name]
        assert math.isfinite(law.mean)
        assert law.variance is None or (math.isfinite(law.variance) and law.variance >= 0)
        if law.has_distribution and not law.is_point_mass:
            low, middle, high = law.quantile([0.01, 0.5, 0.99])
            assert low < middle < high
            assert low < law.mean < high
        if name.endswith("fraction_last"):
            assert 0 <= law.mean <= 1


def test_several_inputs_give_lists_in_input_order(limit, architecture):
    x = np.array([[1.0, 0.0, 0.0], [0.0, -2.0, 0.0], [1.0, 0.0, 0.0]])
    answer = limit.predict(architecture, as_inputs(x, 3))
    if isinstance(answer, Refusal):
        return
    for name in answer:
        laws = answer[name]
        assert isinstance(laws, LawList) and len(laws) == 3
        single = limit.predict(architecture, as_inputs(x[1], 3))[name]
        assert laws.mean[0] == laws.mean[2]
        assert laws.mean[1] == pytest.approx(single.mean, rel=1e-13, abs=1e-13)
        assert laws.variance[1] == single.variance


@pytest.mark.parametrize("name", CATALOGUE)
def test_an_unknown_architecture_is_refused_not_guessed(name):
    from deeplimits.architectures import Architecture

    class Ring(Architecture):
        kind = "ring"

    answer = CATALOGUE[name].predict(Ring(width=3, depth=2), as_inputs(None, 10))
    assert isinstance(answer, Refusal) and "Ring" in answer.reason


@pytest.mark.parametrize(
    ("name", "architecture"),
    [
        ("infinite-width", MLP(width=5, depth=4, activation="gelu")),
        ("log-gaussian", BalancedResNet(width=5, depth=4)),
        ("exact", MLP(width=5, depth=4)),
    ],
)
def test_each_limit_covers_what_it_says(name, architecture):
    answer = CATALOGUE[name].predict(architecture, as_inputs(None, 10))
    assert isinstance(answer, Prediction) and set(answer) == set(OBSERVABLES)
