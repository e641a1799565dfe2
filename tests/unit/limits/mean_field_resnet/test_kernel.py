"""The tangent kernel's limit, the bound on the loss, and training of infinitely many particles."""

import numpy as np
import pytest

from deeplimits.activations import TANH
from deeplimits.activations.duals import dual
from deeplimits.architectures.particle_law import TURNING
from deeplimits.limits.mean_field_resnet import loss_bound, tangent_kernel_limit, training_limit

POINTS, READOUT, TARGETS = np.array([[1.0, 0.2], [-0.5, 1.3]]), np.array([0.6, -0.8]), np.array([0.5, -0.4])


def test_of_particles_at_rest_it_is_a_dual():
    kernel = tangent_kernel_limit(TURNING.scaled(0.0), POINTS, READOUT)
    lengths = np.linalg.norm(POINTS, axis=1)
    for i in range(2):
        for j in range(2):
            cosine = POINTS[i] @ POINTS[j] / (lengths[i] * lengths[j])
            said = dual(TANH, lengths[i] ** 2, lengths[j] ** 2, cosine) * READOUT @ READOUT
            assert kernel[i, j] == pytest.approx(said, rel=1e-9)


def test_finite_depth_goes_to_the_limit_at_rate_one_over_depth():
    near, nearer = (tangent_kernel_limit(TURNING, POINTS, READOUT, depth=depth) for depth in (100, 200))
    np.testing.assert_allclose(2 * nearer - near, tangent_kernel_limit(TURNING, POINTS, READOUT), atol=1e-4)


def test_the_flow_of_particles_starts_with_that_kernel_and_loses_what_it_says():
    run = training_limit(TURNING, POINTS, TARGETS, READOUT, depth=4, times=[0.0, 0.01], spacing=0.25, reach=7.0)
    wanted = tangent_kernel_limit(TURNING, POINTS, READOUT, depth=4)
    np.testing.assert_allclose(run.kernel[0], wanted, rtol=1e-6)
    # By hand: dE/dt = −rᵀ K r / N², between two times at which K is nearly one.
    step = training_limit(
        TURNING, POINTS, TARGETS, READOUT, depth=4, times=[0.0, 0.01], learning_rate=0.01, spacing=0.25, reach=7.0
    )
    assert run.loss[1] == pytest.approx(step.loss[1], rel=1e-4)
    eigenvalues = np.linalg.eigvalsh(wanted)
    fall = np.log(run.loss[0] / run.loss[1]) / 0.01
    assert 2 * eigenvalues[0] / 2 < fall < 2 * eigenvalues[1] / 2


def test_the_nodes_of_training_are_fine_enough():
    times = [0.0, 10.0]
    runs = [
        training_limit(TURNING, POINTS, TARGETS, READOUT, depth=3, times=times, learning_rate=0.5, spacing=spacing)
        for spacing in (0.4, 0.5)
    ]
    assert runs[0].loss[1] == pytest.approx(runs[1].loss[1], rel=0.02)
    assert runs[0].smallest_eigenvalue[1] == pytest.approx(runs[1].smallest_eigenvalue[1], rel=0.01)
    assert runs[0].movement[0] == 0 and runs[0].movement[1] > 0.3
    assert runs[0].loss[1] < loss_bound(runs[0].loss[0], runs[0].smallest_eigenvalue.min(), [10.0], 2)[0]


def test_the_bound_is_an_exponential():
    np.testing.assert_allclose(loss_bound(0.7, 0.3, [0.0, 2.0], 4), [0.7, 0.7 * np.exp(-0.3)])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"inputs": [[1.0, 0.0], [-1.0, 0.0]]}, "equal or opposite"),
        ({"inputs": [[1.0, 0.0], [0.0, 0.0]]}, "input 1"),
        ({"inputs": [1.0, 2.0]}, "two columns"),
        ({"targets": [1.0]}, "targets must be 2"),
        ({"readout": [0.0, 0.0]}, "readout"),
        ({"times": [1.0, 1.0]}, "increasing"),
        ({"times": [0.0, 0.3], "learning_rate": 0.25}, "multiples"),
        ({"spacing": 11.0}, "spacing must be at most 1"),
        ({"reach": 1.0}, "reach at least 3"),
        ({"targets": [50.0, -50.0], "times": [0.0, 1e5], "learning_rate": 100.0}, "diverges"),
    ],
)
def test_mistakes_are_refused(changes, message):
    given = {"inputs": POINTS, "targets": TARGETS, "readout": READOUT, "depth": 2, "times": [0.0], **changes}
    with pytest.raises(ValueError, match=message):
        training_limit(TURNING, given.pop("inputs"), given.pop("targets"), given.pop("readout"), **given)


def test_a_bound_needs_numbers_it_can_bound_with():
    with pytest.raises(ValueError, match="times"):
        loss_bound(1.0, 0.1, [-1.0], 4)
    with pytest.raises(ValueError, match="smallest_eigenvalue"):
        loss_bound(1.0, -0.1, [1.0], 4)
