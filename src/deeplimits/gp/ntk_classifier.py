"""Classification with infinitely wide trained networks, as regression on one-hot targets."""

from __future__ import annotations

import math
from typing import Any

from sklearn.base import ClassifierMixin

from deeplimits._typing import Float64Array
from deeplimits.gp.classification import largest_mean, probabilities, read_labels
from deeplimits.gp.ntk_estimator import NTKEstimator


class NTKClassifier(ClassifierMixin, NTKEstimator):  # type: ignore[misc]  # no types there
    """Classify with infinitely wide networks trained by gradient flow on one-hot targets.

    Each class is an output of the network, trained as in `NTKRegressor` on 1 for its own inputs and 0 for the others,
    less 1 / classes. The largest output of the mean network decides. Follows scikit-learn's conventions.

    Args:
        architecture: the network; its ``width`` and ``output_dim`` play no part, its ``input_dim`` must be the number
            of features. By default 5 residual blocks of ReLU units with biases. A grid search takes a list of them.
        noise: penalty on the parameters' way, as of `NTKRegressor`, at least 0.
        training_time: t at learning rate 1 on ½ of the *sum* of squares; may be infinite.
        output_variance: factor of the square of the output, so of both kernels.
        limit: infinite-width, or infinite-depth for a ResNet whose branches are scaled for it.
        kernel: ``architecture``; a function of two arrays of rows that returns the pair (nngp, ntk); or
            ``precomputed``, and ``X`` is the tangent kernel: (N, N) to fit, (M, N) to predict, without probabilities.

    Attributes:
        classes_: the labels.
        architecture_, noise_, output_variance_, jitter_, condition_: as those of `NTKRegressor`.

    >>> x = [[1.0, 0.1], [0.9, -0.1], [-0.1, 1.0], [0.1, 0.9]]
    >>> NTKClassifier().fit(x, [3, 3, 7, 7]).predict([[2.0, 0.0], [0.0, 2.0]]).tolist()
    [3, 7]

    References: jacot2018neural; lee2019wide.
    """

    # By scikit-learn's conventions a parameter may be set to anything, and `fit` checks it.
    def __init__(
        self,
        architecture: Any = None,
        noise: Any = 0.0,
        *,
        training_time: Any = math.inf,
        output_variance: Any = 1.0,
        limit: Any = "infinite-width",
        kernel: Any = "architecture",
    ) -> None:
        self.architecture = architecture
        self.noise = noise
        self.training_time = training_time
        self.output_variance = output_variance
        self.limit = limit
        self.kernel = kernel

    def fit(self, X: Any, y: Any) -> NTKClassifier:
        """Train on the labels ``y`` of the rows of ``X``.

        Raises:
            ValueError: data or a parameter is of no use; the message says which and why.
        """
        self._train(*read_labels(self, X, y))
        return self

    def predict(self, X: Any) -> Any:
        """Return the class of the largest mean output at each row of ``X``."""
        return largest_mean(self, X)

    def predict_proba(self, X: Any) -> Float64Array:
        """Return for each class the share of trained networks whose output for it is the largest.

        The share is over initialisations, at which the outputs are independent.

        Returns:
            Array (M, classes), in the order of ``classes_``.
        """
        return probabilities(self, X, 0.0)
