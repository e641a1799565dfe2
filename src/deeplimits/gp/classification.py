"""Classification by regression on one-hot targets."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data

from deeplimits._typing import Float64Array
from deeplimits.gp.class_probabilities import probability_of_largest
from deeplimits.gp.estimator import Targets, new_inputs


def read_labels(estimator: Any, X: Any, y: Any) -> tuple[Float64Array, Targets]:
    """Return inputs and one-hot targets less 1 / classes, and set ``classes_``."""
    x, labels = validate_data(estimator, X, y, dtype=np.float64)
    check_classification_targets(labels)
    estimator.classes_, numbers = np.unique(labels, return_inverse=True)
    count = len(estimator.classes_)
    return x, Targets.of(np.eye(count)[numbers] - 1 / count, normalize=False)


def largest_mean(estimator: Any, X: Any) -> Any:
    """Return the class of the largest mean output at each row of ``X``."""
    x = new_inputs(estimator, X)
    return estimator.classes_[np.argmax(estimator.predictor_.mean(x), axis=1)]


def probabilities(estimator: Any, X: Any, noise: float) -> Float64Array:
    """Return for each class the probability that its output, with noise of variance ``noise``, is the largest."""
    x = new_inputs(estimator, X)
    mean, variance = estimator.predictor_.mean_and_variance(x)
    return probability_of_largest(mean, np.sqrt(variance + noise))
