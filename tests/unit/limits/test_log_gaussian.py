"""The log-Gaussian limit: conventions, edge cases, refusals and warnings."""

import math

import numpy as np
import pytest
from scipy import special

from deeplimits.activations import leaky_relu
from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.datasets import as_inputs
from deeplimits.limits import LogGaussian, MomentsOnly, Normal, Refusal, predict


def laws(architecture, x=None):
    return predict(architecture, x, limit="log-gaussian")


def test_mlp_output_sums_depth_layers_and_no_input_layer():
    prediction = laws(MLP(width=100, depth=7, output_dim=4))
    output, hidden = prediction["log_squared_norm"], prediction["log_norm_hidden"]
    assert output.variance == pytest.approx(7 * 5 / 100 + special.polygamma(1, 2), rel=1e-13)
    assert output.mean == pytest.approx(-7 * 2.5 / 100 + math.log(1 / 10) + special.digamma(2) + math.log(2), rel=1e-13)
    assert hidden.variance == pytest.approx((2 + 6 * 5) / 100, rel=1e-13)
    assert hidden.mean == pytest.approx(-(1 + 6 * 2.5) / 100, rel=1e-13)


def test_resnet_output_is_the_hidden_norm_times_chi_square():
    prediction = laws(ResNet(width=50, depth=8, output_dim=3, input_variance=2.5), 2 * np.eye(10)[1])
    output, hidden = prediction["log_squared_norm"], prediction["log_norm_hidden"]
    assert output.mean == pytest.approx(hidden.mean + math.log(4 / 10) + special.digamma(1.5) + math.log(2), rel=1e-12)
    assert output.variance == pytest.approx(hidden.variance + special.polygamma(1, 1.5), rel=1e-12)
    assert isinstance(hidden, Normal)


def test_growth_enters_the_mean_only():
    grown = laws(ResNet(width=50, depth=8, skip_scale=1.0, branch_scale=1.0))["log_norm_hidden"]
    plain = laws(ResNet(width=50, depth=8))["log_norm_hidden"]
    assert grown.mean - plain.mean == pytest.approx(8 * math.log(2), rel=1e-12)
    assert grown.variance == pytest.approx(plain.variance, rel=1e-12)


def test_balanced_has_neither_pairs_of_layers_nor_hypoactivation():
    prediction = laws(BalancedResNet(width=100, depth=30))
    assert prediction["log_norm_hidden"].variance == pytest.approx((2 + 30 * 2.25) / 100, rel=1e-12)
    assert prediction["active_fraction_last"].mean == 0.5
    assert prediction["energy_fraction_last"].mean == 0.5


def test_balanced_and_vanilla_without_skip_agree():
    vanilla = laws(ResNet(width=30, depth=9, skip_scale=0.0))
    balanced = laws(BalancedResNet(width=30, depth=9, skip_scale=0.0))
    deeper = laws(MLP(width=30, depth=10, weight_variance=1.0))
    for name in ("log_norm_hidden", "active_fraction_last", "energy_fraction_last"):
        assert vanilla[name].mean == pytest.approx(balanced[name].mean, rel=1e-14)
        assert vanilla[name].variance == pytest.approx(balanced[name].variance, rel=1e-14)
        assert vanilla[name].mean == pytest.approx(deeper[name].mean, rel=1e-12)


def test_without_branch_only_the_input_layer_fluctuates():
    hidden = laws(ResNet(width=40, depth=9, skip_scale=-2.0, branch_scale=0.0))["log_norm_hidden"]
    assert hidden.variance == pytest.approx(2 / 40, rel=1e-14)
    assert hidden.mean == pytest.approx(18 * math.log(2) - 1 / 40, rel=1e-14)


def test_slopes_enter_the_energy_once_and_the_drift_twice():
    relu = laws(ResNet(width=100, depth=6))
    net = ResNet(width=100, depth=6, activation=leaky_relu(1.0, 0.5))
    leaky, gamma = laws(net), (1 - 0.25) / (1 + 0.25)
    for name in ("energy_fraction_last", "active_fraction_last"):
        assert leaky[name].mean - 0.5 == pytest.approx(gamma * (relu[name].mean - 0.5), rel=1e-12)
    # Mirrored slopes mirror the activity and leave the norm alone.
    mirrored = laws(ResNet(width=100, depth=6, activation=leaky_relu(0.5, 1.0)))
    assert mirrored["energy_fraction_last"].mean == pytest.approx(1 - leaky["energy_fraction_last"].mean, rel=1e-14)
    assert mirrored["log_norm_hidden"].mean == pytest.approx(leaky["log_norm_hidden"].mean, rel=1e-14)


def test_activity_gives_moments_only():
    prediction = laws(ResNet(width=200, depth=6))
    for name, variance in (("active_fraction_last", 0.25 / 200), ("energy_fraction_last", 0.75 / 200)):
        law = prediction[name]
        assert isinstance(law, MomentsOnly) and not law.has_distribution
        assert law.variance == pytest.approx(variance, rel=1e-14)


def test_a_linear_network_is_not_hypoactivated():
    prediction = laws(ResNet(width=100, depth=6, activation="identity"))
    assert prediction["active_fraction_last"].mean == 0.5
    assert prediction["log_norm_hidden"].variance == pytest.approx((2 + 6 * 1.5) / 100, rel=1e-12)


def test_several_inputs_share_all_but_their_scale():
    x = np.array([[1.0, 0.0], [3.0, 4.0]])
    prediction = laws(ResNet(width=60, depth=6, input_dim=2), x)
    assert prediction["log_norm_hidden"].mean[0] == prediction["log_norm_hidden"].mean[1]
    means = prediction["log_squared_norm"].mean
    assert means[1] - means[0] == pytest.approx(math.log(25), rel=1e-12)


def test_a_smooth_activation_is_refused_with_an_alternative():
    net = MLP(width=10, depth=3, activation="tanh")
    answer = LogGaussian().predict(net, as_inputs(None, 10))
    assert isinstance(answer, Refusal)
    assert "tanh" in answer.reason and "shaped" in answer.reason and "infinite-width" in answer.reason


@pytest.mark.parametrize(
    ("architecture", "warned"),
    [
        (ResNet(width=100, depth=10), False),
        (ResNet(width=100, depth=20), True),
        (ResNet(width=100, depth=50), True),
        (ResNet(width=160, depth=200), False),
        (MLP(width=70, depth=30), True),
        (MLP(width=80, depth=30), False),
        (BalancedResNet(width=50, depth=50), False),
        (ResNet(width=100, depth=20, skip_scale=-math.sqrt(0.5)), False),
    ],
    ids=str,
)
def test_warns_where_a_variance_is_off_by_over_five_per_cent(architecture, warned):
    prediction = laws(architecture)
    assert any("log_norm_hidden is about" in warning for warning in prediction.warnings) == warned


def test_a_warning_names_the_estimate_and_a_width_that_serves():
    warning = laws(ResNet(width=100, depth=50)).warnings[0]
    assert "log_norm_hidden is about +6.7 % off" in warning and "from width 135 on" in warning
    assert not any("log_norm_hidden" in text for text in laws(ResNet(width=135, depth=50)).warnings)


def test_narrow_networks_are_told_that_the_expansion_fails():
    assert any("expansion in 1/width fails" in text for text in laws(ResNet(width=20, depth=2)).warnings)
    assert not any("expansion" in text for text in laws(MLP(width=20, depth=2)).warnings)


@pytest.mark.parametrize(
    ("width", "depth", "warned"), [(5, 20, True), (10, 2, True), (12, 2, False), (200, 1000, False)]
)
def test_warns_of_dead_networks(width, depth, warned):
    warnings = laws(MLP(width=width, depth=depth)).warnings
    assert any("networks are dead" in text for text in warnings) == warned


@pytest.mark.parametrize("depth", [1, 10, 1000])
@pytest.mark.parametrize("down", [0.0, 1.0])
def test_estimated_error_of_an_mlp_is_that_of_the_exact_law(depth, down):
    net = MLP(width=2000, depth=depth, activation=leaky_relu(1.0, down))
    leading = laws(net)["log_norm_hidden"].variance
    exact = predict(net, limit="exact")["log_norm_hidden"].variance
    coefficient = 2000 * (exact / leading - 1)
    assert f"about {coefficient:+.1f}/width" in laws(net).accuracy


@pytest.mark.parametrize("skip_share", [0.2, 0.8])
def test_estimated_error_of_a_linear_resnet_is_that_of_the_exact_law(skip_share):
    net = ResNet(
        width=3000,
        depth=40,
        activation="identity",
        skip_scale=math.sqrt(skip_share),
        branch_scale=math.sqrt(1 - skip_share),
    )
    leading = laws(net)["log_norm_hidden"].variance
    exact = predict(net, limit="exact")["log_norm_hidden"].variance
    assert f"about {3000 * (exact / leading - 1):+.1f}/width" in laws(net).accuracy


@pytest.mark.parametrize("depth", [10**4, 10**6])
@pytest.mark.parametrize("branch_scale", [1.0, 1e-3])
def test_very_deep_networks_have_finite_predictions(depth, branch_scale):
    law = laws(ResNet(width=100, depth=depth, skip_scale=1.0, branch_scale=branch_scale))["log_squared_norm"]
    assert math.isfinite(law.mean) and law.variance > 0
    assert float(law.cdf(law.mean)) == pytest.approx(0.5, abs=0.1)
