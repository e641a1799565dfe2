"""Bayesian regression with an infinitely wide network: the NNGP's posterior."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import MultiOutputMixin, RegressorMixin
from sklearn.utils.validation import validate_data

from deeplimits.gp.estimator import Targets, predict
from deeplimits.gp.nngp_estimator import NNGPEstimator


class NNGPRegressor(RegressorMixin, MultiOutputMixin, NNGPEstimator):  # type: ignore[misc]  # no types there
    """Regress with the Gaussian process that a random network of infinite width is.

    The outputs of ``architecture`` at random weights are GP(0, K), K its NNGP, as its width goes to infinity. Given
    y = f(x) + N(0, noise) the posterior has mean K_*ᵀ (K + noise I)⁻¹ y and covariance K_** − K_*ᵀ (K + noise I)⁻¹ K_*:
    exact Bayesian inference over all weights of the network. Follows scikit-learn's conventions.

    Args:
        architecture: the network; its ``width`` and ``output_dim`` play no part, its ``input_dim`` must be the number
            of features. By default 5 residual blocks of ReLU units with biases. A grid search takes a list of them.
        noise: variance (not standard deviation) of the noise in the targets, at least 0.
        output_variance: factor of K.
        limit: infinite-width, or infinite-depth for a ResNet whose branches are scaled for it.
        kernel: ``architecture``; a function of two arrays of rows that returns the matrix of their covariances; or
            ``precomputed``, and ``X`` is that matrix: (N, N) to fit, (M, N) to predict.
        normalize_y: fit to targets of mean 0 and variance 1; ``noise`` is then in their units.
        optimize: which hyperparameters the marginal likelihood shall choose: False for none; True for noise,
            output_variance, weight_variance and bias_variance as far as they are above 0; or their names, of these and
            input_variance, skip_scale, branch_scale and branch_variance. They are found by L-BFGS with exact gradients,
            each within a factor 1e4 of the value it starts from.
        restarts: further searches, from random points.
        random_state: seed or generator of those points.

    Attributes:
        architecture_, noise_, output_variance_: what was fitted, or given.
        log_marginal_likelihood_value_: ln p(y) there.
        jitter_: what had to be added to the diagonal for a Cholesky factor to exist: 0 unless a warning said so.
        condition_: condition number of K + noise I, in the 1-norm.

    Note: exact, by Cholesky in float64: N³ / 3 operations, and N² numbers in memory. Rows may be repeated.

    >>> angles = np.linspace(0, 6, 30)
    >>> circle = np.column_stack([np.cos(angles), np.sin(angles)])
    >>> gp = NNGPRegressor(noise=1e-4).fit(circle, np.sin(2 * angles))
    >>> mean, std = gp.predict(circle[:1], return_std=True)
    >>> bool(abs(mean[0]) < 0.02), bool(std[0] < 0.02), gp.jitter_
    (True, True, 0.0)

    References: neal1996bayesian; lee2018deep; rasmussen2006gaussian, chapters 2 and 5.
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
        normalize_y: Any = False,
        optimize: Any = False,
        restarts: Any = 0,
        random_state: Any = None,
    ) -> None:
        self.architecture = architecture
        self.noise = noise
        self.output_variance = output_variance
        self.limit = limit
        self.kernel = kernel
        self.normalize_y = normalize_y
        self.optimize = optimize
        self.restarts = restarts
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> NNGPRegressor:
        """Compute the posterior given ``y`` at the rows of ``X``.

        Args:
            X: inputs (N, features), or the kernel's matrix (N, N).
            y: targets (N,) or (N, outputs); outputs are independent and share the kernel.

        Raises:
            ValueError: data or a parameter is of no use; the message says which and why.
        """
        x, values = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True)
        self._condition(x, Targets.of(values, self.normalize_y))
        return self

    def predict(self, X: Any, return_std: bool = False, return_cov: bool = False) -> Any:
        """Return the posterior mean of f at the rows of ``X``.

        Args:
            X: inputs (M, features), or covariances with the training inputs (M, N).
            return_std: return (mean, standard deviation of f). A new target's variance is ``noise_`` more.
            return_cov: return (mean, covariance of f at the M inputs).

        Returns:
            Means (M,) or (M, outputs); deviations of the same shape; covariances (M, M) or (M, M, outputs).
        """
        return predict(self, X, return_std, return_cov)
