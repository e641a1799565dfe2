"""The state through infinitely many particles: golden values, derivatives by JAX, closed forms and limits."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.activations import TANH
from deeplimits.activations.duals import derivative_dual, second_moment
from deeplimits.architectures.particle_law import TURNING, ParticleLaw
from deeplimits.limits.mean_field_resnet import forward_limit, shared, shared_variance
from deeplimits.limits.mean_field_resnet.field import Field
from deeplimits.limits.mean_field_resnet.gaussian_rule import half_plane_rule, line_rule

LAW = ParticleLaw(((0.3, 1.0), (-0.7, 0.2)), ((1.0, -0.4), (0.1, 0.5)))


def test_the_golden_state():
    # Recorded before, from the same differential equation: clockwise quarter turn, s as the layer's time.
    np.testing.assert_allclose(forward_limit().state, [0.786770, -1.215135], atol=6e-7)
    anticlockwise = ParticleLaw(((0.0, -1.0), (1.0, 0.0)), TURNING.slope)
    assert np.abs(forward_limit(anticlockwise).state - [0.786770, -1.215135]).max() > 0.5


@pytest.mark.parametrize("length", [0.3, 1.0, 2.0, 3.5])
def test_expectations_are_those_of_the_adaptive_quadrature(length):
    z, weights = line_rule()
    assert weights @ np.tanh(length * z) ** 2 == pytest.approx(second_moment(TANH, length**2), rel=2e-8)
    slope = weights @ (1 - np.tanh(length * z) ** 2) ** 2
    assert slope == pytest.approx(derivative_dual(TANH, length**2, length**2, 1.0), rel=2e-8)


def test_the_derivatives_of_the_drift_are_those_of_jax():
    with jax.enable_x64(True):
        field, x, s = Field.of(LAW, 0.8), jnp.array([0.9, -1.4]), jnp.array(0.3)
        variance = jnp.array([[0.7, 0.2], [0.2, 0.4]])
        hessian = jax.jit(jax.hessian(field.drift))(x, s)
        np.testing.assert_allclose(field.slope(x, s), jax.jit(jax.jacfwd(field.drift))(x, s), rtol=1e-12)
        np.testing.assert_allclose(field.by_time(x), jax.jit(jax.jacfwd(field.drift, 1))(x, s), rtol=1e-12)
        wanted = jnp.einsum("ijk,jk->i", hessian, variance)
        np.testing.assert_allclose(field.curvature(x, s, variance), wanted, rtol=1e-11)


def test_drift_and_covariance_are_moments_of_the_push():
    nodes, weights = half_plane_rule()
    with jax.enable_x64(True):
        field, x, s = Field.of(LAW, 0.8), jnp.array([0.9, -1.4]), jnp.array(0.3)
        push = np.asarray(field.push(jnp.asarray(nodes), x, s))
        mean, second = weights @ push, push.T @ (weights[:, None] * push)
        np.testing.assert_allclose(field.drift(x, s), mean, rtol=1e-12)
        np.testing.assert_allclose(field.covariance(x, s), second - np.outer(mean, mean), rtol=1e-11)


def test_particles_at_rest_leave_the_state_and_do_not_scatter_it():
    limit = forward_limit(TURNING.scaled(0.0), (0.4, 1.0))
    np.testing.assert_allclose(limit.state, [0.4, 1.0], rtol=1e-14)
    assert not limit.variance.any() and not limit.mean_shift.any() and not limit.euler_bias.any()


def test_finite_depth_goes_to_the_limit_at_rate_one_over_depth():
    limit, found = forward_limit(), {depth: forward_limit(depth=depth) for depth in (200, 400)}
    # L (x_L − x(1)) has an error of its own that is 1/L: extrapolate.
    bias = [depth * (one.state - limit.state) for depth, one in found.items()]
    np.testing.assert_allclose(2 * bias[1] - bias[0], limit.euler_bias, atol=1e-4)
    for name in ("variance", "mean_shift"):
        near, nearer = (getattr(one, name) for one in found.values())
        np.testing.assert_allclose(2 * nearer - near, getattr(limit, name), atol=1e-4)


def test_one_layer_is_its_own_moments():
    start, nodes_weights = np.array([1.0, -0.5]), half_plane_rule()
    push = np.tanh(nodes_weights[0] @ start)[:, None] * (nodes_weights[0] @ np.array(TURNING.base).T)
    mean = nodes_weights[1] @ push
    covariance = push.T @ (nodes_weights[1][:, None] * push) - np.outer(mean, mean)
    limit = forward_limit(depth=1)
    np.testing.assert_allclose(limit.state, start + mean, rtol=1e-12)
    np.testing.assert_allclose(limit.variance, covariance, atol=1e-12)
    np.testing.assert_allclose(shared_variance(depth=1), covariance, atol=1e-10)


def test_the_variance_of_shared_layers_has_its_limit():
    near, nearer = (shared_variance(depth=depth) for depth in (40, 80))
    np.testing.assert_allclose(2 * nearer - near, shared_variance(), atol=1e-3)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"start": (0.0, 0.0)}, "not both 0"),
        ({"start": (1.0, 2.0, 3.0)}, "two finite numbers"),
        ({"depth": 0}, "depth"),
        ({"scale": -1.0}, "scale"),
        ({"start": (5.0, 0.0)}, "stay within"),
    ],
)
@pytest.mark.parametrize("function", [forward_limit, shared_variance])
def test_mistakes_are_refused(function, changes, message):
    with pytest.raises(ValueError, match=message):
        function(**{"depth": 4, **changes})


@pytest.mark.parametrize("function", [forward_limit, shared_variance])
def test_states_beyond_the_quadrature_are_refused_wherever_they_are_on_the_way(function):
    shrinking = ParticleLaw(base=((-6.0, 0.0), (0.0, -6.0)), slope=((0.0, 0.0), (0.0, 0.0)))
    for depth in (None, 40):
        with pytest.raises(ValueError, match="stay within"):
            function(shrinking, (5.0, 0.0), depth=depth)


@pytest.mark.parametrize("function", [forward_limit, shared_variance])
def test_a_law_too_fast_for_the_solver_is_a_mistake_that_is_explained(function):
    turning = ParticleLaw(base=((0.0, 2000.0), (-2000.0, 0.0)), slope=((0.0, 0.0), (0.0, 0.0)))
    with pytest.raises(ValueError, match="smaller start, law or scale"):
        function(turning)


def test_the_nodes_of_shared_layers_are_as_fine_as_is_said(monkeypatch):
    law = ParticleLaw(base=((0.0, 1e-3), (-1e-3, 0.0)), slope=((0.0, 0.0), (0.0, 0.0)))
    found = shared_variance(law, (3.0, 0.0), depth=1)
    monkeypatch.setattr(shared, "half_plane_rule", lambda: half_plane_rule(1 / 16))
    finer = shared_variance(law, (3.0, 0.0), depth=1)
    np.testing.assert_allclose(found, finer, rtol=0, atol=1e-9 * np.trace(finer))
