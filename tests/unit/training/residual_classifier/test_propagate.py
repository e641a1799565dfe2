"""Hidden states and gradients: a loop in NumPy, finite differences, and automatic differentiation."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.activations import RELU, TANH, Activation
from deeplimits.training.residual_classifier.propagate import Layers, propagate

DEPTH, NETWORKS, BATCH = 6, 2, 5
POINTWISE = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}


def arguments(width: int, *, two: bool, biases: bool) -> tuple[Layers, Any, Any]:
    generator = np.random.default_rng(5)

    def draw(*shape: int) -> Any:
        return generator.normal(size=shape)

    matrix, bias = (DEPTH, NETWORKS, width, width), (DEPTH, NETWORKS, width)
    layers = Layers(
        outer=draw(*matrix) / width**0.5,
        scale=np.abs(draw(DEPTH, NETWORKS)) / 2,
        outer_bias=draw(*bias) if biases else None,
        inner=draw(*matrix) / width**0.5 if two else None,
        inner_bias=draw(*bias) if two and biases else None,
    )
    return layers, draw(NETWORKS, width, BATCH), draw(NETWORKS, width, BATCH)


def by_a_loop(phi: str, layers: Layers, hidden: Any) -> Any:
    """Go through the layers of each network one by one, in double precision."""
    ends = []
    for network in range(NETWORKS):
        state = hidden[network]
        for k in range(DEPTH):
            inner = state if layers.inner is None else layers.inner[k, network] @ state
            if layers.inner_bias is not None:
                inner = inner + layers.inner_bias[k, network][:, None]
            branch = layers.outer[k, network] @ POINTWISE[phi](inner)
            if layers.outer_bias is not None:
                branch = branch + layers.outer_bias[k, network][:, None]
            state = state + layers.scale[k, network] * branch
        ends.append(state)
    return np.stack(ends)


@pytest.mark.parametrize(("two", "biases", "width"), [(False, True, 4), (True, True, 4), (True, False, 30)])
def test_the_scan_is_the_loop(two: bool, biases: bool, width: int) -> None:
    layers, hidden, _ = arguments(width, two=two, biases=biases)
    expected = by_a_loop("relu", layers, hidden)
    single = jax.tree.map(jnp.float32, layers)
    for segments in (1, 3):
        assert np.asarray(propagate(RELU, segments, single, jnp.float32(hidden))) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(("two", "biases"), [(False, True), (True, True), (False, False)])
def test_the_gradient_is_that_of_finite_differences(two: bool, biases: bool) -> None:
    layers, hidden, probe = arguments(4, two=two, biases=biases)

    def value(layers: Layers, hidden: Any) -> Any:
        return jnp.sum(propagate(TANH, 3, layers, hidden) * jnp.float32(probe))

    found = jax.grad(value, argnums=(0, 1))(jax.tree.map(jnp.float32, layers), jnp.float32(hidden))
    step, generator = 1e-5, np.random.default_rng(6)
    names = [name for name in ("outer", "outer_bias", "inner", "inner_bias") if getattr(layers, name) is not None]
    for name in (*names, "hidden"):
        whole = hidden if name == "hidden" else getattr(layers, name)
        gradient = found[1] if name == "hidden" else getattr(found[0], name)
        direction = generator.normal(size=whole.shape)
        ends = []
        for sign in (1, -1):
            moved = whole + sign * step * direction
            there = (layers, moved) if name == "hidden" else (layers._replace(**{name: moved}), hidden)
            ends.append(np.sum(by_a_loop("tanh", *there) * probe))
        expected = (ends[0] - ends[1]) / (2 * step)
        assert np.sum(np.asarray(gradient) * direction) == pytest.approx(expected, rel=2e-4, abs=1e-3), name


@pytest.mark.parametrize("two", [pytest.param(False, marks=pytest.mark.slow), True])
def test_the_gradient_is_that_of_automatic_differentiation(two: bool) -> None:
    layers, hidden, probe = arguments(30, two=two, biases=True)
    single, start = jax.tree.map(jnp.float32, layers), jnp.float32(hidden)

    def plain(phi: Activation, layers: Layers, state: Any) -> Any:
        for k in range(DEPTH):
            inner = state if layers.inner is None else layers.inner[k] @ state + layers.inner_bias[k][..., None]
            branch = layers.outer[k] @ phi(inner) + layers.outer_bias[k][..., None]
            state = state + layers.scale[k][:, None, None] * branch
        return state

    def graded(run: Any) -> Any:
        return jax.jit(jax.grad(lambda layers, state: jnp.sum(run(RELU, layers, state) * probe), argnums=(0, 1)))

    expected = graded(plain)(single, start)
    for segments in (1, 3):
        found = graded(lambda phi, layers, state, n=segments: propagate(phi, n, layers, state))(single, start)
        for name in ("outer", "outer_bias", "inner", "inner_bias"):
            mine, theirs = getattr(found[0], name), getattr(expected[0], name)
            if mine is not None:
                assert float(jnp.abs(mine - theirs).max()) < 1e-4 * float(jnp.abs(theirs).max())
        assert np.asarray(found[1]) == pytest.approx(np.asarray(expected[1]), abs=1e-3)
