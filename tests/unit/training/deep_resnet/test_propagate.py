"""Hidden states and gradients, against the equation written out layer by layer."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.activations import RELU, TANH, Activation, custom
from deeplimits.training.deep_resnet import hidden_states
from deeplimits.training.deep_resnet.propagate import propagate
from deeplimits.training.residual_layers import segments_of

DEPTH, NETWORKS, BATCH = 6, 2, 5


def arguments(width: int) -> tuple[Any, Any, Any]:
    generator = np.random.default_rng(3)

    def draw(*shape: int) -> Any:
        return jnp.asarray(generator.normal(size=shape) / width**0.5, jnp.float32)

    layers = (draw(DEPTH, NETWORKS, width, width), draw(DEPTH, NETWORKS, width), draw(DEPTH, NETWORKS))
    return layers, draw(NETWORKS, width, BATCH), draw(NETWORKS, width, BATCH)


def written_out(phi: Activation, layers: Any, hidden: Any) -> Any:
    def one(layers: Any, state: Any) -> Any:
        for weight, bias, scale in zip(*layers, strict=True):
            state = state + scale * phi(weight @ state + bias[:, None])
        return state

    return jax.vmap(one, in_axes=(1, 0))(layers, hidden)


def assert_close(found: Any, expected: Any) -> None:
    scale = float(np.abs(expected).max())
    assert found.shape == expected.shape and scale > 1e-2
    assert float(np.abs(found - expected).max()) < 1e-4 * scale


SOFT = custom(lambda z: jnp.log1p(jnp.exp(z)), name="softplus")


@pytest.mark.parametrize(("phi", "width"), [(TANH, 4), (RELU, 30), pytest.param(SOFT, 4, marks=pytest.mark.slow)])
def test_output_and_gradients_are_those_of_the_equation_written_out(phi: Activation, width: int) -> None:
    layers, hidden, probe = arguments(width)

    def graded(run: Any) -> Any:
        def value(layers: Any, hidden: Any) -> Any:
            out = run(layers, hidden)
            return jnp.sum(out * probe), out

        return jax.jit(jax.grad(value, argnums=(0, 1), has_aux=True))(layers, hidden)

    expected, end = graded(lambda layers, hidden: written_out(phi, layers, hidden))
    for segments in (1, 3):  # the second keeps the first state of each segment only
        found, out = graded(lambda layers, hidden, segments=segments: propagate(phi, segments, layers, hidden))
        assert_close(out, end)
        for mine, theirs in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
            assert_close(mine, theirs)


def test_hidden_states_in_double_precision_are_those_of_the_compiled_program() -> None:
    (weight, bias, scale), hidden, _ = arguments(4)
    end = propagate(TANH, 1, (weight, bias, scale), hidden)
    for number in range(NETWORKS):
        states = [
            *hidden_states(
                hidden[number].T, weight[:, number], scale=scale[:, number], bias=bias[:, number], activation="tanh"
            )
        ]
        assert len(states) == DEPTH + 1 and states[-1].dtype == np.float64
        last = states[-1].T
        assert last == pytest.approx(np.asarray(end[number]), abs=1e-5)


def test_hidden_states_without_scale_and_bias_add_the_activation_itself() -> None:
    weight, start = np.random.default_rng(0).normal(size=(2, 3, 3)), np.ones((1, 3))
    middle = start + np.tanh(start @ weight[0].T)
    assert [*hidden_states(start, weight)][2] == pytest.approx(middle + np.tanh(middle @ weight[1].T))


def test_segments_have_room_for_every_depth_and_little_more() -> None:
    for depth in (*range(1, 300), 1000, 9100, 10_000):
        segments, length = segments_of(depth)
        assert depth <= segments * length
        if depth > 128:
            assert segments * length < depth + length and abs(length - depth**0.5) <= 0.5
        else:
            assert segments == 1 and length < max(17, 2 * depth)
