"""Movements of outputs and gradients, against derivatives of a literal loop and against double precision."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.sampling.residual_ratios import IndependentLayers, PathLayers, propagate, residual_ratios


def weights_of(layers):
    return [np.asarray(matrices, np.float64) for matrices in layers]


def literal(weights, network, start, cotangent, scale):
    """Return the four logarithms of one network and column in double precision."""
    h, states = start.copy(), []
    for matrices in weights:
        inner = h if len(matrices) == 1 else matrices[1][network] @ h
        states.append(inner)
        h = h + scale * matrices[0][network] @ np.maximum(inner, 0)
    p = cotangent.copy()
    for matrices, inner in zip(weights[::-1], states[::-1], strict=True):
        pulled = (inner > 0) * (matrices[0][network].T @ p)
        p = p + scale * (pulled if len(matrices) == 1 else matrices[1][network].T @ pulled)
    norm = np.linalg.norm
    ends = ((h, start), (p, cotangent))
    return [np.log(norm(part) / norm(first)) for end, first in ends for part in (end, end - first)]


@pytest.mark.parametrize("matrices", [1, 2])
def test_the_adjoint_is_the_derivative_of_a_literal_loop(matrices):
    depth, width, scale, target = 5, 6, 0.4, 0.3
    rng = np.random.default_rng(3)
    layers = IndependentLayers(depth, matrices, 1, width, (1, 2))
    weights = [np.asarray(part)[:, 0] for part in layers]
    start, readout = rng.normal(size=(2, width))

    def states(first):
        found = [first]
        for part in weights:
            inner = found[-1] if matrices == 1 else part[1] @ found[-1]
            found.append(found[-1] + scale * part[0] @ jnp.maximum(inner, 0))
        return found

    loss = jax.grad(lambda first: (readout @ states(first)[-1] - target) ** 2)
    gradient = np.asarray(loss(jnp.asarray(start, jnp.float32)), np.float64)
    last = np.asarray(states(start)[-1], np.float64)
    end = 2 * (readout @ last - target) * readout
    forward, backward = propagate(layers, start[None, :, None], readout[None, :, None], [scale])
    norm = np.linalg.norm
    assert forward.log_ratio.item() == pytest.approx(np.log(norm(last) / norm(start)), abs=1e-5)
    assert forward.log_displacement.item() == pytest.approx(np.log(norm(last - start) / norm(start)), abs=1e-5)
    assert backward.log_ratio.item() == pytest.approx(np.log(norm(gradient) / norm(end)), abs=1e-5)
    assert backward.log_displacement.item() == pytest.approx(np.log(norm(gradient - end) / norm(end)), abs=1e-5)


@pytest.mark.parametrize(("scale", "least", "most"), [(5.0, 100.0, 500.0), (1e-4, -9.0, -4.0)])
def test_explosions_and_small_displacements_are_those_of_double_precision(scale, least, most):
    layers = IndependentLayers(300, 2, 2, 8, (5,))
    rng = np.random.default_rng(0)
    start, cotangent = rng.normal(size=(2, 2, 8, 3))
    scales = [scale, scale, scale / 2]
    forward, backward = propagate(layers, start, cotangent, scales)
    weights = weights_of(layers)
    for network in range(2):
        for column, size in enumerate(scales):
            said = literal(weights, network, start[network, :, column], cotangent[network, :, column], size)
            # Where a neuron is within rounding of 0, gradients of single precision may be those of its other side.
            for one, wanted, tolerance in ((forward, said[:2], 1e-4), (backward, said[2:], 5e-3)):
                found = [part[network, column] for part in (one.log_ratio, one.log_displacement)]
                np.testing.assert_allclose(found, wanted, rtol=tolerance, atol=tolerance)
    assert least < forward.log_displacement.min() and forward.log_displacement.max() < most


def test_layers_are_the_same_in_both_directions_and_have_their_variance():
    layers = IndependentLayers(21, 2, 30, 12, (7,))
    there, back = list(layers), list(reversed(layers))
    assert len(there) == 21 and all(np.array_equal(a, b) for a, b in zip(there, back[::-1], strict=True))
    entries = np.asarray(there, np.float64) * np.sqrt(12 / 3)
    assert abs(entries).max() < 1
    assert abs(entries.mean()) < 5 / np.sqrt(3 * entries.size)
    assert entries.var() == pytest.approx(1 / 3, abs=5 * np.sqrt(4 / 45 / entries.size))
    assert abs(np.mean(entries[:, 0] * entries[:, 1])) < 5 / 3 / np.sqrt(entries[:, 0].size)


def test_paths_are_layers_in_order():
    paths = np.random.default_rng(0).normal(size=(2, 4, 3, 3))
    layers = PathLayers(*paths)
    for k, (one, other) in enumerate(zip(layers, list(reversed(layers))[::-1], strict=True)):
        np.testing.assert_allclose(one[:, 0], paths[:, k], rtol=1e-6)
        assert np.array_equal(one, other)


@pytest.mark.parametrize("law", ["iid", "fbm:0.7", "rbf"])
def test_more_draws_or_other_exponents_leave_the_draws_as_they_were(law):
    few = residual_ratios(16, 30, [0.5], law=law, draws=2, inputs=2)
    more = residual_ratios(16, 30, [1.0, 0.5], law=law, draws=40 if law == "iid" else 3, inputs=2)
    for name in ("output", "output_displacement", "gradient", "gradient_displacement"):
        np.testing.assert_allclose(getattr(few, name)[:, 0], getattr(more, name)[:2, 1], atol=1e-5)
    other = residual_ratios(16, 30, [0.5], law=law, draws=2, inputs=2, seed=1)
    assert not np.allclose(few.output, other.output, atol=1e-3)


def test_inputs_of_one_draw_have_its_weights():
    # With weights in common the displacements of near inputs are near; all inputs are in one orthant.
    found = residual_ratios(50, 20, [0.5], draws=30, inputs=2).output_displacement[:, 0]
    assert np.corrcoef(found.T)[0, 1] > 0.5


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"exponents": []}, "at least one"),
        ({"exponents": [-0.1]}, "exponent"),
        ({"depth": 0}, "depth"),
        ({"draws": 0}, "draws"),
        ({"block": "three"}, "block"),
        ({"law": "levy"}, "law"),
    ],
)
def test_mistakes_are_refused(changes, message):
    given = {"depth": 3, "width": 4, "exponents": [0.5], "draws": 1, **changes}
    with pytest.raises(ValueError, match=message):
        residual_ratios(given.pop("depth"), given.pop("width"), given.pop("exponents"), **given)
