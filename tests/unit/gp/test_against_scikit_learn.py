"""With a kernel that scikit-learn has, too, posterior, evidence and gradient are those of its own implementation."""

import numpy as np
import pytest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

from deeplimits.gp import NNGPRegressor

NOISE, SCALE = 0.05, 1.7
GENERATOR = np.random.default_rng(3)
X, NEW = GENERATOR.standard_normal((30, 2)), GENERATOR.standard_normal((7, 2))
Y = np.stack([np.sin(X[:, 0]), 3 + X[:, 1] ** 2], axis=1) + 0.2 * GENERATOR.standard_normal((30, 2))


def theirs(y, **options):
    kernel = ConstantKernel(SCALE, "fixed") * RBF(1.3)
    return GaussianProcessRegressor(kernel, alpha=NOISE, optimizer=None, **options).fit(X, y)


def ours(y, **options):
    return NNGPRegressor(noise=NOISE, output_variance=SCALE, kernel=RBF(1.3), **options).fit(X, y)


@pytest.mark.parametrize("normalize", [False, True])
@pytest.mark.parametrize("y", [Y[:, 0], Y], ids=["one output", "two outputs"])
def test_posterior(y, normalize):
    a, b = ours(y, normalize_y=normalize), theirs(y, normalize_y=normalize)
    for option in ("return_std", "return_cov"):
        for mine, other in zip(a.predict(NEW, **{option: True}), b.predict(NEW, **{option: True}), strict=True):
            assert mine.shape == other.shape
            np.testing.assert_allclose(mine, other, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(a.predict(NEW), b.predict(NEW), rtol=1e-10)
    assert a.log_marginal_likelihood() == pytest.approx(b.log_marginal_likelihood_value_, rel=1e-11)


def test_gradient_of_the_evidence():
    full = ConstantKernel(SCALE) * RBF(1.3, "fixed") + WhiteKernel(NOISE)
    other = GaussianProcessRegressor(full, alpha=0, optimizer=None).fit(X, Y)
    _, expected = other.log_marginal_likelihood(full.theta, eval_gradient=True)
    gradient = ours(Y).log_marginal_likelihood_gradient()
    assert list(gradient) == ["noise", "output_variance"]
    np.testing.assert_allclose([gradient["output_variance"], gradient["noise"]], expected, rtol=1e-9)


def test_hyperparameters_found():
    full = ConstantKernel(SCALE) * RBF(1.3, "fixed") + WhiteKernel(NOISE)
    other = GaussianProcessRegressor(full, alpha=0).fit(X, Y[:, 0])
    found = NNGPRegressor(noise=NOISE, output_variance=SCALE, kernel=RBF(1.3), optimize=True).fit(X, Y[:, 0])
    assert found.log_marginal_likelihood_value_ == pytest.approx(other.log_marginal_likelihood_value_, abs=1e-6)
    assert found.noise_ == pytest.approx(other.kernel_.k2.noise_level, rel=1e-2)


def test_precomputed_matrices_serve_as_the_function_does():
    gp = NNGPRegressor(noise=NOISE, output_variance=SCALE, kernel="precomputed").fit(RBF(1.3)(X), Y)
    np.testing.assert_allclose(gp.predict(RBF(1.3)(NEW, X)), ours(Y).predict(NEW), rtol=1e-12)
    for option in ("return_std", "return_cov"):
        with pytest.raises(ValueError, match="own variances"):
            gp.predict(RBF(1.3)(NEW, X), **{option: True})


def test_blocks_of_predictions_are_whole():
    many = np.random.default_rng(0).standard_normal((4500, 2))
    mean, std = ours(Y).predict(many, return_std=True)
    few = np.array([0, 2047, 2048, 4499])
    for mine, expected in zip((mean, std), theirs(Y).predict(many[few], return_std=True), strict=True):
        np.testing.assert_allclose(mine[few], expected, rtol=1e-9)
