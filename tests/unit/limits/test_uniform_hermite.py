"""Cubic interpolation: exact for cubics, linear outside."""

import numpy as np

from deeplimits.limits.laws.hermite import UniformHermite

GRID = -1 + 0.25 * np.arange(9)
CUBIC = UniformHermite(-1.0, 0.25, GRID**3 - GRID, 3 * GRID**2 - 1)


def test_cubics_are_exact():
    x = np.linspace(-1, 1, 101)
    np.testing.assert_allclose(CUBIC(x), x**3 - x, atol=1e-15)
    np.testing.assert_allclose(CUBIC.derivative(x), 3 * x**2 - 1, atol=1e-14)


def test_continued_linearly():
    np.testing.assert_allclose(CUBIC(np.array([1.5, -3.0])), [1.0, -4.0], atol=1e-14)
    assert CUBIC.end == 1.0


def test_error_falls_with_the_fourth_power():
    def error(cells):
        x = np.arange(cells + 1) / cells
        middles = (np.arange(cells) + 0.5) / cells
        return np.max(np.abs(UniformHermite(0.0, 1 / cells, np.exp(x), np.exp(x))(middles) - np.exp(middles)))

    assert 15 < error(10) / error(20) < 17
