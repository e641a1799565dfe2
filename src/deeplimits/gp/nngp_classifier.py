"""Classification with the NNGP, as regression on one-hot targets."""

from __future__ import annotations

from typing import Any

from sklearn.base import ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from deeplimits._typing import Float64Array
from deeplimits.gp.classification import largest_mean, probabilities, read_labels
from deeplimits.gp.nngp_estimator import NNGPEstimator


class NNGPClassifier(ClassifierMixin, NNGPEstimator):  # type: ignore[misc]  # no types there
    """Classify with the Gaussian process that a random network of infinite width is.

    Each class is an output of the network, regressed as by `NNGPRegressor` on 1 for its own inputs and 0 for the
    others, less 1 / classes; the outputs are independent and share one kernel. The largest posterior mean decides.
    Follows scikit-learn's conventions.

    Args:
        architecture: the network; its ``width`` and ``output_dim`` play no part, its ``input_dim`` must be the number
            of features. By default 5 residual blocks of ReLU units with biases. A grid search takes a list of them.
        noise: variance of the noise in the one-hot targets, at least 0.
        output_variance: factor of the kernel.
        limit: infinite-width, or infinite-depth for a ResNet whose branches are scaled for it.
        kernel: ``architecture``; a function of two arrays of rows that returns the matrix of their covariances; or
            ``precomputed``, and ``X`` is that matrix: (N, N) to fit, (M, N) to predict, without probabilities.
        optimize: which hyperparameters the marginal likelihood of the one-hot targets shall choose, as for
            `NNGPRegressor`: False, True or names.
        restarts: further searches, from random points.
        random_state: seed or generator of those points.

    Attributes:
        classes_: the labels.
        architecture_, noise_, output_variance_, log_marginal_likelihood_value_, jitter_, condition_: as those of
            `NNGPRegressor`.

    >>> x = [[1.0, 0.1], [0.9, -0.1], [-0.1, 1.0], [0.1, 0.9]]
    >>> gp = NNGPClassifier().fit(x, ["right", "right", "up", "up"])
    >>> gp.predict([[2.0, 0.0], [0.0, 2.0]]).tolist()
    ['right', 'up']

    References: lee2018deep.
    """

    # By scikit-learn's conventions a parameter may be set to anything, and `fit` checks it.
    def __init__(
        self,
        architecture: Any = None,
        noise: Any = 1e-2,
        *,
        output_variance: Any = 1.0,
        limit: Any = "infinite-width",
        kernel: Any = "architecture",
        optimize: Any = False,
        restarts: Any = 0,
        random_state: Any = None,
    ) -> None:
        self.architecture = architecture
        self.noise = noise
        self.output_variance = output_variance
        self.limit = limit
        self.kernel = kernel
        self.optimize = optimize
        self.restarts = restarts
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> NNGPClassifier:
        """Compute the posterior given the labels ``y`` of the rows of ``X``.

        Raises:
            ValueError: data or a parameter is of no use; the message says which and why.
        """
        self._condition(*read_labels(self, X, y))
        return self

    def predict(self, X: Any) -> Any:
        """Return the most probable class at each row of ``X``."""
        return largest_mean(self, X)

    def predict_proba(self, X: Any) -> Float64Array:
        """Return for each class the posterior probability that its target, noise included, is the largest.

        Returns:
            Array (M, classes), in the order of ``classes_``.
        """
        check_is_fitted(self)
        return probabilities(self, X, self.noise_)
