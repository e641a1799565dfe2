"""φ and φ' in float64: users' callables through JAX, built-in ones through NumPy."""

import functools
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.activations import BUILT_IN, TANH, Activation, custom, leaky_relu
from deeplimits.activations.duals import derivative_dual_with_error, dual, dual_with_error, fourth_moment, second_moment
from deeplimits.activations.evaluators import derivative_evaluator, evaluator

POINTS = np.concatenate([np.linspace(-30, 30, 1201) + 1e-3, [-1e-9, 1e-9]])


@pytest.mark.parametrize("activation", [*BUILT_IN.values(), leaky_relu(1.0, 0.2)], ids=lambda a: a.name)
def test_built_in_agree_with_jax(activation):
    copy = custom(lambda z: activation(z), kinks=activation.kinks, name="copy")
    np.testing.assert_allclose(evaluator(activation)(POINTS), evaluator(copy)(POINTS), rtol=1e-13, atol=1e-15)
    derivative = derivative_evaluator(activation)(POINTS)
    np.testing.assert_allclose(derivative, derivative_evaluator(copy)(POINTS), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("size", [1, 511, 513, 5000, 70000])
def test_any_number_of_points(size):
    points = np.linspace(-1, 1, size)
    np.testing.assert_allclose(evaluator(custom(jnp.exp))(points), np.exp(points), rtol=1e-14)


def test_jax_keeps_its_configuration():
    dual(custom(jnp.sin), 1.0, 1.0, 0.5)
    assert jnp.ones(2).dtype == jnp.float32
    assert not jax.config.jax_enable_x64


def test_closures_of_one_code_are_told_apart():
    def scaled(factor):
        return custom(lambda z: factor * z, name="scaled")

    assert second_moment(scaled(2.0)) == pytest.approx(4.0, rel=1e-12)
    assert second_moment(scaled(3.0)) == pytest.approx(9.0, rel=1e-12)


def test_partials_and_ufuncs_of_jax():
    leaky = custom(functools.partial(jax.nn.leaky_relu, negative_slope=0.2), kinks=(0.0,))
    assert second_moment(leaky) == pytest.approx(1.04 / 2, rel=1e-12)
    assert dual(custom(jax.nn.relu, kinks=(0.0,)), 1.0, 1.0, -1.0) == pytest.approx(0.0, abs=1e-15)


def test_an_activation_without_fingerprint_is_traced():
    assert second_moment(Activation("plain", jnp.sin)) == pytest.approx((1 - math.exp(-2)) / 2, rel=1e-12)


def test_float32_is_used_with_its_error():
    single = custom(lambda z: jnp.tanh(z.astype(jnp.float32)), name="single")
    for function in (dual_with_error, derivative_dual_with_error):
        rough, fine = function(single, 1.0, 2.0, 0.7), function(TANH, 1.0, 2.0, 0.7)
        assert 1e-7 * fine.value < rough.numerical_error < 1e-6 * fine.value
        assert abs(rough.value - fine.value) < rough.numerical_error
    assert fourth_moment(single) == pytest.approx(fourth_moment(TANH), rel=1e-6)


REFUSED = {
    "nan for negative arguments": (lambda z: jnp.log(z), "must be finite .* got nan at z = -"),
    "inf": (lambda z: jnp.where(z > 5, jnp.inf, z), "must be finite .* got inf at z = "),
    "a number": (lambda z: 1.0, r"must return a real array of the shape .* got float64\(\)"),
    "a sum": (jnp.sum, r"got float64\(\)"),
    "float16": (lambda z: z.astype(jnp.float16), r"got float16\(512,\)"),
    "integers": (lambda z: jnp.floor(z).astype(int), r"got int64\(512,\)"),
    "booleans": (lambda z: z > 0, r"got bool\(512,\)"),
    "complex": (lambda z: z + 1j, r"got complex128\(512,\)"),
    "a pair": (lambda z: (z, z), "got 'tuple'"),
    "an if": (lambda z: z if z > 0 else 0 * z, "jax.numpy.where instead of if"),
    "NumPy": (np.tanh, "must be written with jax.numpy"),
    "its own error": (lambda z: z / {}["missing"], "tracing it raised KeyError: 'missing'"),
    "float32 in disguise": (lambda z: jnp.tanh(z.astype(jnp.float32)).astype(z.dtype), "compute in float64|precision"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refusals(what):
    function, message = REFUSED[what]
    activation = custom(function, name="mistake")
    for evaluate in (second_moment, lambda a: dual(a, 1.0, 1.0, 0.5)):
        with pytest.raises(ValueError, match=message) as caught:
            evaluate(activation)
        assert "mistake" in str(caught.value)
        assert "\n" not in str(caught.value)


def test_nan_in_the_branch_not_taken_does_not_matter():
    half_power = custom(lambda z: jnp.where(z > 0, jnp.sqrt(z) * z, 0.0), kinks=(0.0,))
    assert second_moment(half_power) == pytest.approx(math.sqrt(2 / math.pi), rel=1e-9)  # E z³ over z > 0
    slope = derivative_dual_with_error(half_power, 1.0, 1.0, 1.0)  # E 9z/4 over z > 0
    assert float(slope.value) == pytest.approx(2.25 / math.sqrt(2 * math.pi), rel=1e-9)


def test_nan_in_the_derivative_only():
    careless = custom(lambda z: z + jnp.sqrt(0 * z), name="careless")
    assert second_moment(careless) == pytest.approx(1.0)
    with pytest.raises(ValueError, match=r"the derivative of careless must be finite .* got nan"):
        derivative_dual_with_error(careless, 1.0, 1.0, 0.5)
