"""What the estimators of this package share: reading parameters and data, and giving predictions back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from deeplimits._typing import Float64Array
from deeplimits.gp.hyperparameters import Hyperparameters
from deeplimits.gp.kernel_sources import KernelSource, architecture_for, source_of, uses_architecture
from deeplimits.gp.posterior import Predictor


class KernelEstimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Hold what does not depend on which law is fitted; a subclass sets ``predictor_`` and ``targets_``."""

    def __sklearn_tags__(self) -> Any:
        """Say that a precomputed kernel is a matrix between inputs."""
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = isinstance(self.kernel, str) and self.kernel == "precomputed"
        return tags

    def _read_hyperparameters(self) -> Hyperparameters:
        """Return the hyperparameters to begin with; `n_features_in_` is known by now."""
        architecture = None
        if uses_architecture(self.kernel):
            architecture = architecture_for(self.architecture, self.n_features_in_)
        elif self.architecture is not None:
            raise ValueError("an architecture and a kernel of your own exclude each other: give one of them")
        return Hyperparameters(self.noise, self.output_variance, architecture)

    def _source(self, hyperparameters: Hyperparameters, *, pair: bool = False) -> KernelSource:
        return source_of(self.kernel, hyperparameters.architecture, self.limit, pair=pair)

    def _publish(self, hyperparameters: Hyperparameters, targets: Targets, predictor: Predictor) -> None:
        """Set the attributes that fitting gives."""
        self.architecture_ = hyperparameters.architecture
        self.noise_ = hyperparameters.noise
        self.output_variance_ = hyperparameters.output_variance
        self.targets_ = targets
        self.predictor_ = predictor


def new_inputs(estimator: KernelEstimator, X: Any) -> Float64Array:
    """Return the rows to predict at, checked.

    Raises:
        ValueError: the estimator is not fitted, or the rows are none, of another dimension or not finite.
    """
    check_is_fitted(estimator)
    return np.asarray(validate_data(estimator, X, reset=False, dtype=np.float64))


@dataclass(frozen=True, eq=False)
class Targets:
    """Hold what was learned, centred and scaled, as an array (inputs, outputs), and the way back.

    Args:
        values: scaled values.
        offset: what was taken off each output.
        scale: by what each output was then divided.
        flat: whether the targets were one-dimensional.
    """

    values: Float64Array
    offset: Float64Array
    scale: Float64Array
    flat: bool

    @classmethod
    def of(cls, y: NDArray[Any], normalize: bool) -> Targets:
        """Return targets with mean 0 and variance 1 for each output if ``normalize``, else as they are."""
        flat = y.ndim == 1
        values = np.asarray(y, dtype=np.float64).reshape(len(y), -1)
        offset, scale = np.zeros(values.shape[1]), np.ones(values.shape[1])
        if normalize:
            with np.errstate(over="ignore", invalid="ignore"):
                offset, deviation = values.mean(axis=0), values.std(axis=0)
            if not np.all(np.isfinite(deviation)):
                raise ValueError(
                    f"the variance of targets up to {np.max(np.abs(values)):.3g} overflows float64: scale them down"
                )
            # Equal targets deviate from their mean by its rounding.
            varied = deviation > 10 * np.finfo(np.float64).eps * np.max(np.abs(values), axis=0)
            scale = np.where(varied, deviation, 1.0)
        return cls((values - offset) / scale, offset, scale, flat)

    def mean(self, scaled: Float64Array) -> Float64Array:
        """Return means (inputs, outputs) in the units of the targets."""
        mean = scaled * self.scale + self.offset
        return mean[:, 0] if self.flat else mean

    def spread(self, scaled: Float64Array, power: int) -> Float64Array:
        """Return what all scaled outputs share, a deviation (power 1) or covariance (2), for each output."""
        spread = np.multiply.outer(scaled, self.scale**power)
        return np.asarray(spread[..., 0] if self.flat else spread)


def predict(estimator: Any, X: Any, return_std: bool, return_cov: bool) -> Any:
    """Return what a regressor's ``predict`` returns."""
    if return_std and return_cov:
        raise ValueError("return_std and return_cov exclude each other: the variances are the covariance's diagonal")
    x = new_inputs(estimator, X)
    predictor, targets = estimator.predictor_, estimator.targets_
    if return_std:
        mean, variance = predictor.mean_and_variance(x)
        return targets.mean(mean), targets.spread(np.sqrt(variance), 1)
    if return_cov:
        mean, covariance = predictor.mean_and_covariance(x)
        return targets.mean(mean), targets.spread(covariance, 2)
    return targets.mean(predictor.mean(x))
