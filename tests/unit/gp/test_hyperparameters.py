"""The evidence's gradient is its slope, and the search climbs it."""

import dataclasses
import math

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from deeplimits.architectures import MLP, DenseNet, ResNet, stable
from deeplimits.gp import NNGPClassifier, NNGPRegressor
from deeplimits.gp.hyperparameters import Hyperparameters
from deeplimits.gp.tuning import maximise

GENERATOR = np.random.default_rng(8)
X = GENERATOR.standard_normal((24, 3))
Y = np.sin(2 * X[:, 0]) + 0.3 * X[:, 1] + 0.1 * GENERATOR.standard_normal(24)
CASES = {
    "resnet": (
        ResNet(width=9, depth=4, input_dim=3, bias_variance=0.2),
        ("input_variance", "weight_variance", "bias_variance", "skip_scale", "branch_scale"),
    ),
    "two-layer": (
        ResNet(width=9, depth=3, input_dim=3, bias_variance=0.1, block="two-layer"),
        ("weight_variance", "bias_variance", "branch_scale"),
    ),
    "stable": (ResNet(width=9, depth=4, input_dim=3, branch_scale=stable(1.5)), ("weight_variance", "branch_scale")),
    "mlp": (
        MLP(width=9, depth=3, input_dim=3, activation="erf", bias_variance=0.3),
        ("weight_variance", "bias_variance"),
    ),
    "dense": (DenseNet(width=9, depth=3, input_dim=3), ("weight_variance", "branch_variance")),
}


@pytest.mark.parametrize("case", [*CASES, "stable at infinite depth"])
def test_gradient_is_the_slope(case):
    net, names = CASES[case.split()[0]]
    limit = "infinite-depth" if "infinite" in case else "infinite-width"
    gp = NNGPRegressor(net, noise=0.05, output_variance=1.3, limit=limit).fit(X, Y)
    values = {"noise": 0.05, "output_variance": 1.3, **{name: float(getattr(net, name)) for name in names}}
    gradient = gp.log_marginal_likelihood_gradient(values)
    for name, value in values.items():
        up, down = (gp.log_marginal_likelihood({name: value * np.exp(h)}) for h in (1e-4, -1e-4))
        assert gradient[name] == pytest.approx((up - down) / 2e-4, rel=1e-5, abs=1e-5), name


def test_repeated_rows_and_rows_of_zeros_have_slopes_too():
    net, inputs = CASES["resnet"][0], np.vstack([X[:6], X[:2], -X[:1], 2 * X[:1], np.zeros((1, 3))])
    gp = NNGPRegressor(net, noise=0.05).fit(inputs, Y[:11])
    gradient = gp.log_marginal_likelihood_gradient()
    assert list(gradient) == ["noise", "output_variance", "weight_variance", "bias_variance"]
    for name, value in (("weight_variance", 2.0), ("bias_variance", 0.2)):
        up, down = (gp.log_marginal_likelihood({name: value * np.exp(h)}) for h in (1e-4, -1e-4))
        assert gradient[name] == pytest.approx((up - down) / 2e-4, rel=1e-5)


def test_gradient_at_variances_that_the_differentiable_kernel_does_not_resolve():
    net = MLP(width=9, depth=1, input_dim=3, activation="tanh", bias_variance=0.1)
    gp = NNGPRegressor(net, noise=0.1).fit(20 * X[:4], Y[:4])
    gradient = gp.log_marginal_likelihood_gradient(["input_variance"])
    up, down = (gp.log_marginal_likelihood({"input_variance": np.exp(h)}) for h in (1e-3, -1e-3))
    assert gradient["input_variance"] == pytest.approx((up - down) / 2e-3, rel=1e-4)


def test_gradient_elsewhere_is_that_of_an_estimator_there():
    net = CASES["resnet"][0]
    here = NNGPRegressor(net, noise=0.05).fit(X, np.stack([Y, Y**2], axis=1))
    there = NNGPRegressor(net, noise=0.2).fit(X, np.stack([Y, Y**2], axis=1))
    assert here.log_marginal_likelihood_gradient(hyperparameters={"noise": 0.2}) == pytest.approx(
        there.log_marginal_likelihood_gradient()
    )
    assert here.log_marginal_likelihood({"noise": 0.2}) == pytest.approx(there.log_marginal_likelihood())


def test_what_is_0_can_be_asked_about_though_it_has_no_logarithm():
    net = CASES["stable"][0]
    without = NNGPRegressor(net, noise=0.0).fit(X, Y)
    with_both = NNGPRegressor(dataclasses.replace(net, bias_variance=0.1), noise=0.2).fit(X, Y)
    asked = without.log_marginal_likelihood({"noise": 0.2, "bias_variance": 0.1})
    assert asked == pytest.approx(with_both.log_marginal_likelihood(), rel=1e-9)
    assert list(without.log_marginal_likelihood_gradient()) == ["output_variance", "weight_variance"]
    with pytest.raises(ValueError, match="unknown hyperparameter 'skip_scale'"):
        without.log_marginal_likelihood({"skip_scale": 0.5})  # a stable branch scale needs skip scale 1


def test_the_search_ends_where_the_slope_does():
    net = CASES["resnet"][0]
    start = NNGPRegressor(net, noise=0.5).fit(X, Y)
    found = NNGPRegressor(net, noise=0.5, optimize=True).fit(X, Y)
    assert found.log_marginal_likelihood_value_ > start.log_marginal_likelihood_value_ + 1
    assert found.log_marginal_likelihood() == found.log_marginal_likelihood_value_
    assert list(found.log_marginal_likelihood_gradient().values()) == pytest.approx([0] * 4, abs=1e-2)
    assert found.architecture_.weight_variance != net.weight_variance
    assert found.architecture_.depth == net.depth


def test_only_what_is_named_is_varied():
    net = CASES["resnet"][0]
    found = NNGPRegressor(net, noise=0.5, optimize="noise").fit(X, Y)
    assert found.architecture_ == net
    assert found.output_variance_ == 1
    assert found.noise_ < 0.5


def test_a_steep_start_beside_impossible_corners_is_left() -> None:
    def evidence(at):
        distance = math.log(at.noise) - 1.0
        if abs(distance) > 5:
            raise ValueError("no covariance")
        return -1e4 * distance**2, {"noise": -2e4 * distance}

    start = Hyperparameters(noise=math.exp(-2.0), output_variance=1.0, architecture=None)
    found = maximise(evidence, start, ["noise"], 0, np.random.RandomState(0))
    assert math.log(found.noise) == pytest.approx(1.0, abs=1e-3)


def test_a_search_that_ends_at_its_bounds_says_so() -> None:
    start = Hyperparameters(noise=1.0, output_variance=1.0, architecture=None)
    with pytest.warns(ConvergenceWarning, match="ended at its bounds, 10000 times from the start, in noise"):
        maximise(lambda at: (at.noise, {"noise": at.noise}), start, ["noise"], 0, np.random.RandomState(0))


@pytest.mark.filterwarnings("ignore:the search for hyperparameters ended at its bounds")
def test_restarts_find_no_worse_and_follow_their_seed():
    options = {"noise": 30.0, "kernel": "precomputed", "optimize": True, "random_state": 3}
    gram = np.exp(-0.5 * np.sum((X[:, None] - X) ** 2, axis=-1))
    once = NNGPRegressor(**options).fit(gram, Y)
    several, again = (NNGPRegressor(restarts=3, **options).fit(gram, Y) for _ in range(2))
    assert several.log_marginal_likelihood_value_ >= once.log_marginal_likelihood_value_ - 1e-9
    assert several.noise_ == again.noise_


def test_classifiers_choose_theirs_too():
    labels = np.where(Y > 0, "up", "down")
    found = NNGPClassifier(noise=0.5, optimize=["noise"]).fit(X, labels)
    assert found.log_marginal_likelihood_gradient(["noise"])["noise"] == pytest.approx(0, abs=1e-2)
    assert found.noise_ != 0.5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"optimize": ["noise", "nois"]}, "did you mean 'noise'"),
        ({"optimize": ["bias_variance"]}, "bias_variance cannot be varied: it is 0"),
        ({"optimize": ["noise"], "noise": 0.0}, "noise cannot be varied"),
        ({"optimize": True, "restarts": -1}, "restarts must be an integer of at least 1"),
        ({"optimize": ["weight_variance"], "kernel": lambda a, b: a @ b.T, "architecture": None}, "cannot be varied"),
    ],
)
def test_what_cannot_be_varied_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        NNGPRegressor(**{"architecture": CASES["dense"][0], **options}).fit(X, Y)
