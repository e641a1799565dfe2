"""The pair kernels against their definitions and against values computed elsewhere."""

import itertools
import math

import mpmath
import numpy as np
import pytest

from deeplimits.kernels import absolute_product, arc_cosine_squares, sign_of_square, signed_squares

KERNELS = {
    signed_squares: lambda u, v: u * abs(u) * v * abs(v),
    sign_of_square: lambda u, v: np.sign(v) * u * abs(u),
    absolute_product: lambda u, v: abs(u * v),
    arc_cosine_squares: lambda u, v: 2 * np.pi * np.maximum(u, 0) ** 2 * np.maximum(v, 0) ** 2,
}


def polar_expectation(function, correlation):
    """E f(u, v) for f homogeneous of degree p: E ρ^p times an integral over the angle, split where f has kinks."""
    degree = {signed_squares: 4, sign_of_square: 2, absolute_product: 2, arc_cosine_squares: 4}[function]
    angle = math.acos(correlation)
    # u = ρ cos t, v = ρ cos(t − angle): both change sign a quarter turn from where they are largest.
    kinks = sorted({(k * math.pi / 2 + s) % (2 * math.pi) for k in (1, 3) for s in (0.0, angle)} | {0.0, 2 * math.pi})
    nodes, weights = np.polynomial.legendre.leggauss(60)
    total = 0.0
    for low, high in itertools.pairwise(kinks):
        t = (low + high) / 2 + (high - low) / 2 * nodes
        total += (high - low) / 2 * weights @ KERNELS[function](np.cos(t), np.cos(t - angle))
    radial = 2 ** (degree / 2) * math.gamma(degree / 2 + 1)
    return radial * total / (2 * math.pi)


@pytest.mark.parametrize("kernel", KERNELS, ids=lambda kernel: kernel.__name__)
@pytest.mark.parametrize("correlation", [-0.95, -0.3, 0.1, 0.5, 0.99])
def test_kernel_is_the_expectation_it_claims(kernel, correlation):
    assert float(kernel(correlation)) == pytest.approx(polar_expectation(kernel, correlation), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize(
    ("kernel", "correlation", "expected"),
    [
        (signed_squares, 0.5, "1.326993"),
        (sign_of_square, 0.5, "0.608998"),
        (absolute_product, 0.5, "0.717996"),
        (arc_cosine_squares, 0.5, "4.440631"),
        (signed_squares, 1 / math.sqrt(2), "1.954930"),
    ],
)
def test_published_values(kernel, correlation, expected):
    assert f"{float(kernel(correlation)):.6f}" == expected


@pytest.mark.parametrize(
    ("kernel", "at_one"),
    [(signed_squares, 3), (sign_of_square, 1), (absolute_product, 1), (arc_cosine_squares, 3 * np.pi)],
)
def test_values_at_one(kernel, at_one):
    assert float(kernel(1.0)) == pytest.approx(at_one, rel=1e-15)


@pytest.mark.parametrize("gap", [1e-3, 1e-9, 1e-14])
def test_digits_survive_near_one_if_the_sine_is_given(gap):
    with mpmath.workdps(40):
        r = 1 - mpmath.mpf(gap)
        s = mpmath.sqrt(1 - r**2)
        lost = 3 - 2 / mpmath.pi * (3 * r * s + (1 + 2 * r**2) * mpmath.asin(r))
        angle = mpmath.acos(r) - 2 / mpmath.pi * 0
    value = signed_squares(1 - gap, float(s))
    # 3 − K(r) ≈ 6 (1 − r) + …: the given sine keeps its first digits although 1 − r has few.
    assert 3 - float(value) == pytest.approx(float(lost), rel=1e-2 if gap < 1e-13 else 1e-6)
    assert float(angle) == pytest.approx(float(np.arctan2(float(s), 1 - gap)), rel=1e-9)


def test_a_correlation_above_one_is_refused():
    with pytest.raises(ValueError, match=r"must lie in \[-1, 1\], got np.float64\(1.5\)"):
        signed_squares([0.0, 1.5])
