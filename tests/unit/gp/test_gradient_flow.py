"""The law of trained networks, against the differential equation of a model that is linear in its parameters."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from deeplimits.gp import NTKRegressor

GENERATOR = np.random.default_rng(11)
X, NEW, Y = GENERATOR.standard_normal((5, 3)), GENERATOR.standard_normal((4, 3)), GENERATOR.standard_normal(5)
MIXING = GENERATOR.standard_normal((3, 9))
DEVIATIONS = np.linspace(0.2, 1.5, 9)  # of the initial parameters: so the two kernels are not proportional


def features(x):
    return np.tanh(x @ MIXING)


def kernels(x, x2):
    weighted = features(x) * DEVIATIONS**2
    return weighted @ features(x2).T, features(x) @ features(x2).T


def trained(start, time, penalty):
    """Follow θ' = −∇(½ |f(X) − y|² + ½ penalty |θ − θ_0|²) and return f at the new inputs."""
    slopes = features(X)

    def velocity(_, parameters):
        return -slopes.T @ (slopes @ parameters - Y) - penalty * (parameters - start)

    end = solve_ivp(velocity, (0, time), start, rtol=1e-10, atol=1e-12, method="LSODA").y[:, -1]
    return features(NEW) @ end


@pytest.mark.parametrize(("time", "penalty"), [(0.3, 0.0), (2.0, 0.0), (0.7, 0.4), (np.inf, 0.4), (np.inf, 0.0)])
def test_mean_and_covariance_are_those_of_the_flow(time, penalty):
    until = min(time, 4000.0)
    mean = trained(np.zeros(9), until, penalty)
    # What training gives is affine in the start: its columns are the responses to each parameter.
    responses = np.stack([trained(start, until, penalty) - mean for start in np.diag(DEVIATIONS)], axis=1)
    ensemble = NTKRegressor(noise=penalty, training_time=time, kernel=kernels).fit(X, Y)
    got, covariance = ensemble.predict(NEW, return_cov=True)
    np.testing.assert_allclose(got, mean, atol=1e-6)
    np.testing.assert_allclose(covariance, responses @ responses.T, atol=1e-6)
    np.testing.assert_allclose(ensemble.predict(NEW, return_std=True)[1] ** 2, np.diag(covariance), atol=1e-12)


def test_at_time_zero_nothing_is_learned_and_at_the_end_everything():
    new = NTKRegressor(training_time=1e-12, kernel=kernels).fit(X, Y)
    mean, covariance = new.predict(NEW, return_cov=True)
    np.testing.assert_allclose(mean, 0, atol=1e-10)
    np.testing.assert_allclose(covariance, kernels(NEW, NEW)[0], atol=1e-10)
    mean, std = NTKRegressor(kernel=kernels).fit(X, Y).predict(X, return_std=True)
    np.testing.assert_allclose(mean, Y, atol=1e-10)
    np.testing.assert_allclose(std, 0, atol=1e-6)


def test_a_repeated_input_needs_jitter_at_infinite_time_only_and_says_so():
    doubled, targets = np.vstack([X, X[:1]]), np.append(Y, Y[0] + 1)
    finite = NTKRegressor(training_time=1e6, kernel=kernels).fit(doubled, targets)
    assert finite.jitter_ == 0
    assert finite.condition_ > 1e12
    with pytest.warns(UserWarning, match=r"the tangent kernel is singular to rounding: added jitter .*e-1"):
        infinite = NTKRegressor(kernel=kernels).fit(doubled, targets)
    assert 0 < infinite.jitter_ < 1e-12
    # Two networks' worth of contradiction ends in the middle.
    np.testing.assert_allclose(finite.predict(X[:1]), Y[0] + 0.5, atol=1e-4)


def test_precomputed_tangent_kernels_give_the_mean():
    ensemble = NTKRegressor(noise=0.1, kernel="precomputed").fit(kernels(X, X)[1], Y)
    expected = NTKRegressor(noise=0.1, kernel=kernels).fit(X, Y).predict(NEW)
    np.testing.assert_allclose(ensemble.predict(kernels(NEW, X)[1]), expected, rtol=1e-12)
    with pytest.raises(ValueError, match="own variances"):
        ensemble.predict(kernels(NEW, X)[1], return_std=True)


def test_a_function_that_returns_one_matrix_is_refused():
    with pytest.raises(ValueError, match="must return the pair"):
        NTKRegressor(kernel=lambda a, b: a @ b.T).fit(X, Y)


@pytest.mark.parametrize("time", [0.0, -1.0, float("nan")])
def test_a_time_that_is_none_is_refused(time):
    with pytest.raises(ValueError, match="training_time"):
        NTKRegressor(training_time=time, kernel=kernels).fit(X, Y)
