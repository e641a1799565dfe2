"""Layers, output moments and pairs of inputs against published formula columns, to the digits that they print.

Source: the tables of the project's theory note (formula columns, not simulation). Its Balanced and MLP networks of d
square matrices read out linearly: for the MLP that is our residual network without skip connection.
"""

import math

import numpy as np
import pytest

from deeplimits.architectures import MLP, BalancedResNet, ResNet
from deeplimits.limits import predict


def as_printed(value, printed):
    """Format ``value`` like ``printed``."""
    return f"{value:.{len(printed.partition('.')[2])}f}"


def log_gaussian(architecture, x=None):
    return predict(architecture, x, limit="log-gaussian")


@pytest.mark.parametrize(
    ("lag", "printed"),
    [(0, "3"), (1, "1.9549"), (2, "1.3270"), (3, "0.9192"), (5, "0.4525"), (10, "0.0796"), (20, "0.0025")],
)
def test_covariance_of_layers(lag, printed):
    # The table's x is twice the energy fraction.
    values = log_gaussian(ResNet(width=200, depth=40))["energy_fraction_covariance"].values
    assert as_printed(200 * 4 * values[20, 20 + lag], printed) == printed
    assert values[20 + lag, 20] == values[20, 20 + lag]


def test_reference_row_24():
    values = log_gaussian(ResNet(width=200, depth=21))["energy_fraction_covariance"].values
    assert as_printed(200 * 4 * values[20, 21], "1.954930") == "1.954930"


def test_layer_0_is_an_exact_gaussian_vector():
    values = log_gaussian(ResNet(width=50, depth=3))["energy_fraction_covariance"].values
    assert 4 * values[0, 0] == pytest.approx(3 / 52, rel=1e-14)


def test_reference_row_13_and_its_log_gaussian_value():
    net = BalancedResNet(width=100, depth=20)
    assert as_printed(predict(net, limit="exact")["output_kurtosis"].mean / 3, "1.591719") == "1.591719"
    assert as_printed(log_gaussian(net)["output_kurtosis"].mean / 3, "1.599994") == "1.599994"


def test_reference_row_16():
    net = ResNet(width=100, depth=10, skip_scale=0.0, branch_scale=1.0)
    assert as_printed(predict(net, limit="exact")["output_kurtosis"].mean / 3, "1.661473") == "1.661473"


def test_reference_row_25():
    net = ResNet(width=100, depth=20, input_dim=1)
    moment = log_gaussian(net, [1.0])["log_output_second_moment"].mean
    assert as_printed(math.exp(moment), "1.129458") == "1.129458"


@pytest.mark.parametrize(("depth", "printed"), [(10, "1.0500"), (20, "1.1295"), (50, "1.409")])
def test_second_moment_of_the_output(depth, printed):
    moment = log_gaussian(ResNet(width=100, depth=depth, input_dim=1))["log_output_second_moment"].mean
    assert as_printed(math.exp(moment), printed) == printed


@pytest.mark.parametrize(("depth", "printed"), [(5, "1.2262"), (10, "1.585"), (20, "2.723")])
def test_kurtosis_of_the_output(depth, printed):
    kurtosis = log_gaussian(ResNet(width=100, depth=depth))["output_kurtosis"].mean
    assert as_printed(kurtosis / 3, printed) == printed


@pytest.mark.parametrize(("depth", "printed"), [(5, "0.0844"), (10, "0.1558"), (20, "0.2403")])
def test_correlation_of_squares(depth, printed):
    correlation = log_gaussian(ResNet(width=100, depth=depth))["output_square_correlation"].mean
    assert as_printed(correlation, printed) == printed


def test_our_mlp_has_one_chi_square_less():
    assert log_gaussian(MLP(width=100, depth=10))["output_kurtosis"].mean == pytest.approx(3 * math.exp(0.5), rel=1e-13)


def pair(correlation):
    return np.array([[1.0, 0.0], [correlation, math.sqrt(1 - correlation**2)]])


def stable(depth, time):
    return ResNet(width=depth, depth=depth, input_dim=2, skip_scale=1.0, branch_scale=math.sqrt(time / depth))


# The recursion's column to its digits. The note's n Var (1.551, 1.549, 1.856, 1.247) was itself averaged over random
# paths; 10⁶ of ours give 1.5445(53), 1.8432(64) and 1.2391(39) for rows 1, 3 and 4, so it is met to 1 % only.
PAIRS = [
    (100, 0.3, 1.0, "0.45068", 1.551),
    (200, 0.3, 1.0, "0.45118", 1.549),
    (100, 0.0, 1.0, "0.25231", 1.856),
    (100, 0.3, 0.5, "0.38264", 1.247),
]


@pytest.mark.parametrize(("depth", "first", "time", "mean", "scaled_variance"), PAIRS)
def test_two_inputs_of_a_stable_network(depth, first, time, mean, scaled_variance):
    net = stable(depth, time)
    law = log_gaussian(net, pair(first))["correlation"]
    assert as_printed(law.mean[-1], mean) == mean
    assert depth * law.variance[-1] == pytest.approx(scaled_variance, rel=0.01)
    flat = predict(net, pair(first), limit="infinite-width")["correlation"]
    assert as_printed(flat.mean[-1], mean) == mean


@pytest.mark.parametrize(
    ("depth", "first", "time", "measured", "error"),
    [(100, 0.3, 1.0, 1.5445, 0.0053), (100, 0.0, 1.0, 1.8432, 0.0064), (100, 0.3, 0.5, 1.2391, 0.0039)],
)
def test_fluctuation_by_a_million_neuron_paths(depth, first, time, measured, error):
    law = log_gaussian(stable(depth, time), pair(first))["correlation"]
    assert abs(depth * law.variance[-1] - measured) < 3 * error


@pytest.mark.parametrize(
    ("correlation", "printed"), [(0.0, "0.5441"), (0.5, "0.5170"), (0.9, "0.0537"), (-0.5, "0.1573")]
)
def test_one_step_of_an_unshaped_mlp(correlation, printed):
    # The note's one step starts from preactivations of exactly this correlation: Var N, N at the next layer's ρ.
    from deeplimits.kernels import correlation_gaps
    from deeplimits.limits.log_gaussian.pair_features import PairFeatures

    path = correlation_gaps(1 / math.pi, 1 - correlation)
    gaps = np.array([next(path), next(path)])
    variance = PairFeatures((1.0, 0.0)).variances(gaps[:1], gaps[1:])[0]
    assert as_printed(float(variance), printed) == printed
