"""How duals take their arguments: broadcasting, rounding, degenerate variances, mistakes."""

import subprocess
import sys

import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.activations import BUILT_IN, ERF, GELU, IDENTITY, RELU, TANH, custom, leaky_relu
from deeplimits.activations.duals import (
    derivative_dual,
    derivative_dual_with_error,
    dual,
    dual_with_error,
    fourth_moment,
    second_moment,
)

UNIT_RELU = {  # (sqrt(1 − r²) + r (π − arccos r)) / 2π
    -1.0: 0.0,
    -0.5: (np.sqrt(0.75) - np.pi / 6) / (2 * np.pi),
    0.0: 1 / (2 * np.pi),
    0.5: (np.sqrt(0.75) + np.pi / 3) / (2 * np.pi),
    1.0: 0.5,
}


@pytest.mark.parametrize("correlation", UNIT_RELU)
def test_unit_relu(correlation):
    assert dual(RELU, 1.0, 1.0, correlation) == pytest.approx(UNIT_RELU[correlation], abs=1e-15)


@pytest.mark.parametrize("activation", [RELU, TANH], ids=["closed", "quadrature"])
@pytest.mark.parametrize("function", [dual, derivative_dual], ids=["dual", "derivative"])
def test_arrays_are_the_scalars(activation, function):
    variances, correlations = np.array([[0.5], [2.0]]), np.array([-1.0, 0.3, 0.3, 1.0])
    array = function(activation, variances, 1.0, correlations)
    assert array.shape == (2, 4)
    assert array.dtype == np.float64
    for row, variance in enumerate([0.5, 2.0]):
        for column, correlation in enumerate([-1.0, 0.3, 0.3, 1.0]):
            assert array[row, column] == function(activation, variance, 1.0, correlation)


def test_numbers_give_floats():
    assert type(dual(TANH, 1.0, 1.0, 0.5)) is float
    assert type(derivative_dual(GELU, 1, 1, 0)) is float
    assert type(second_moment(ERF)) is float
    assert type(fourth_moment(ERF)) is float


def test_empty_arrays():
    assert dual(TANH, np.empty(0), 1.0, 0.5).shape == (0,)
    assert dual(RELU, np.empty((0, 2)), 1.0, 0.5).shape == (0, 2)


def test_correlation_beyond_one_by_rounding():
    assert dual(RELU, 1.0, 1.0, 1 + 1e-13) == dual(RELU, 1.0, 1.0, 1.0)
    assert dual(TANH, 1.0, 1.0, -1 - 1e-13) == dual(TANH, 1.0, 1.0, -1.0)


@pytest.mark.parametrize("function", [dual, derivative_dual], ids=["dual", "derivative"])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1.0, 1.0, 0.0), "variance_1 must be finite and at least 0"),
        ((1.0, float("nan"), 0.0), "variance_2 must be finite"),
        ((float("inf"), 1.0, 0.0), "variance_1 must be finite"),
        ((1.0, 1.0, 1.001), r"correlation must be in \[-1, 1\]"),
        ((1.0, 1.0, float("nan")), "correlation must be"),
    ],
)
def test_out_of_range(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(RELU, *arguments)


def test_negative_variance_of_a_moment():
    with pytest.raises(ValueError, match="at least 0"):
        second_moment(TANH, -1.0)
    with pytest.raises(ValueError, match="variance must be finite and at least 0, got -1"):
        fourth_moment(TANH, -1.0)


SHIFTED = custom(lambda z: jnp.cos(z) + z, name="shifted")


def test_zero_variance_freezes_its_argument():
    mean = np.exp(-0.5)  # E cos Z
    assert dual(SHIFTED, 0.0, 1.0, 0.5) == pytest.approx(mean, abs=1e-13)
    assert dual(SHIFTED, 1.0, 0.0, 0.5) == pytest.approx(mean, abs=1e-13)
    assert dual(SHIFTED, 0.0, 0.0, 0.5) == 1.0
    for activation in BUILT_IN.values():
        assert dual(activation, 0.0, 1.0, 1.0) == pytest.approx(0.0, abs=1e-15)
        assert second_moment(activation, 0.0) == fourth_moment(activation, 0.0) == 0.0


def test_derivative_at_zero_variance():
    assert derivative_dual(TANH, 0.0, 0.0, 0.3) == 1.0
    assert derivative_dual(IDENTITY, 0.0, 1.0, 0.3) == 1.0
    assert derivative_dual(GELU, 0.0, 0.0, 0.3) == pytest.approx(0.25, abs=1e-15)
    for activation in (RELU, custom(jnp.abs, kinks=(0.0,))):
        with pytest.raises(ValueError, match="has a kink at 0"):
            derivative_dual(activation, 0.0, 1.0, 0.3)


def test_overflow_is_refused():
    with pytest.raises(ValueError, match="overflows"):
        dual(GELU, 1e200, 1e200, 0.5)


@pytest.mark.parametrize("activation", [RELU, ERF, GELU, leaky_relu(1.0, 0.3), TANH], ids=lambda a: a.name)
@pytest.mark.parametrize("variance", [1e-6, 1.0, 1e6])
def test_stated_error_is_small(activation, variance):
    for function in (dual_with_error, derivative_dual_with_error):
        value, error = function(activation, variance, variance, np.array([-0.99999, 0.2, 1.0]))
        assert np.all(error <= 1e-10 * value[2])
        assert np.all(error > 0)


def test_importing_duals_is_cheap():
    code = (
        "import sys, deeplimits.activations.duals; print(*(m for m in ('jax', 'scipy', 'mpmath') if m in sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == ""
