"""The maps that a simulation applies, in JAX and float32, have the duals as their means over correlated normals."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from deeplimits.activations import BUILT_IN, IDENTITY, custom, leaky_relu
from deeplimits.activations.duals import derivative_dual, dual

ACTIVATIONS = [
    *BUILT_IN.values(),
    leaky_relu(1.0, 0.2),
    custom(lambda z: jnp.clip(z, -1, 1), kinks=(-1.0, 1.0), name="clip"),
]
VARIANCES, CORRELATION, COUNT = (2.0, 0.5), 0.6, 4_000_000


def p_value(function, expected, seed):
    """Two-sided p-value of the mean of function(u) function(v) over COUNT pairs."""

    @jax.jit
    def products(key):
        z, y = jax.random.normal(key, (2, COUNT))
        u, v = VARIANCES[0] ** 0.5 * z, VARIANCES[1] ** 0.5 * (CORRELATION * z + (1 - CORRELATION**2) ** 0.5 * y)
        return function(u) * function(v)

    values = np.asarray(products(jax.random.key(seed)), dtype=np.float64)
    return 2 * stats.norm.sf(abs(values.mean() - expected) / values.std() * COUNT**0.5)


def slope(activation):
    return jax.vmap(jax.grad(activation))


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda activation: activation.name)
def test_dual(verdict, activation):
    expected = dual(activation, *VARIANCES, CORRELATION)
    verdict.accept(lambda seed: p_value(activation, expected, seed))


@pytest.mark.parametrize(
    "activation", [a for a in ACTIVATIONS if a != IDENTITY], ids=lambda activation: activation.name
)
def test_derivative_dual(verdict, activation):
    expected = derivative_dual(activation, *VARIANCES, CORRELATION)
    verdict.accept(lambda seed: p_value(slope(activation), expected, seed))


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda activation: activation.name)
def test_dual_off_by_one_percent_is_seen(verdict, activation):
    """Control: 1 % is at least 6 standard errors of the mean, so power is over 99 %."""
    expected = 1.01 * dual(activation, *VARIANCES, CORRELATION)
    verdict.reject(lambda seed: p_value(activation, expected, seed))


def test_derivative_dual_off_by_one_percent_is_seen(verdict):
    relu = BUILT_IN["relu"]
    expected = 1.01 * derivative_dual(relu, *VARIANCES, CORRELATION)
    verdict.reject(lambda seed: p_value(slope(relu), expected, seed))
