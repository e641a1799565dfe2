"""The equations that weights stand for, against closed forms and against networks written as loops."""

import numpy as np
import pytest
from scipy.linalg import expm

from deeplimits.activations import custom
from deeplimits.limits.weight_flow import implied_ode, implied_sde
from deeplimits.limits.weight_flow.layer_field import layer_field
from deeplimits.limits.weight_flow.sde import trend_share
from deeplimits.weights import LayerWeights
from deeplimits.weights.laws import planted_rough, planted_smooth

RNG = np.random.default_rng(5)
WIDTH = 4
INPUTS = RNG.standard_normal((3, WIDTH))
MATRIX, SHIFT = RNG.standard_normal((WIDTH, WIDTH)) / 2, RNG.standard_normal(WIDTH)


def constant_layers(depth, size=1.0, scale=None):
    weight, bias = np.tile(size * MATRIX / depth, (depth, 1, 1)), np.tile(size * SHIFT / depth, (depth, 1))
    return LayerWeights(weight, scale=scale, bias=bias)


def affine_flow(matrix, shift, times):
    """Return the solution of H' = matrix H + shift from INPUTS, by one matrix exponential with a constant entry."""
    whole = np.zeros((WIDTH + 1, WIDTH + 1))
    whole[:WIDTH, :WIDTH], whole[:WIDTH, WIDTH] = matrix, shift
    start = np.concatenate([INPUTS, np.ones((3, 1))], axis=1)
    return np.array([start @ expm(t * whole).T for t in times])[..., :WIDTH]


def smooth_network(depth, size=0.5):
    weight = planted_smooth(depth, (WIDTH, WIDTH), exponent=0.0, seed=1)
    bias = planted_smooth(depth, (WIDTH,), exponent=0.0, seed=2)
    return LayerWeights(size * weight, scale=1 / depth, bias=size * bias)


def states_of(network, phi):
    """Return the network's hidden states, written as the equation stands in the paper."""
    state, found = INPUTS, [INPUTS]
    for weight, bias, scale in zip(network.weight, network.bias, network.scale_path[:, 0], strict=True):
        state = state + scale * phi(state @ weight.T + bias)
        found.append(state)
    return np.array(found)


@pytest.mark.parametrize("equation", ["trend", "linear"])
def test_constant_layers_give_the_matrix_exponential(equation):
    path = implied_ode(constant_layers(20), INPUTS, activation="identity", equation=equation)
    assert path.states == pytest.approx(affine_flow(MATRIX, SHIFT, path.times), abs=1e-7)
    assert 0 < path.numerical_error < 1e-5
    assert path.times[[0, -1]].tolist() == [0, 1]


@pytest.mark.parametrize("matrix", [[[0.0, -50.0], [50.0, 0.0]], [[10.0, 0.0], [0.0, -20.0]]])
def test_the_solver_is_off_by_no_more_than_it_says(matrix):
    path = implied_ode(LayerWeights(np.tile(np.array(matrix) / 60, (60, 1, 1))), [[1.0, 0.5]], activation="identity")
    exact = np.array([expm(t * np.array(matrix)) @ [1.0, 0.5] for t in path.times])
    assert np.abs(path.states[:, 0] - exact).max() < path.numerical_error


@pytest.mark.parametrize("solve", [implied_ode, implied_sde])
def test_explosions_are_no_numbers_but_an_error(solve):
    with pytest.raises(RuntimeError, match="explode"):
        solve(LayerWeights(np.tile(1000 * np.eye(WIDTH), (20, 1, 1))), INPUTS, activation="relu")


def test_the_linear_equation_has_the_slope_of_the_activation_at_zero():
    path = implied_ode(constant_layers(20), INPUTS, activation="erf", equation="linear")
    slope = 2 / np.sqrt(np.pi)
    assert path.states == pytest.approx(affine_flow(slope * MATRIX, slope * SHIFT, path.times), abs=1e-7)


def relative_error(network, phi, **options):
    own = states_of(network, phi)
    path = implied_ode(network, INPUTS, **options)
    return np.sqrt(np.mean((path.states - own) ** 2) / np.mean((own - own[0]) ** 2))


def test_networks_with_smooth_weights_come_to_the_ode_as_one_over_depth():
    errors = [relative_error(smooth_network(depth), np.tanh, activation="tanh") for depth in (80, 160)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(1, abs=0.06)


def test_a_kink_of_the_activation_is_smoothed_over():
    assert relative_error(smooth_network(160), lambda z: np.maximum(z, 0), activation="relu") < 0.01


def test_the_linear_equation_is_the_limit_of_small_weights_only():
    options = {"activation": "tanh", "equation": "linear"}
    small, large = (relative_error(smooth_network(160, size), np.tanh, **options) for size in (0.02, 1.0))
    assert small < 0.003 < 0.02 < large


def test_signs_that_change_from_layer_to_layer_are_part_of_the_field():
    network = smooth_network(40)
    signs = RNG.choice([-1.0, 1.0], 40)
    flipped = LayerWeights(
        signs[:, None, None] * network.weight,
        scale=signs * network.scale_path[:, 0],
        bias=signs[:, None] * network.bias,
    )
    one, other = (implied_ode(some, INPUTS, activation="tanh").states for some in (network, flipped))
    assert other == pytest.approx(one, abs=1e-9)


def test_without_noise_the_sde_is_the_ode():
    network = constant_layers(16)
    paths = implied_sde(network, INPUTS, activation="identity", paths=2, steps=2000)
    assert paths.states[0] == pytest.approx(paths.states[1], abs=1e-5)
    assert paths.states[0] == pytest.approx(affine_flow(MATRIX, SHIFT, paths.times), abs=2e-3)


def test_chance_is_not_taken_for_a_trend():
    rough = LayerWeights(planted_rough(200, (WIDTH, WIDTH), exponent=0.5))
    assert trend_share(layer_field(rough, "identity", 1), INPUTS) < 0.6
    drifting = LayerWeights(planted_rough(200, (WIDTH, WIDTH), exponent=0.5) + np.eye(WIDTH))
    assert trend_share(layer_field(drifting, "identity", 1), INPUTS) > 0.99
    assert trend_share(layer_field(constant_layers(50), "identity", 1), INPUTS) == pytest.approx(1)


def test_the_inputs_of_a_path_share_its_noise():
    network = LayerWeights(planted_rough(100, (WIDTH, WIDTH), exponent=0.5))
    both = np.concatenate([INPUTS[:1], 2 * INPUTS[:1]])
    states = implied_sde(network, both, activation="relu", paths=5).states
    assert states[:, :, 1] == pytest.approx(2 * states[:, :, 0], rel=1e-4, abs=1e-5)


def test_seeds_are_told_apart():
    network = LayerWeights(planted_rough(30, (WIDTH, WIDTH), exponent=0.5))
    one, same, other = (implied_sde(network, INPUTS, activation="tanh", paths=2, seed=s).states for s in (0, 0, 1))
    assert np.array_equal(one, same)
    assert not np.allclose(one[:, -1], other[:, -1])


@pytest.mark.parametrize(
    ("network", "inputs", "options", "message"),
    [
        (LayerWeights(np.ones((20, 3, 4))), INPUTS, {}, "square weights"),
        (LayerWeights(np.ones((5, WIDTH, WIDTH))), INPUTS, {}, "at least 8, got 5"),
        (LayerWeights(np.ones((20, WIDTH, WIDTH)), bias=np.ones((20, 1))), INPUTS, {}, "biases must have shape"),
        (constant_layers(20), INPUTS[:, :2], {}, r"inputs must have shape \(samples, 4\)"),
        (constant_layers(20), INPUTS * np.nan, {}, "inputs must be finite"),
        (constant_layers(20), INPUTS, {"intervals": 17}, "20 degrees of freedom"),
        (constant_layers(20), INPUTS, {"equation": "cubic"}, "equation"),
        (constant_layers(20), INPUTS, {"equation": "linear", "activation": "relu"}, "no linear equation"),
        (constant_layers(20), INPUTS, {"equation": "linear", "activation": custom(np.cos)}, "no linear equation"),
    ],
)
def test_what_does_not_fit_is_refused(network, inputs, options, message):
    with pytest.raises(ValueError, match=message):
        implied_ode(network, inputs, **{"activation": "tanh", **options})


def test_networks_of_two_shapes_have_no_common_law():
    with pytest.raises(ValueError, match="of one shape in all networks"):
        implied_sde([constant_layers(20), constant_layers(30)], INPUTS, activation="tanh")
    with pytest.raises(ValueError, match="paths"):
        implied_sde(constant_layers(20), INPUTS, activation="tanh", paths=0)
