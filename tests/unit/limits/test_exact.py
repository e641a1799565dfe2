"""The exact limit: what it covers, what it conditions on, and the activity by enumeration."""

import itertools
import math
import time

import numpy as np
import pytest
from scipy import special, stats

from deeplimits.activations import custom, leaky_relu
from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.limits import LogChiSquare, NumericalLaw, Refusal, for_architecture, predict
from deeplimits.limits.mortality import death_probability


def exact(architecture, x=None):
    return predict(architecture, x, limit="exact")


def enumerated(width, function, at_least_one):
    """Average ``function(B)`` over the 2^n sign patterns, those with no positive entry left out if asked."""
    counts = [sum(pattern) for pattern in itertools.product((0, 1), repeat=width)]
    kept = [count for count in counts if count or not at_least_one]
    return sum(map(function, kept)) / len(kept)


@pytest.mark.parametrize("width", [1, 2, 3, 8])
def test_activity_of_an_mlp_by_enumeration(width):
    prediction = exact(MLP(width=width, depth=3))
    active, energy = prediction["active_fraction_last"], prediction["energy_fraction_last"]
    mean = enumerated(width, lambda b: b / width, at_least_one=True)
    assert active.mean == pytest.approx(mean, rel=1e-13) and energy.mean == pytest.approx(mean, rel=1e-13)
    square = enumerated(width, lambda b: (b / width) ** 2, at_least_one=True)
    assert active.variance == pytest.approx(square - mean**2, rel=1e-12, abs=1e-16)

    def beta_square(b):
        return 1.0 if b == width else b * (b + 2) / (width * (width + 2))

    square = enumerated(width, beta_square, at_least_one=True)
    assert energy.variance == pytest.approx(square - mean**2, rel=1e-12, abs=1e-16)


def test_a_linear_readout_conditions_on_the_layers_below_only():
    prediction = exact(ResNet(width=4, depth=3, skip_scale=0.0))
    assert prediction["active_fraction_last"].mean == 0.5
    assert prediction["active_fraction_last"].variance == pytest.approx(1 / 16, rel=1e-14)
    assert prediction["energy_fraction_last"].variance == pytest.approx(3 / (4 * 6), rel=1e-14)


def test_a_mirrored_relu_mirrors_the_activity():
    plain = exact(MLP(width=3, depth=4, activation=leaky_relu(1.0, 0.0), weight_variance=2.0))
    mirrored = exact(MLP(width=3, depth=4, activation=leaky_relu(0.0, -1.0), weight_variance=2.0))
    for name in ("active_fraction_last", "energy_fraction_last"):
        assert mirrored[name].mean == pytest.approx(1 - plain[name].mean, rel=1e-14)
        assert mirrored[name].variance == pytest.approx(plain[name].variance, rel=1e-14)
    assert mirrored["log_squared_norm"].mean == pytest.approx(plain["log_squared_norm"].mean, rel=1e-14)


def test_slopes_and_weight_variance_only_scale():
    plain = exact(MLP(width=6, depth=5))["log_squared_norm"]
    scaled = exact(MLP(width=6, depth=5, activation=leaky_relu(3.0, 0.0), weight_variance=0.5))["log_squared_norm"]
    assert scaled.mean - plain.mean == pytest.approx(5 * math.log(9 * 0.5 / 2), rel=1e-12)
    assert scaled.variance == pytest.approx(plain.variance, rel=1e-13)


def test_one_layer_is_written_out():
    # ‖z_out‖² = (input_variance ‖x‖²/input_dim)(2/n) χ²_B χ²(out), log_norm_hidden = ln(input_variance χ²_n/n).
    net = MLP(width=5, depth=1, output_dim=2, input_dim=4, input_variance=3.0)
    prediction = exact(net, 2 * np.eye(4)[0])
    weights = stats.binom.pmf(np.arange(1, 6), 5, 0.5) / (1 - 2**-5)
    digammas = special.digamma(np.arange(1, 6) / 2)
    mean = math.log(3 * 4 / 4 * 2 / 5) + weights @ digammas + special.digamma(1) + 2 * math.log(2)
    assert prediction["log_squared_norm"].mean == pytest.approx(mean, rel=1e-13)
    hidden = prediction["log_norm_hidden"]
    assert isinstance(hidden, LogChiSquare) and hidden.degrees == 5
    assert hidden.shift == pytest.approx(math.log(3 / 5), rel=1e-14)


def test_an_mlp_and_a_resnet_without_skip_differ_by_the_readout():
    net = ResNet(width=7, depth=5, skip_scale=0.0, branch_scale=1.0)
    deeper = MLP(width=7, depth=6)
    assert exact(net)["log_norm_hidden"].mean == pytest.approx(exact(deeper)["log_norm_hidden"].mean, rel=1e-13)
    difference = exact(net)["log_squared_norm"].variance - exact(net)["log_norm_hidden"].variance
    assert difference == pytest.approx(special.polygamma(1, 5), rel=1e-11)


def test_balanced_without_skip_is_the_same():
    vanilla = exact(ResNet(width=7, depth=5, skip_scale=0.0))["log_squared_norm"]
    balanced = exact(BalancedResNet(width=7, depth=5, skip_scale=0.0))["log_squared_norm"]
    np.testing.assert_allclose(balanced.cdf([-3.0, 0.0]), vanilla.cdf([-3.0, 0.0]), rtol=1e-14)


@pytest.mark.parametrize("activation", ["relu", "tanh", custom(lambda z: z**2 - 1)])
def test_without_branch_the_activation_does_not_matter(activation):
    net = ResNet(width=6, depth=5, skip_scale=-0.5, branch_scale=0.0, activation=activation, output_dim=1)
    prediction = exact(net)
    hidden = prediction["log_norm_hidden"]
    assert isinstance(hidden, LogChiSquare) and hidden.degrees == 6
    assert hidden.shift == pytest.approx(10 * math.log(0.5) - math.log(6), rel=1e-13)
    output = prediction["log_squared_norm"]
    assert isinstance(output, NumericalLaw)
    assert output.variance == pytest.approx(special.polygamma(1, 3) + special.polygamma(1, 0.5), rel=1e-13)


@pytest.mark.parametrize("activation", ["identity", leaky_relu(1.0, -1.0)])
def test_an_activation_that_preserves_norms(activation):
    mlp = exact(MLP(width=9, depth=4, activation=activation, output_dim=3))["log_squared_norm"]
    assert mlp.variance == pytest.approx(4 * special.polygamma(1, 4.5) + special.polygamma(1, 1.5), rel=1e-13)
    resnet = exact(ResNet(width=9, depth=4, activation=activation))["log_norm_hidden"]
    # E of the squared norm is exactly preserved: E e^Y = e^{mean} E e^{Y − mean}.
    variable = resnet.inversion.variable
    log_second = float(variable.log_moment(np.array([1.0 + 0j]))[0].real) + resnet.mean
    assert log_second == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("architecture", "reason"),
    [
        (ResNet(width=10, depth=3), "both a skip connection and relu"),
        (MLP(width=10, depth=3, activation="tanh"), "not for tanh"),
        (BalancedResNet(width=10, depth=3, activation="tanh"), "not for tanh"),
        (ResNet(width=10, depth=3, activation="leaky-relu"), "not for leaky-relu"),
        (ResNet(width=10, depth=3, skip_scale=0.0, activation="gelu"), "not for gelu"),
    ],
    ids=str,
)
def test_everything_else_is_refused_with_a_reason(architecture, reason):
    answer = for_architecture(architecture)[-1]
    assert isinstance(answer, Refusal) and answer.limit == "exact"
    assert reason in answer.reason


@pytest.mark.parametrize(
    ("architecture", "reason"),
    [
        (BalancedResNet(width=10, depth=3), "both a skip connection and relu"),
        (BalancedResNet(width=10, depth=3, activation="leaky-relu"), "not for leaky-relu"),
        (MLP(width=10, depth=3, activation="leaky-relu"), "not for leaky-relu"),
        (ResNet(width=10, depth=3, activation="identity", branch_scale=1e-9), "too small beside skip_scale"),
    ],
    ids=str,
)
def test_moments_of_the_output_are_all_that_some_networks_have(architecture, reason):
    prediction = exact(architecture)
    assert list(prediction) == ["log_output_second_moment", "output_kurtosis", "output_square_correlation"]
    assert "Moments of the output only" in prediction.accuracy and reason in prediction.accuracy


def test_layers_of_an_mlp_condition_alike_and_share_nothing():
    prediction = exact(MLP(width=3, depth=4))
    for name in ("active_fraction", "energy_fraction"):
        law, last = prediction[name], prediction[f"{name}_last"]
        assert law.mean == [last.mean] * 4 and law.variance == [last.variance] * 4
    covariances = prediction["energy_fraction_covariance"].values
    assert np.count_nonzero(covariances) == 4
    deeper = [exact(MLP(width=3, depth=depth))["log_norm_hidden"] for depth in (1, 2, 3, 4)]
    assert prediction["log_norm"].mean == [law.mean for law in deeper]
    assert prediction["log_norm"].variance == [law.variance for law in deeper]


def test_the_last_layer_of_a_linear_readout_may_have_no_active_neuron():
    prediction = exact(ResNet(width=4, depth=3, skip_scale=0.0))
    needed = 0.5 / (1 - 2**-4)
    assert prediction["active_fraction"].mean == pytest.approx([needed, needed, needed, 0.5], rel=1e-14)


def test_without_branch_all_layers_point_the_same_way():
    values = exact(ResNet(width=4, depth=3, branch_scale=0.0))["energy_fraction_covariance"].values
    np.testing.assert_allclose(values, 3 / (4 * 6), rtol=1e-14)
    assert "energy_fraction_covariance" not in exact(ResNet(width=4, depth=3, activation="identity"))


@pytest.mark.parametrize(
    ("architecture", "expected"),
    [
        (MLP(width=2, depth=3), 1 - 0.75**3),
        (MLP(width=1, depth=2, activation=leaky_relu(0.0, 1.0)), 0.75),
        (MLP(width=3, depth=5, activation="tanh"), 0.0),
        (MLP(width=3, depth=5, activation="leaky-relu"), 0.0),
        (ResNet(width=3, depth=5), 0.0),
        (ResNet(width=3, depth=5, skip_scale=0.0), 1 - (7 / 8) ** 5),
        (ResNet(width=3, depth=5, skip_scale=0.0, activation="identity"), 0.0),
        (MLP(width=60, depth=1000), 1000 * 2.0**-60),
    ],
    ids=str,
)
def test_death_probability(architecture, expected):
    assert death_probability(architecture) == pytest.approx(expected, rel=1e-12)


def test_mortality_is_told():
    assert "probability 0.578" in exact(MLP(width=2, depth=3)).accuracy
    assert "No network is dead" in exact(ResNet(width=3, depth=5, branch_scale=0.0)).accuracy


@pytest.mark.parametrize(("width", "depth"), [(10_000, 1000), (100, 10**6), (3, 10**5), (10**6, 10)])
def test_wide_and_deep_laws_are_fast_and_tight(width, depth):
    start = time.perf_counter()
    law = exact(MLP(width=width, depth=depth))["log_squared_norm"]
    values = law.cdf(law.quantile([0.01, 0.5, 0.99]))
    assert time.perf_counter() - start < 3
    np.testing.assert_allclose(values, [0.01, 0.5, 0.99], atol=1e-10)
    assert law.numerical_error < 1e-9
