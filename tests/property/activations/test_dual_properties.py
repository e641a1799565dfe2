"""What holds for the duals of every activation."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deeplimits.activations import ERF, GELU, IDENTITY, RELU, TANH, custom, leaky_relu
from deeplimits.activations.duals import derivative_dual, dual, dual_with_error, second_moment

HARD_TANH = custom(lambda z: jnp.clip(z, -1, 1), kinks=(-1.0, 1.0), name="hard-tanh")
LEAKY = leaky_relu(1.0, 0.2)
LIPSCHITZ = {RELU: 1.0, LEAKY: 1.0, IDENTITY: 1.0, ERF: 2 / np.sqrt(np.pi), GELU: 1.13, TANH: 1.0, HARD_TANH: 1.0}

activations = st.sampled_from(list(LIPSCHITZ))
variances = st.floats(1e-6, 1e6).map(float)
moderate = st.floats(0.05, 20.0)
correlations = st.floats(-1.0, 1.0)


@given(activations, variances, variances, correlations)
@settings(max_examples=30)
def test_symmetric(activation, a, b, r):
    for function in (dual, derivative_dual):
        assert function(activation, a, b, r) == pytest.approx(function(activation, b, a, r), rel=1e-14, abs=1e-300)


@given(activations, variances, variances, correlations)
@settings(max_examples=30)
def test_cauchy_schwarz(activation, a, b, r):
    for function in (dual, derivative_dual):
        bound = np.sqrt(function(activation, a, a, 1.0)) * np.sqrt(function(activation, b, b, 1.0))
        assert abs(function(activation, a, b, r)) <= bound * (1 + 1e-11)


@given(activations, variances, st.floats(1.0, 15.0))
def test_continuous_at_correlation_one(activation, variance, digits):
    """|E φ(u)φ(v) − E φ(u)²| ≤ K sqrt(E φ(u)² E (u − v)²) for φ with Lipschitz constant K."""
    r = 1 - 10.0**-digits
    moment = second_moment(activation, variance)
    bound = LIPSCHITZ[activation] * np.sqrt(moment * 2 * (1 - r) * variance)
    assert abs(dual(activation, variance, variance, r) - moment) <= bound + 1e-11 * moment
    opposite = dual(activation, variance, variance, -1.0)
    assert abs(dual(activation, variance, variance, -r) - opposite) <= bound + 1e-11 * moment


@given(activations, moderate, moderate, st.floats(-0.8, 0.8))
def test_price(activation, a, b, r):
    """The derivative of the dual with respect to the covariance is the derivative dual: five-point differences."""
    step = 0.004
    values = dual(activation, a, b, r + step * np.array([-2, -1, 1, 2]))
    slope = values @ np.array([1, -8, 8, -1]) / (12 * step * np.sqrt(a * b))
    scale = derivative_dual(activation, a, a, 1.0) + derivative_dual(activation, b, b, 1.0)
    assert derivative_dual(activation, a, b, r) == pytest.approx(slope, abs=1e-6 * scale)


@given(activations, st.integers(0, 2**32 - 1), st.floats(0.01, 100.0))
@settings(max_examples=15)
def test_kernel_matrices_are_positive_semidefinite(activation, seed, scale):
    points = scale * np.random.default_rng(seed).normal(size=(4, 3))
    points[3] = points[2] * (1 + 1e-9)  # nearly a duplicate
    norms = np.sum(points**2, axis=1)
    correlation = np.clip(points @ points.T / np.sqrt(norms[:, None] * norms), -1, 1)
    # The derivative dual of a kink falls like sqrt(1 − r), so that it feels the rounding of r as 1e-8.
    for function, rounding in ((dual, 1e-12), (derivative_dual, 1e-7)):
        kernel = function(activation, norms[:, None], norms, correlation)
        assert np.linalg.eigvalsh(kernel).min() >= -rounding * kernel.trace()


@given(variances, variances, correlations, st.floats(1e-3, 1e3))
def test_homogeneous(a, b, r, factor):
    for activation in (RELU, LEAKY, IDENTITY):
        bound = np.sqrt(second_moment(activation, a) * second_moment(activation, b))
        scaled = dual(activation, factor * a, b, r)
        assert scaled == pytest.approx(np.sqrt(factor) * dual(activation, a, b, r), abs=1e-13 * np.sqrt(factor) * bound)
        assert derivative_dual(activation, factor * a, b, r) == derivative_dual(activation, a, b, r)


@given(st.sampled_from([IDENTITY, ERF, TANH, HARD_TANH]), variances, variances, correlations)
@settings(max_examples=30)
def test_odd_activations_have_odd_duals(activation, a, b, r):
    result = dual_with_error(activation, a, b, r)
    assert abs(result.value + dual(activation, a, b, -r)) <= 2 * result.numerical_error
    assert derivative_dual(activation, a, b, -r) == pytest.approx(derivative_dual(activation, a, b, r), rel=1e-10)


@given(variances, variances, correlations)
def test_modulus_and_identity_make_leaky_relu(a, b, r):
    """φ = (s₊ + s₋)/2 identity + (s₊ − s₋)/2 modulus, and the two are uncorrelated: closed form against quadrature."""
    modulus = custom(jnp.abs, kinks=(0.0,))
    parts = 0.6**2 * dual(IDENTITY, a, b, r) + 0.4**2 * dual(modulus, a, b, r)
    assert dual(LEAKY, a, b, r) == pytest.approx(parts, abs=1e-11 * np.sqrt(a * b))
