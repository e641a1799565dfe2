"""The log-Gaussian limit against published formula columns, to every digit that they print.

Source: an independent derivation of the limit, tabulated in the project's theory note (formula columns, not
simulation).
d counts square matrices, L is the log-norm relative to its growth, δ = 2 · energy fraction − 1.
"""

import math

import numpy as np
import pytest

from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.kernels import GeometricCorrelation
from deeplimits.limits import predict
from deeplimits.limits.layer_scales import LayerScales
from deeplimits.limits.log_gaussian.activity import scaled_active_excess, scaled_energy_excess
from deeplimits.limits.log_gaussian.mean import scaled_mean
from deeplimits.limits.log_gaussian.variance import layer_variance, scaled_variance


def hidden(architecture):
    return predict(architecture, limit="log-gaussian")["log_norm_hidden"]


def vanilla(width, depth, skip_share=0.5):
    return ResNet(
        width=width, depth=depth, skip_scale=math.sqrt(skip_share), branch_scale=math.sqrt(1 - skip_share), output_dim=3
    )


def as_printed(value, printed):
    """Format ``value`` like ``printed``."""
    return f"{value:.{len(printed.partition('.')[2])}f}"


def scales(skip_share, negative=False, asymmetry=1.0, interlayer=True):
    correlation = GeometricCorrelation(math.log(skip_share) / 2 if skip_share else -math.inf, negative)
    return LayerScales(0.0, skip_share, 1 - skip_share, correlation, asymmetry, interlayer)


@pytest.mark.parametrize(
    ("depth", "printed"),
    [
        (1, "4.2500"),
        (2, "7.4775"),
        (5, "20.391"),
        (10, "46.075"),
        (20, "100.18"),
        (50, "263.45"),
        (100, "535.57"),
        (200, "1079.8"),
    ],
)
@pytest.mark.parametrize("width", [50, 800])
def test_variance_of_a_resnet(width, depth, printed):
    assert as_printed(width * hidden(vanilla(width, depth)).variance, printed) == printed


@pytest.mark.parametrize(("depth", "printed"), [(5, "-8.621"), (20, "-37.917"), (100, "-196.62")])
def test_mean_of_a_resnet(depth, printed):
    assert as_printed(100 * hidden(vanilla(100, depth)).mean, printed) == printed


@pytest.mark.parametrize(
    ("depth", "printed"),
    [(1, "-.5683"), (2, "-.9273"), (3, "-1.1666"), (5, "-1.4451"), (10, "-1.6697"), (20, "-1.7162")],
)
def test_hypoactivation_of_a_resnet(depth, printed):
    energy = predict(vanilla(100, depth), limit="log-gaussian")["energy_fraction_last"]
    assert as_printed(100 * (2 * energy.mean - 1), printed) == printed.replace("-.", "-0.")


@pytest.mark.parametrize(
    ("skip_share", "depth", "printed"),
    [(0.2, 1, "-.5019"), (0.8, 1, "-.3274"), (0.8, 5, "-1.2001"), (0.8, 10, "-1.7778")],
)
def test_hypoactivation_at_other_scales(skip_share, depth, printed):
    energy = predict(vanilla(100, depth, skip_share), limit="log-gaussian")["energy_fraction_last"]
    assert as_printed(100 * (2 * energy.mean - 1), printed) == printed.replace("-.", "-0.")


@pytest.mark.parametrize(("depth", "printed"), [(1, "0.5683"), (2, "0.2093"), (5, "0.3988"), (20, "0.3514")])
def test_a_negative_skip_hyperactivates(depth, printed):
    net = ResNet(width=100, depth=depth, skip_scale=-math.sqrt(0.5))
    energy = predict(net, limit="log-gaussian")["energy_fraction_last"]
    assert as_printed(100 * (2 * energy.mean - 1), printed) == printed


@pytest.mark.parametrize(
    ("architecture", "printed"),
    [
        (MLP(width=100, depth=21), "102.0"),
        (BalancedResNet(width=100, depth=50), "114.5"),
        (BalancedResNet(width=100, depth=100), "227.0"),
        (BalancedResNet(width=400, depth=20), "47.0"),
        (ResNet(width=100, depth=20, skip_scale=-math.sqrt(0.5)), "35.658"),
        (ResNet(width=100, depth=50, skip_scale=1.0, branch_scale=50**-0.5), "8.2488"),
    ],
    ids=str,
)
def test_variance_in_other_settings(architecture, printed):
    assert as_printed(architecture.width * hidden(architecture).variance, printed) == printed


@pytest.mark.parametrize(("time", "printed"), [(1.0, 8.4566), (0.5, 4.6753)])
def test_stable_scaling_has_a_limit(time, printed):
    depth = 10**5
    net = ResNet(width=100, depth=depth, skip_scale=1.0, branch_scale=math.sqrt(time / depth))
    assert 100 * hidden(net).variance == pytest.approx(printed, abs=3e-4)


def test_stable_hypoactivation():
    net = ResNet(width=100, depth=50, skip_scale=1.0, branch_scale=50**-0.5)
    energy = predict(net, limit="log-gaussian")["energy_fraction_last"]
    assert as_printed(100 * (2 * energy.mean - 1), "-1.3260") == "-1.3260"


@pytest.mark.parametrize(
    ("row", "architecture", "moment", "printed"),
    [
        (1, vanilla(100, 10), "variance", "0.460753"),
        (3, vanilla(200, 20), "variance", "0.500912"),
        (4, vanilla(400, 20), "variance", "0.250456"),
        (5, vanilla(800, 10), "variance", "0.057594"),
        (6, vanilla(800, 5), "variance", "0.025489"),
        (7, vanilla(100, 10), "mean", "-0.181582"),
        # The note prints -0.070684: -(1 + 2.25 + 0.284155)/50 = -0.0706831, rounded there from -3.5342.
        (9, vanilla(50, 2), "mean", "-0.070683"),
        (10, BalancedResNet(width=100, depth=100), "variance", "2.27000"),
        (11, BalancedResNet(width=400, depth=20), "variance", "0.117500"),
        (12, BalancedResNet(width=100, depth=50), "mean", "-0.572500"),
        (15, MLP(width=100, depth=11), "mean", "-0.26"),
        (20, ResNet(width=200, depth=50, skip_scale=1.0, branch_scale=50**-0.5), "variance", "0.041244"),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else "",
)
def test_reference_rows(row, architecture, moment, printed):
    assert as_printed(getattr(hidden(architecture), moment), printed) == printed


def test_reference_rows_of_the_activity():
    assert as_printed(2 * scaled_energy_excess(scales(0.5), 1), "-0.568310") == "-0.568310"
    assert as_printed(2 * scaled_energy_excess(scales(0.5), 1000), "-1.717721") == "-1.717721"
    assert as_printed(scaled_active_excess(scales(0.5), 1000), "-0.335029") == "-0.335029"


@pytest.mark.parametrize(
    ("skip_share", "energy", "active", "variance_rate", "balanced_rate", "mean_rate"),
    [
        (0.2, "-0.874909", "-0.192862", "6.530865", "3.84", "-2.619927"),
        (0.5, "-1.717721", "-0.335029", "5.442478", "2.25", "-1.983861"),
        (0.8, "-2.496042", "-0.442022", "2.654030", "0.84", "-0.919208"),
        (0.9, "-2.749084", "-0.472434", "1.402801", "0.41", "-0.479908"),
        (0.95, "-2.874780", "-0.486647", "0.720091", "0.2025", "-0.244989"),
        (0.99, "-2.974992", "-0.497430", "0.146987", "0.0401", "-0.049800"),
    ],
)
def test_stationary_constants_and_rates(skip_share, energy, active, variance_rate, balanced_rate, mean_rate):
    at, deep = scales(skip_share), 20_000
    assert as_printed(2 * scaled_energy_excess(at, deep), energy) == energy
    assert as_printed(scaled_active_excess(at, deep), active) == active
    assert as_printed(layer_variance(at), balanced_rate) == balanced_rate
    for function, printed in ((scaled_variance, variance_rate), (scaled_mean, mean_rate)):
        rate = function(at, deep + 1, True) - function(at, deep, True)
        # Differences of sums of 10⁵ keep nine digits.
        assert rate == pytest.approx(float(printed), abs=0.6e-6)


@pytest.mark.parametrize(
    ("skip_share", "down", "variance", "mean"),
    [(0.5, 0.7, 1.9494, -0.8913), (0.0, 0.7, 2.3515, -1.1757), (0.5, 0.9, 1.5423, None), (0.0, 0.9, 2.0331, None)],
)
def test_leaky_slopes(skip_share, down, variance, mean):
    at = scales(skip_share, asymmetry=(1 - down**2) / (1 + down**2))
    assert scaled_variance(at, 100, input_layer=False) / 100 == pytest.approx(variance, abs=0.5e-4)
    if mean is not None:
        assert scaled_mean(at, 100, input_layer=False) / 100 == pytest.approx(mean, abs=0.5e-4)


@pytest.mark.parametrize(
    ("architecture", "printed_growth"),
    [(vanilla(100, 10), 1.0500), (vanilla(100, 20), 1.1295), (vanilla(100, 50), 1.409)],
)
def test_expected_squared_norm_grows_with_depth(architecture, printed_growth):
    law = hidden(architecture)
    assert math.exp(law.mean + law.variance / 2) == pytest.approx(
        printed_growth, abs=0.5e-3 if printed_growth > 1.4 else 0.5e-4
    )


def test_total_variance_of_the_output():
    for depth, printed in ((10, "0.6821"), (50, "2.856")):
        net = ResNet(width=100, depth=depth, output_dim=10)
        assert as_printed(predict(net, limit="log-gaussian")["log_squared_norm"].variance, printed) == printed


def test_negative_mean_share_is_not_minus_half_the_variance():
    # The trap: the sums over pairs of layers enter mean and variance differently.
    law = hidden(vanilla(100, 100))
    assert np.abs(law.mean + law.variance / 2) > 0.6
