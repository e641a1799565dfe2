"""Duals against mpmath: constants from two-dimensional integrals, and one-dimensional integrals done here.

Given u, the inner expectation E[φ(v) | u] of v = m + tY, Y ~ N(0, 1), is elementary for every activation but tanh; the
outer one is then mpmath's tanh-sinh quadrature, which shares nothing with the composite Gauss–Legendre of the package.
"""

import jax.numpy as jnp
import mpmath as mp
import pytest

from deeplimits.activations import ERF, GELU, IDENTITY, RELU, TANH, Activation, custom, leaky_relu
from deeplimits.activations.duals import derivative_dual_with_error, dual_with_error, fourth_moment, second_moment


def relu_mean(m, t):
    return m * mp.ncdf(m / t) + t * mp.npdf(m / t)


def step_mean(m, t):
    return mp.ncdf(m / t)


def gelu_mean(m, t):
    root = mp.sqrt(1 + t**2)
    return m * mp.ncdf(m / root) + t**2 / root * mp.npdf(m / root)


def gelu_slope_mean(m, t):
    root = mp.sqrt(1 + t**2)
    return mp.ncdf(m / root) + m / root**3 * mp.npdf(m / root)


def leaky(z):
    return z if z > 0 else z / 4


def step(z):
    return mp.mpf(z > 0)


def hard_tanh(z):
    return min(max(z, -1), 1)


HARD_TANH = custom(lambda z: jnp.clip(z, -1, 1), kinks=(-1.0, 1.0), name="hard-tanh")
BUMP = custom(lambda z: jnp.abs(z - 0.5), kinks=(0.5,), name="bump")

# activation: kinks, (φ, E[φ(v) | u]), (φ', E[φ'(v) | u])
FORMULAS = {
    RELU: ((0,), (lambda z: max(z, mp.mpf(0)), relu_mean), (step, step_mean)),
    leaky_relu(1.0, 0.25): (
        (0,),
        (leaky, lambda m, t: 0.75 * relu_mean(m, t) + m / 4),
        (lambda z: 0.75 * step(z) + 0.25, lambda m, t: 0.75 * step_mean(m, t) + 0.25),
    ),
    IDENTITY: ((), (lambda z: z, lambda m, t: m), (lambda z: 1, lambda m, t: 1)),
    ERF: (
        (),
        (mp.erf, lambda m, t: mp.erf(m / mp.sqrt(1 + 2 * t**2))),
        (
            lambda z: 2 / mp.sqrt(mp.pi) * mp.exp(-(z**2)),
            lambda m, t: 2 / mp.sqrt(mp.pi * (1 + 2 * t**2)) * mp.exp(-(m**2) / (1 + 2 * t**2)),
        ),
    ),
    GELU: ((), (lambda z: z * mp.ncdf(z), gelu_mean), (lambda z: mp.ncdf(z) + z * mp.npdf(z), gelu_slope_mean)),
    HARD_TANH: (
        (-1, 1),
        (hard_tanh, lambda m, t: relu_mean(m + 1, t) - relu_mean(m - 1, t) - 1),
        (lambda z: mp.mpf(abs(z) < 1), lambda m, t: step_mean(m + 1, t) - step_mean(m - 1, t)),
    ),
    BUMP: (
        (0.5,),
        (lambda z: abs(z - 0.5), lambda m, t: relu_mean(m - 0.5, t) + relu_mean(0.5 - m, t)),
        (lambda z: mp.sign(z - 0.5), lambda m, t: 2 * step_mean(m - 0.5, t) - 1),
    ),
}
ARGUMENTS = [(4.0, 0.25, -0.8), (1.0, 1.0, 1 - 1e-6), (900.0, 1.0, 0.9)]


def outer(f, inner_mean, kinks, variance_1, variance_2, correlation):
    """Integrate f(u) E[g(v) | u], split at f's kinks and around the blurred ones of g."""
    with mp.workdps(18):
        a, b, r = map(mp.mpf, (variance_1, variance_2, correlation))
        slope, t = r * mp.sqrt(b), mp.sqrt(b * (1 - r * r))
        crossings = [k / slope + j * t / slope for k in (*kinks, 0) for j in (-8, -4, -2, -1, 0, 1, 2, 4, 8)]
        points = [
            *range(-10, 11, 2),
            *(k / mp.sqrt(a) for k in kinks),
            *(j / mp.sqrt(a) for j in (-6, -4, -3, -2, -1, 1, 2, 3, 4, 6)),
            *crossings,
        ]
        points = sorted({mp.mpf(p) for p in points if abs(p) <= 10})
        return float(
            mp.quad(
                lambda z: f(mp.sqrt(a) * z) * inner_mean(slope * z, t) * mp.npdf(z),
                points,
                maxdegree=4,
                method="gauss-legendre",
            )
        )


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=str)
@pytest.mark.parametrize("activation", FORMULAS, ids=lambda activation: activation.name)
@pytest.mark.parametrize("order", [0, 1], ids=["dual", "derivative"])
def test_conditional_expectation(activation, arguments, order):
    kinks, *formulas = FORMULAS[activation]
    golden = outer(*formulas[order], kinks, *arguments)
    result = (dual_with_error, derivative_dual_with_error)[order](activation, *arguments)
    tolerance = 1e-11 * float(max(1.0, arguments[0] * arguments[1]) ** 0.5)
    assert float(result.value) == pytest.approx(golden, rel=1e-11, abs=1e-13)
    assert abs(float(result.value) - golden) <= float(result.numerical_error) + 1e-14 * abs(golden) < tolerance


# mpmath 1.4, nested quad at 15 digits, both variables split at multiples of 1, 2, 4, 8.
TANH_GOLDEN = {
    (1.0, 1.0, 0.5): (0.186324413203448, 0.384747028441039),
    (2.0, 0.5, -0.8): (-0.289951751586614, 0.393679057769924),
}


@pytest.mark.parametrize("arguments", TANH_GOLDEN, ids=str)
def test_tanh(arguments):
    value, slope = TANH_GOLDEN[arguments]
    assert float(dual_with_error(TANH, *arguments).value) == pytest.approx(value, rel=1e-12)
    assert float(derivative_dual_with_error(TANH, *arguments).value) == pytest.approx(slope, rel=1e-12)


def moment(function, kinks, variance, exponent):
    with mp.workdps(18):
        scale = mp.sqrt(mp.mpf(variance))
        features = [j / scale for j in (*kinks, *range(-20, 21, 2), -5, -3, -1, 1, 3, 5)]
        points = sorted({mp.mpf(p) for p in (*range(-10, 11, 2), *features) if abs(p) <= 10})
        return float(
            mp.quad(
                lambda z: function(scale * z) ** exponent * mp.npdf(z), points, maxdegree=4, method="gauss-legendre"
            )
        )


MAPS: dict[Activation, object] = {activation: formulas[1][0] for activation, formulas in FORMULAS.items()}


@pytest.mark.parametrize("variance", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("activation", [*MAPS, TANH], ids=lambda activation: activation.name)
def test_moments(activation, variance):
    function = MAPS.get(activation, mp.tanh)
    assert second_moment(activation, variance) == pytest.approx(
        moment(function, activation.kinks, variance, 2), rel=1e-12
    )
    assert fourth_moment(activation, variance) == pytest.approx(
        moment(function, activation.kinks, variance, 4), rel=1e-12
    )
