"""Networks beside the equations of their weights: what is compared, on networks whose answers are known."""

import math

import jax
import numpy as np
import pytest

from deeplimits.activations import custom
from deeplimits.comparison.hidden_paths import compare_paths
from deeplimits.weights import LayerWeights
from deeplimits.weights.laws import planted_smooth

INPUTS = np.random.default_rng(2).standard_normal((5, 3))
DEPTH = 24


def networks(count):
    return [
        LayerWeights(planted_smooth(DEPTH, (3, 3), exponent=0.0, seed=i) / 4, scale=1 / DEPTH) for i in range(count)
    ]


def test_smooth_networks_are_near_to_their_equations():
    found = compare_paths(networks(2), INPUTS, np.zeros_like(INPUTS), activation="tanh", paths=0)
    assert found.depth == DEPTH
    assert set(found.path_errors) == {"trend", "linear"}
    assert set(found.losses) == {"network", "trend", "linear", "denoised"}
    assert found.path_errors["trend"].value < 0.05
    assert found.path_errors["trend"].count == 2
    moved = {name: estimate.value for name, estimate in found.displacements.items()}
    assert moved["trend"] == pytest.approx(moved["network"], rel=0.1)
    assert moved["linear"] > moved["trend"]  # tanh bends down


def test_one_network_has_no_standard_error_and_relu_no_linear_equation():
    found = compare_paths(networks(1), INPUTS, activation="relu", paths=0)
    assert set(found.path_errors) == {"trend"}
    assert math.isinf(found.path_errors["trend"].standard_error)
    assert found.losses == {}


def test_a_network_of_equal_layers_is_its_own_trend():
    weight = np.tile(np.eye(3) / DEPTH, (DEPTH, 1, 1))
    signs = np.where(np.arange(DEPTH) % 2, -1.0, 1.0)
    network = LayerWeights(weight, scale=signs, bias=np.full((DEPTH, 3), 0.1))
    found = compare_paths([network], INPUTS, INPUTS, activation="tanh", paths=0)
    assert found.losses["denoised"].value == pytest.approx(found.losses["network"].value, rel=1e-12)


def test_one_scale_for_all_layers_stays_what_it_is():
    matrix = 3 * np.eye(3)[[1, 2, 0]]  # so large that tanh bends, and δ tanh(A h) is not tanh(δ A h)
    network = LayerWeights(np.tile(matrix, (DEPTH, 1, 1)), scale=-1 / DEPTH)
    found = compare_paths([network], INPUTS, INPUTS, activation="tanh", paths=0)
    assert found.losses["denoised"].value == pytest.approx(found.losses["network"].value, rel=1e-12)


def test_an_activation_that_is_not_0_at_0_has_no_linear_equation():
    found = compare_paths(networks(1), INPUTS, activation=custom(jax.nn.sigmoid), paths=0)
    assert set(found.path_errors) == {"trend"}


def test_networks_that_do_not_move_have_no_relative_error():
    found = compare_paths(networks(2), np.zeros((2, 3)), activation="tanh", paths=0)
    assert math.isnan(found.path_errors["trend"].value)
    assert found.displacements["network"].value == 0


def test_targets_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"inputs' shape \(5, 3\), got \(5, 2\)"):
        compare_paths(networks(1), INPUTS, INPUTS[:, :2], activation="tanh", paths=0)
