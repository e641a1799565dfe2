"""Panels resolve what is smooth between the declared kinks, and find what is not."""

import itertools
import re

import jax.numpy as jnp
import numpy as np
import pytest

from deeplimits.activations import custom
from deeplimits.activations.duals import derivative_dual, dual, second_moment
from deeplimits.activations.panels import REACH, PiecewiseSmooth, power

SMOOTH = {
    "tanh": np.tanh,
    "narrow step": lambda z: np.tanh(1000 * (z - 1.3)),
    "narrow bump": lambda z: np.exp(-300 * (z + 0.7) ** 2),
    "wave": lambda z: np.sin(z),
    "polynomial": lambda z: z**5 - z,
    "constant": np.ones_like,
    "zero": np.zeros_like,
}


@pytest.mark.parametrize("scale", [1e-3, 1.0, 20.0])
@pytest.mark.parametrize("name", SMOOTH)
def test_a_polynomial_on_each_panel_resolves_the_function(name, scale):
    function = PiecewiseSmooth(SMOOTH[name])
    edges = function.edges(scale)
    assert edges[0] <= -REACH * scale and edges[-1] >= REACH * scale
    assert np.all(np.diff(edges) > 0)
    nodes, between = np.polynomial.legendre.leggauss(20)[0], np.linspace(-0.95, 0.95, 7)
    for left, right in itertools.pairwise(edges):
        middle, half = (left + right) / 2, (right - left) / 2
        fit = np.polynomial.legendre.legfit(nodes, function(middle + half * nodes), 19)
        values = function(middle + half * between)
        error = np.abs(np.polynomial.legendre.legval(between, fit) - values)
        assert error.max() <= 1e-8 * max(
            np.abs(function(middle + half * nodes)).max(), np.abs(SMOOTH[name](edges)).max()
        )


def test_kinks_are_edges():
    edges = PiecewiseSmooth(lambda z: np.abs(np.abs(z - 0.3) - 2), kinks=(-1.7, 0.3, 2.3)).edges(1.0)
    assert {-1.7, 0.3, 2.3} <= set(edges)


UNDECLARED = {
    "relu": (lambda z: jnp.maximum(z, 0), (), "0"),
    "modulus": (jnp.abs, (), "0"),
    "hard tanh, one kink forgotten": (lambda z: jnp.clip(z, -1, 1), (-1.0,), "1"),
    "a kink of 1 % at 0.2": (lambda z: jnp.where(z > 0.2, z, 0.2 + 0.99 * (z - 0.2)), (), "0.2"),
    "a jump at 0.3": (lambda z: jnp.where(z > 0.3, 1.0, 0.0), (), "0.3"),
    "a kink in the tail": (lambda z: jnp.maximum(z - 5, 0), (), "5"),
    "a singularity": (lambda z: jnp.sqrt(jnp.abs(z - 1)), (), "1"),
}


WITHIN_REACH = [
    (what, scale) for what in UNDECLARED for scale in (1e-3, 1.0, 30.0) if float(UNDECLARED[what][2]) < REACH * scale
]


@pytest.mark.parametrize(("what", "scale"), WITHIN_REACH)
def test_undeclared_kinks_are_refused_and_found(what, scale):
    function, kinks, place = UNDECLARED[what]
    activation = custom(function, kinks=kinks, name="forgetful")
    for evaluate in (
        lambda: second_moment(activation, scale**2),
        lambda: dual(activation, scale**2, scale**2, 0.5),
        lambda: derivative_dual(activation, scale**2, scale**2, 0.5),
    ):
        with pytest.raises(
            ValueError, match=r"forgetful is not smooth .*declare every kink and jump with kinks="
        ) as caught:
            evaluate()
        found = float(re.search(r"near z = (\S+),", str(caught.value)).group(1))
        assert found == pytest.approx(float(place), abs=1e-3 * max(scale, 1.0))


def test_a_kink_out_of_reach_does_not_matter():
    assert second_moment(custom(lambda z: jnp.maximum(z, -1)), 1e-4) == pytest.approx(1e-4, rel=1e-12)


def test_a_kink_is_found_where_it_is():
    activation = custom(lambda z: jnp.maximum(z - 1, 0), name="forgetful")
    with pytest.raises(ValueError, match=r"near z = 1, .*got none"):
        second_moment(activation)


def test_declared_singularity():
    assert second_moment(custom(lambda z: jnp.sqrt(jnp.abs(z)), kinks=(0.0,))) == pytest.approx(
        np.sqrt(2 / np.pi), rel=1e-9
    )


@pytest.mark.parametrize("rate", [1e3, 1e5])
def test_fast_oscillation_is_refused(rate):
    with pytest.raises(ValueError, match="varies too fast"):
        second_moment(custom(lambda z: jnp.sin(rate * z)))


def test_power():
    cube = power(PiecewiseSmooth(np.sin, kinks=(1.0,), name="sine"), 3)
    assert cube.kinks == (1.0,)
    np.testing.assert_allclose(cube(np.array([0.5, 2.0])), np.sin([0.5, 2.0]) ** 3)
    assert power(cube, 2) is power(cube, 2)  # so that its panels are found only once
