"""Regression on the circle with the kernel of infinite width and depth (Hayou and Yang 2023): golden numbers G5.

Computed in the notes from the differential equation of the correlation, by means that share nothing with this package.
"""

import numpy as np
import pytest

import deeplimits as dl
from deeplimits.gp import NNGPRegressor

NET = dl.ResNet(width=10, depth=10, input_dim=2, weight_variance=1.0, branch_scale=dl.stable(1.0))


def circle(angles):
    """Return inputs with ⟨a, b⟩ / input_dim = the cosine of their angle."""
    return np.sqrt(2) * np.column_stack([np.cos(angles), np.sin(angles)])


@pytest.fixture(scope="module")
def fitted():
    angles = 2 * np.pi * np.arange(8) / 8
    targets = np.sin(angles) + 0.5 * np.cos(2 * angles)
    return NNGPRegressor(NET, noise=0.01, limit="infinite-depth").fit(circle(angles), targets)


def test_posterior_at_a_new_angle(fitted):
    mean, std = fitted.predict(circle(np.array([0.3])), return_std=True)
    assert mean[0] == pytest.approx(0.684831, abs=6e-7)
    assert std[0] ** 2 == pytest.approx(0.012444, abs=6e-7)


def test_log_marginal_likelihood(fitted):
    assert fitted.log_marginal_likelihood() == pytest.approx(-5.074446, abs=6e-7)
    assert fitted.jitter_ == 0


def test_eigenvalues_of_the_kernel(fitted):
    kernel = fitted.predictor_.source.nngp(fitted.predictor_.x)
    expected = [0.01467, 0.01601, 0.01601, 0.20731, 0.20731, 2.2643, 5.23208, 5.23208]
    np.testing.assert_allclose(np.linalg.eigvalsh(kernel), expected, atol=6e-6)


def test_deep_networks_come_near(fitted):
    shallow = [
        NNGPRegressor(
            dl.ResNet(width=10, depth=depth, input_dim=2, weight_variance=1.0, branch_scale=dl.stable(1.0)), noise=0.01
        )
        for depth in (50, 100)
    ]
    fits = [gp.fit(fitted.predictor_.x, fitted.targets_.values[:, 0]) for gp in shallow]
    errors = [gp.predict(circle(np.array([0.3])))[0] - 0.6848311 for gp in fits]
    assert 1.9 < errors[0] / errors[1] < 2.1  # the depth's bias is O(1 / depth)
