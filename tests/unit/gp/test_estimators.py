"""What users give: shapes, parameters, inputs at the edge, and mistakes."""

import numpy as np
import pytest

from deeplimits.architectures import MLP, ResNet
from deeplimits.gp import NNGPClassifier, NNGPRegressor, NTKClassifier, NTKRegressor

GENERATOR = np.random.default_rng(2)
X, NEW = GENERATOR.standard_normal((20, 3)), GENERATOR.standard_normal((5, 3))
Y = np.sin(X[:, 0]) + X[:, 1]
REGRESSORS = (NNGPRegressor, NTKRegressor)
CLASSIFIERS = (NNGPClassifier, NTKClassifier)
NET = ResNet(width=7, depth=3, input_dim=3)


@pytest.mark.parametrize("kind", REGRESSORS)
def test_several_outputs_are_several_regressions(kind):
    both = np.stack([Y, 5 - Y**2], axis=1)
    joint = kind(NET, noise=0.1, normalize_y=True).fit(X, both)
    for option, shape in (("return_std", (5, 2)), ("return_cov", (5, 5, 2))):
        mean, spread = joint.predict(NEW, **{option: True})
        assert mean.shape == (5, 2)
        assert spread.shape == shape
        for i in range(2):
            alone, own = kind(NET, noise=0.1, normalize_y=True).fit(X, both[:, i]).predict(NEW, **{option: True})
            np.testing.assert_allclose(mean[:, i], alone, rtol=1e-11)
            np.testing.assert_allclose(spread[..., i], own, rtol=1e-9)


@pytest.mark.parametrize("kind", REGRESSORS)
def test_output_variance_multiplies_the_kernel(kind):
    scaled = kind(NET, noise=0.3, output_variance=3.0).fit(X, Y).predict(NEW, return_std=True)
    plain = kind(NET, noise=0.1).fit(X, Y).predict(NEW, return_std=True)
    np.testing.assert_allclose(scaled[0], plain[0], rtol=1e-9)
    np.testing.assert_allclose(scaled[1], np.sqrt(3) * plain[1], rtol=1e-9)


def test_normalised_targets_give_what_targets_normalised_by_hand_give():
    by_hand = NNGPRegressor(NET).fit(X, (Y - Y.mean()) / Y.std()).predict(NEW)
    got = NNGPRegressor(NET, normalize_y=True).fit(X, Y).predict(NEW)
    np.testing.assert_allclose(got, by_hand * Y.std() + Y.mean(), rtol=1e-11)


@pytest.mark.parametrize("kind", CLASSIFIERS)
def test_probabilities_are_of_the_classes_in_order(kind):
    labels = np.array(["b", "a", "c"])[np.argmax(X, axis=1)]
    fitted = kind(NET).fit(X, labels)
    probabilities = fitted.predict_proba(NEW)
    assert fitted.classes_.tolist() == ["a", "b", "c"]
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    np.testing.assert_array_equal(fitted.classes_[probabilities.argmax(axis=1)], fitted.predict(NEW))
    assert fitted.score(X, labels) > 0.9


def test_repeated_rows_need_jitter_only_without_noise():
    doubled, targets = np.vstack([X, X[:3]]), np.append(Y, Y[:3])
    noisy = NNGPRegressor(NET, noise=1e-2).fit(doubled, targets)
    assert noisy.jitter_ == 0
    with pytest.warns(UserWarning, match=r"singular to rounding: added jitter \d"):
        exact = NNGPRegressor(NET, noise=0.0).fit(doubled, targets)
    assert 0 < exact.jitter_ < 1e-12
    assert exact.condition_ > 1e12 > 1e5 > noisy.condition_
    np.testing.assert_allclose(exact.predict(X), Y, atol=1e-6)


@pytest.mark.parametrize("kind", REGRESSORS)
def test_rows_of_zeros_and_extreme_lengths_are_inputs_like_any(kind):
    with_zero = np.vstack([X, np.zeros((1, 3))])
    mean, std = kind(NET, noise=1e-3).fit(with_zero, np.append(Y, 0)).predict(np.zeros((1, 3)), return_std=True)
    assert mean[0] == 0
    assert std[0] == 0  # the network without biases is 0 there
    small = kind(NET, noise=1e-3).fit(X, Y).predict(NEW)
    for scale in (1e-150, 1e150):
        # The network scales with its inputs, so scaling the noise likewise changes nothing.
        mean, std = kind(NET, noise=1e-3 * scale**2).fit(scale * X, scale * Y).predict(scale * NEW, return_std=True)
        np.testing.assert_allclose(mean / scale, small, rtol=1e-6)
        assert np.all(np.isfinite(std / scale))


@pytest.mark.parametrize("kind", REGRESSORS)
def test_covariances_are_symmetric_with_the_variances_on_the_diagonal(kind):
    fitted = kind(NET, noise=0.05).fit(X, Y)
    covariance, std = fitted.predict(NEW, return_cov=True)[1], fitted.predict(NEW, return_std=True)[1]
    np.testing.assert_allclose(covariance, covariance.T, atol=1e-14)
    np.testing.assert_allclose(np.diag(covariance), std**2, rtol=1e-8)


def test_the_default_takes_what_it_gets():
    assert NNGPRegressor().fit(X, Y).architecture_.input_dim == 3
    assert NNGPRegressor().fit(X[:, :1], Y).architecture_.input_dim == 1
    assert NNGPRegressor(kernel=lambda a, b: a @ b.T).fit(X, Y).architecture_ is None


@pytest.mark.parametrize("kind", [*REGRESSORS, *CLASSIFIERS])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"noise": -1e-3}, "noise must be at least 0, got -0.001"),
        ({"noise": np.nan}, "noise must be a finite number"),
        ({"output_variance": 0.0}, "output_variance must be above 0"),
        ({"architecture": MLP(width=5, depth=2, input_dim=4)}, "takes inputs of dimension 4, X has 3 features"),
        ({"architecture": "resnet"}, "expected an architecture"),
        ({"architecture": NET, "kernel": "precomputed"}, "exclude each other"),
        ({"kernel": "rbf"}, "kernel must be one of architecture, precomputed or a function"),
        ({"kernel": "precomputed"}, r"square matrix when fitted, got shape \(20, 3\)"),
        ({"limit": "infinite-height"}, "unknown limit"),
        ({"limit": "infinite-depth"}, "stable"),
    ],
)
def test_mistakes_are_refused_in_words(kind, options, message):
    with pytest.raises(ValueError, match=message):
        kind(**options).fit(X, np.arange(20) % 2)


def test_kernels_that_are_none_are_refused():
    distances = -np.sum((X[:, None] - X) ** 2, axis=-1)
    smallest = np.linalg.eigvalsh(distances)[0]
    with pytest.raises(ValueError, match=f"precomputed kernel .* smallest eigenvalue is {smallest:.6g}"):
        NNGPRegressor(kernel="precomputed").fit(distances, Y)
    with pytest.raises(ValueError, match=f"function's matrix .* smallest eigenvalue is {smallest:.6g}"):
        NNGPRegressor(kernel=lambda a, b: -np.sum((a[:, None] - b) ** 2, axis=-1)).fit(X, Y)
    with pytest.raises(ValueError, match=r"must return an array of shape \(20, 20\), got \(20, 3\)"):
        NNGPRegressor(kernel=lambda a, b: a).fit(X, Y)
    with pytest.raises(ValueError, match="values must be finite"):
        NNGPRegressor(kernel=lambda a, b: np.full((len(a), len(b)), np.nan)).fit(X, Y)


def test_a_slightly_indefinite_kernel_is_refused_though_the_noise_would_hide_it():
    gram = X @ X.T
    with pytest.raises(ValueError, match=r"smallest eigenvalue is -0\.001"):
        NNGPRegressor(kernel="precomputed", noise=0.1).fit(gram - 1e-3 * np.eye(20), Y)
    assert NNGPRegressor(kernel="precomputed", noise=0.1).fit(gram, Y).jitter_ == 0


def test_deviations_and_covariances_are_asked_one_at_a_time():
    with pytest.raises(ValueError, match="exclude each other"):
        NNGPRegressor().fit(X, Y).predict(NEW, return_std=True, return_cov=True)


@pytest.mark.parametrize("level", [0.1, 1.0])
def test_equal_targets_are_normalized_to_0_but_not_scaled(level: float) -> None:
    x = np.linspace(-1, 1, 14)[:, None]
    plain = NNGPRegressor().fit(x, np.zeros(14)).predict(x, return_std=True)
    mean, std = NNGPRegressor(normalize_y=True).fit(x, np.full(14, level)).predict(x, return_std=True)
    np.testing.assert_allclose(mean, level, rtol=1e-12)
    np.testing.assert_allclose(std, plain[1], rtol=1e-12)


def test_targets_whose_variance_overflows() -> None:
    with pytest.raises(ValueError, match="overflows float64"):
        NNGPRegressor(normalize_y=True).fit([[0.0], [1.0]], [1e200, -1e200])
