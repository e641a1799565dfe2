import numpy as np
import pytest

from deeplimits.architectures import MLP, ResNet
from deeplimits.datasets import as_inputs
from deeplimits.randomness.keys import key_of
from deeplimits.sampling import SamplingError, sample
from deeplimits.sampling.advance import settings_of
from deeplimits.sampling.blocks import Program, run_blocks
from deeplimits.sampling.methods import PAIR, choose
from deeplimits.sampling.states import States

NET = ResNet(width=16, depth=4, input_dim=2)
X = [[1.0, 0.0], [0.6, 0.8]]


@pytest.mark.parametrize("observable", ["correlation", "log_sine"])
def test_auto_follows_the_angle_of_two_inputs(observable):
    assert choose("auto", NET, 2, (observable,)).name == "pair"


def test_auto_takes_the_general_sampler_where_the_pair_cannot_serve():
    assert choose("auto", NET, 2, ("log_squared_norm",)).name == "lazy"
    assert choose("auto", MLP(width=8, depth=2, activation="tanh"), 2, ("log_sine",)).name == "lazy"
    assert choose("auto", MLP(width=8, depth=2, bias_variance=0.1), 2, ("log_sine",)).name == "lazy"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"activation": "tanh"}, "ReLU"),
        ({"bias_variance": 0.1}, "biases"),
        ({"block": "two-layer"}, "two-layer"),
        ({"normalization": "rms"}, "rms"),
    ],
)
def test_the_pair_says_what_it_cannot_sample(options, reason):
    with pytest.raises(ValueError, match=reason):
        choose("pair", ResNet(width=8, depth=2, **options), 2, ("log_sine",))


def test_the_pair_is_for_two_inputs_and_their_angle():
    with pytest.raises(ValueError, match="two input vectors, got 1"):
        choose("pair", NET, 1, ("log_norm",))
    with pytest.raises(ValueError, match="ask for correlation, covariance or log_sine"):
        choose("pair", NET, 2, ("log_norm",))


@pytest.mark.parametrize("second", [[3.0, 0.0], [-0.1, 0.0], [1.0, 1e-13]])
def test_parallel_inputs_are_refused_before_any_network_is_drawn(second):
    with pytest.raises(ValueError, match="parallel"):
        sample(NET, [[1.0, 0.0], second], num_networks=10**9, observables=["log_sine"])


def test_sine_and_cosine_are_of_one_angle():
    run = sample(NET, X, num_networks=300, observables=["correlation", "log_sine", "log_norm"], matrix="pair")
    assert run.matrix == "pair"
    assert run["log_sine"].count == 300
    # Layer 0 alone has no loss to rounding to speak of: E ln(1 − ρ²) lies below ln(1 − E ρ²) ≤ ln(1 − (E ρ)²).
    cosine, sine = (run[name].mean[0].value for name in ("correlation", "log_sine"))
    assert 2 * sine < np.log(1 - cosine**2) < 0


def test_a_float32_matrix_says_when_the_angle_is_too_small_for_it():
    deep = MLP(width=16, depth=300, input_dim=2, activation="leaky-relu:1,0.1")
    with pytest.raises(SamplingError, match="use matrix='pair'"):
        sample(deep, X, num_networks=32, observables=["log_sine"], matrix="lazy")


def test_dead_networks_are_left_out_and_inputs_that_merge_are_told_apart():
    narrow = MLP(width=4, depth=8, input_dim=2)
    drawn = run_blocks(
        Program(narrow, PAIR, ("correlation", "log_sine"), 256, 64), as_inputs(X, 2), key_of(1), range(1)
    )
    dead = drawn.dead.sum(axis=1)
    assert all(np.any(dead == number) for number in (0, 1, 2))
    last = drawn.values["log_sine"][:, 0, -1]
    merged = (dead == 0) & np.isneginf(last)
    assert np.any(merged)
    np.testing.assert_allclose(np.abs(drawn.values["correlation"][merged, 0, -1]), 1, atol=1e-6)
    alive = (dead == 0) & ~merged
    assert np.all(np.isfinite(last[alive]))
    settings = settings_of(narrow, as_inputs(X, 2), ("log_sine",), 64)
    with pytest.raises(SamplingError, match="a unit that alone is active for both"):
        States.of(settings, drawn, slice(0, 256))
    States.of(settings_of(narrow, as_inputs(X, 2), ("correlation",), 64), drawn, slice(0, 256))
