"""Observables that follow from others: ‖z_l‖²/width and ⟨z_l, z'_l⟩/width."""

import math

import numpy as np
import pytest

from deeplimits.architectures import ResNet
from deeplimits.limits import predict
from deeplimits.sampling import SamplingError, load, sample, save

NET = ResNet(width=8, depth=3, input_dim=2, output_dim=2, input_variance=3.0)
PAIR = np.array([[3.0, 4.0], [1.0, -1.0]])
NAMES = ["mean_square", "log_norm", "covariance", "correlation"]


def test_one_network_shows_what_its_log_norm_and_cosine_say():
    run = sample(NET, PAIR, num_networks=1, observables=NAMES, seed=3)
    logs = [np.array([mean.value for mean in entry.mean]) for entry in run["log_norm"]]
    squares = [np.array([mean.value for mean in entry.mean]) for entry in run["mean_square"]]
    for square, log, norm in zip(squares, logs, (25.0, 2.0), strict=True):
        assert square == pytest.approx(np.exp(log) * norm / 2, rel=1e-13)
    cosines = np.array([mean.value for mean in run["correlation"].mean])
    both = np.array([mean.value for mean in run["covariance"].mean])
    assert both == pytest.approx(cosines * np.sqrt(squares[0] * squares[1]), rel=1e-13)


@pytest.fixture(scope="module")
def run():
    return sample(NET, PAIR, num_networks=4_000, observables=NAMES)


def test_means_of_the_first_layer_are_exact(run):
    covariance = run["covariance"][0].mean
    exact = 3.0 * (PAIR[0] @ PAIR[1]) / 2
    assert abs(covariance.value - exact) < 4 * covariance.standard_error
    for entry, norm in zip(run["mean_square"], (25.0, 2.0), strict=True):
        first = entry[0].mean
        assert abs(first.value - 3.0 * norm / 2) < 4 * first.standard_error < 0.1 * norm


def test_infinite_width_predicts_both():
    predicted = predict(NET, PAIR, limit="infinite-width")
    assert predicted["mean_square"].mean[0] == pytest.approx([37.5] * 4, rel=1e-12)
    correlation = np.array(predicted["correlation"].mean)
    assert predicted["covariance"].mean == pytest.approx(correlation * math.sqrt(37.5 * 3.0), rel=1e-12)


def test_kept_when_saved(run, tmp_path):
    again = load(save(run, tmp_path / "run"))
    assert repr(again["covariance"]) == repr(run["covariance"])
    assert repr(again["mean_square"]) == repr(run["mean_square"])


def test_what_float64_cannot_hold_is_said_and_logarithms_offered():
    far = np.array([1e90, 0.0])
    with pytest.raises(SamplingError, match="ask for log_norm"):
        sample(NET, far, num_networks=4, observables=["mean_square"])
    assert np.isfinite(sample(NET, far, num_networks=4, observables=["log_norm"])["log_norm"][3].mean.value)


def test_a_covariance_needs_two_inputs():
    with pytest.raises(ValueError, match="covariance needs exactly 2 input vectors, got 1"):
        sample(NET, PAIR[0], num_networks=4, observables=["covariance"])
