"""Training of mean-field ResNets, against finite differences and a literal loop in double precision."""

import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.architectures.particle_law import TURNING
from deeplimits.training.mean_field_resnet import initial_kernels, train_mean_field_resnet
from deeplimits.training.mean_field_resnet.particles import Particles, initial_particles
from deeplimits.training.mean_field_resnet.steps import advance, kernels_of

POINTS, TARGETS, READOUT = np.array([[1.0, 0.2], [-0.5, 1.3]]), np.array([0.5, -0.4]), np.array([0.6, -0.8])
DEPTH, SIZE = 3, 4


def literal(outer, inner, scale=1.0):
    """Return outputs of one network, (inputs,), with a and w of shape (layers, particles, 2)."""
    found = []
    for x in POINTS:
        for a, w in zip(outer, inner, strict=True):
            x = x + scale / (DEPTH * SIZE) * sum(np.tanh(w[m] @ x) * a[m] for m in range(SIZE))
        found.append(READOUT @ x)
    return np.array(found)


def gradients(outer, inner, scale=1.0, step=1e-5):
    """Return the derivatives of every output by every number, (inputs, numbers), by central differences."""
    flat = np.concatenate([outer.ravel(), inner.ravel()])

    def at(values):
        return literal(*values.reshape(2, *outer.shape), scale)

    return np.array([(at(flat + e) - at(flat - e)) / (2 * step) for e in step * np.eye(len(flat))]).T


@pytest.fixture
def start():
    return initial_particles(TURNING, DEPTH, SIZE, range(2), 7)


def network(particles, number):
    return tuple(np.asarray(part, np.float64)[:, number] for part in particles)


@pytest.mark.parametrize("scale", [1.0, 1.7])
def test_kernels_are_those_of_finite_differences(start, scale):
    arrays = tuple(np.float32(part) for part in (POINTS, TARGETS, READOUT, scale))
    kernels = np.asarray(kernels_of(start, arrays))
    for number in range(2):
        slopes = gradients(*network(start, number), scale)
        np.testing.assert_allclose(kernels[number], DEPTH * SIZE * slopes @ slopes.T, rtol=2e-4)


def test_a_step_is_the_gradient_of_half_the_mean_square_times_layers_and_particles(start):
    arrays = tuple(np.float32(part) for part in (POINTS, TARGETS, READOUT, 1.0))
    moved = advance(Particles(*map(jnp.copy, start)), arrays, np.float32(0.5), 1)
    for number in range(2):
        outer, inner = network(start, number)
        slope = gradients(outer, inner).T @ (literal(outer, inner) - TARGETS) / len(TARGETS)
        wanted = np.concatenate([outer.ravel(), inner.ravel()]) - 0.5 * DEPTH * SIZE * slope
        np.testing.assert_allclose(np.concatenate([part.ravel() for part in network(moved, number)]), wanted, atol=2e-5)


def test_a_run_measures_where_it_is_asked_to():
    sizes = {"depth": DEPTH, "particles": SIZE, "learning_rate": 0.25}
    run = train_mean_field_resnet(TURNING, POINTS, TARGETS, READOUT, steps=[0, 3, 40], seeds=2, seed=7, **sizes)
    assert run.times.tolist() == [0.0, 0.75, 10.0]
    assert not run.movement[:, 0].any() and (run.movement[:, 2] > run.movement[:, 1]).all()
    assert (np.diff(run.loss, axis=1) < 0).all()
    kernels = initial_kernels(TURNING, POINTS, READOUT, depth=DEPTH, particles=SIZE, num_networks=2, seed=7)
    np.testing.assert_allclose(run.kernel[:, 0], kernels, rtol=1e-5)
    np.testing.assert_allclose(run.smallest_eigenvalue[:, 0], np.linalg.eigvalsh(kernels)[:, 0], rtol=1e-4)
    more = train_mean_field_resnet(TURNING, POINTS, TARGETS, READOUT, steps=[3], seeds=3, seed=7, **sizes)
    np.testing.assert_allclose(more.loss[:2, 0], run.loss[:, 1], rtol=1e-5)


def test_a_divergence_is_a_result():
    run = train_mean_field_resnet(
        TURNING, POINTS, TARGETS, READOUT, depth=2, particles=3, learning_rate=1e30, steps=[0, 5]
    )
    assert not np.isfinite(run.loss[0, 1]) and np.isnan(run.smallest_eigenvalue[0, 1])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"steps": [3, 3]}, "increasing"),
        ({"steps": []}, "increasing"),
        ({"steps": [0.5]}, "integers"),
        ({"learning_rate": 0.0}, "learning_rate"),
        ({"seeds": 0}, "seeds"),
        ({"targets": [1.0]}, "targets"),
        ({"readout": [1.0]}, "readout"),
        ({"inputs": [1.0]}, "two columns"),
        ({"scale": 0.0}, "scale"),
        ({"targets": [1.0, float("nan")]}, "finite"),
    ],
)
def test_mistakes_are_refused(changes, message):
    given = {"inputs": POINTS, "targets": TARGETS, "readout": READOUT, "depth": 2, "particles": 2, "learning_rate": 0.5,
             "steps": [0], **changes}  # fmt: skip
    with pytest.raises(ValueError, match=message):
        train_mean_field_resnet(TURNING, given.pop("inputs"), given.pop("targets"), given.pop("readout"), **given)


def test_kernels_of_a_number_are_refused():
    with pytest.raises(ValueError, match="two columns"):
        initial_kernels(TURNING, 1.0, READOUT, depth=2, particles=2, num_networks=2)
