"""One suite for every limit and architecture: an answer is a sound Prediction, or a Refusal that says why."""

import dataclasses
import math

import numpy as np
import pytest

from deeplimits.activations import leaky_relu
from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.datasets import as_inputs
from deeplimits.limits import CATALOGUE, LawList, LayeredLaw, LayerPairLaw, Prediction, Refusal
from deeplimits.observables import CATALOGUE as OBSERVABLES
from deeplimits.observables import recorded_layers

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
    MLP(width=20, depth=5, input_dim=3, bias_variance=0.2),
    ResNet(width=20, depth=5, input_dim=3, block="two-layer", hidden_width=7, activation="tanh", bias_variance=0.1),
    ResNet(width=20, depth=5, input_dim=3, normalization="layer", skip_scale=1.0, branch_scale=1.0),
    ResNet(width=9, depth=70, input_dim=3, skip_scale=1.0, branch_scale=0.1, activation="tanh", bias_variance=0.3),
    BalancedResNet(width=1, depth=1, input_dim=3, output_dim=1, skip_scale=1.0, branch_scale=1.0),
    ResNet(width=9, depth=8, input_dim=3, skip_scale=-1.0, branch_scale=0.3, block="two-layer", hidden_width=2),
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
    assert set(answer) <= set(OBSERVABLES) and "log_output_second_moment" in answer
    for name in answer:
        law, kind = answer[name], OBSERVABLES[name].kind
        if kind == "layer_pair":
            check_covariances(law)
            continue
        assert isinstance(law, LayeredLaw) == (kind == "layer")
        for single in law if kind == "layer" else (law,):
            check_law(name, single)
        if kind == "statistic":
            assert law.variance is None


def check_law(name, law):
    assert math.isfinite(law.mean)
    assert law.variance is None or (math.isfinite(law.variance) and law.variance >= 0)
    if law.has_distribution and not law.is_point_mass:
        low, middle, high = law.quantile([0.01, 0.5, 0.99])
        assert low < middle < high
        assert low < law.mean < high
    if "fraction" in name:
        assert 0 <= law.mean <= 1
    if name == "output_kurtosis":
        assert law.mean >= 3 - 1e-9
    if name == "output_square_correlation":
        assert -1e-9 <= law.mean <= 1 / 3
    if name == "correlation":
        assert -1 <= law.mean <= 1


def check_covariances(law):
    assert isinstance(law, LayerPairLaw) and law.values.shape == (len(law.layers),) * 2
    np.testing.assert_array_equal(law.values, law.values.T)
    assert np.linalg.eigvalsh(law.values).min() > -1e-12


def test_layers_are_the_recorded_ones_and_end_at_the_last(limit, architecture):
    answer = limit.predict(architecture, as_inputs(None, 3))
    for name, last in (
        ("log_norm", "log_norm_hidden"),
        ("active_fraction", "active_fraction_last"),
        ("energy_fraction", "energy_fraction_last"),
    ):
        if isinstance(answer, Refusal) or name not in answer:
            continue
        law = answer[name]
        assert law.layers == recorded_layers(architecture.depth - isinstance(architecture, MLP))
        assert law[-1].mean == pytest.approx(answer[last].mean, rel=1e-9, abs=1e-12)
        assert law[-1].variance == pytest.approx(answer[last].variance, rel=1e-9)
        if name == "energy_fraction" and "energy_fraction_covariance" in answer:
            pairs = answer["energy_fraction_covariance"]
            assert pairs.layers == law.layers
            np.testing.assert_allclose(np.diag(pairs.values), law.variance, rtol=1e-12)


def test_two_inputs_have_a_correlation_and_others_none(limit, architecture):
    x = np.array([[1.0, 0.0, 0.0], [0.6, 0.8, 0.0], [1.0, 2.0, 0.0]])
    if architecture.depth > 1000:
        architecture = dataclasses.replace(architecture, depth=1000)
    answers = [limit.predict(architecture, as_inputs(rows, 3)) for rows in (x[0], x[:1], x[:2], x)]
    if isinstance(answers[0], Refusal):
        return
    assert ["correlation" in answer for answer in answers] == [False, False, limit.name != "exact", False]
    if limit.name == "exact":
        return
    law = answers[2]["correlation"]
    common = architecture.bias_variance if isinstance(architecture, MLP) else 0.0
    first = (0.6 * architecture.input_variance / 3 + common) / (architecture.input_variance / 3 + common)
    assert law.mean[0] == pytest.approx(first, rel=1e-14)
    for single in law:
        check_law("correlation", single)


def test_several_inputs_give_lists_in_input_order(limit, architecture):
    x = np.array([[1.0, 0.0, 0.0], [0.0, -2.0, 0.0], [1.0, 0.0, 0.0]])
    answer = limit.predict(architecture, as_inputs(x, 3))
    if isinstance(answer, Refusal):
        return
    for name in answer:
        laws = answer[name]
        assert isinstance(laws, LawList) and len(laws) == 3
        single = limit.predict(architecture, as_inputs(x[1], 3))[name]
        if isinstance(single, LayerPairLaw):
            np.testing.assert_array_equal(laws[1].values, single.values)
            continue
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
    ("name", "architecture", "missing"),
    [
        ("infinite-width", MLP(width=5, depth=4), set()),
        ("infinite-width", MLP(width=5, depth=4, activation="gelu"), {"log_sine"}),
        ("log-gaussian", BalancedResNet(width=5, depth=4), {"log_sine", "mean_square", "covariance"}),
        ("exact", MLP(width=5, depth=4), {"correlation", "log_sine", "mean_square", "covariance"}),
        (
            "depth-flow",
            ResNet(width=5, depth=4, skip_scale=1.0, branch_scale=0.5),
            {name for name in OBSERVABLES if "fraction" in name} | {"log_sine"},
        ),
    ],
)
def test_each_limit_covers_what_it_says(name, architecture, missing):
    answer = CATALOGUE[name].predict(architecture, as_inputs(np.eye(2, 10), 10))
    assert isinstance(answer, Prediction) and set(answer) == set(OBSERVABLES) - missing


@pytest.mark.parametrize("name", CATALOGUE)
def test_one_output_has_no_correlation_of_squares(name):
    stable = ResNet(width=5, depth=4, output_dim=1, skip_scale=1.0, branch_scale=0.5)
    network = stable if name == "depth-flow" else MLP(width=5, depth=4, output_dim=1)
    answer = CATALOGUE[name].predict(network, as_inputs(None, 10))
    assert "output_kurtosis" in answer and "output_square_correlation" not in answer
