import functools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.activations import custom, leaky_relu
from deeplimits.architectures import ResNet
from deeplimits.sampling import sample

factor = 2.0


def scaled(z):
    return factor * z


def default(z, *, by=1.0):
    return by * z


class Module:
    def __init__(self, weight):
        self.weight = weight

    def __call__(self, z):
        return jnp.tanh(self.weight[0] * z)

    def bound(self, z):
        return self(z)


PAIRS = {
    "partial": (functools.partial(default, by=0.9), functools.partial(default, by=0.1)),
    "jitted": (jax.jit(lambda z: jnp.tanh(z)), jax.jit(lambda z: z)),
    "object": (Module(np.array([1.0])), Module(np.array([2.0]))),
    "bound method": (Module(np.array([1.0])).bound, Module(np.array([2.0])).bound),
    "large array": tuple((lambda a: lambda z: a[1500] * z)(np.arange(3000) == i) for i in (5, 1500)),
}


@pytest.mark.parametrize("case", PAIRS)
def test_functions_that_differ_have_different_fingerprints_and_are_not_equal(case):
    first, second = map(custom, PAIRS[case])
    assert first.fingerprint != second.fingerprint
    assert first != second


def test_a_global_that_changes_is_another_function(monkeypatch):
    before = custom(scaled).fingerprint
    monkeypatch.setitem(globals(), "factor", 3.0)
    assert custom(scaled).fingerprint != before


def test_equal_activations_are_equal():
    assert leaky_relu(1.0, 0.2) == leaky_relu(1.0, 0.2)
    assert custom(jnp.sin) == custom(jnp.sin)
    assert custom(scaled).fingerprint == custom(scaled).fingerprint


def test_a_compiled_program_never_serves_another_function():
    means = [
        sample(ResNet(width=20, depth=10, weight_variance=2.0, activation=function), num_networks=500)
        for function in (jax.jit(lambda z: jnp.tanh(z)), jax.jit(lambda z: z))
    ]
    tanh, identity = (run["log_norm_hidden"].mean.value for run in means)
    assert identity - tanh > 1
