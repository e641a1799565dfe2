"""Regression with an infinitely wide network trained by gradient flow: the law of the trained ensemble."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from sklearn.base import MultiOutputMixin, RegressorMixin
from sklearn.utils.validation import validate_data

from deeplimits.gp.estimator import Targets, predict
from deeplimits.gp.ntk_estimator import NTKEstimator


class NTKRegressor(RegressorMixin, MultiOutputMixin, NTKEstimator):  # type: ignore[misc]  # no types there
    """Regress with infinitely wide networks trained by gradient flow on the squared error.

    At infinite width training is linear in the tangent kernel Θ, which stays what it was. A network that began as f_0
    is f_t = f_0 + Θ(·, X) A_t (y − f_0(X)) at time t, A_t = (Θ + noise)⁻¹ (1 − exp(−t (Θ + noise))). ``predict`` gives
    the mean over initialisations, Θ(·, X) A_t y, and their spread: the covariance
    K + Θ_·X A_t K_XX A_t Θ_X· − (Θ_·X A_t K_X· + transpose) with K the NNGP. This is the law of an ensemble, not in
    general a Bayesian posterior, so there is no marginal likelihood; at infinite time without noise every network fits
    y exactly. Follows scikit-learn's conventions.

    Args:
        architecture: the network; its ``width`` and ``output_dim`` play no part, its ``input_dim`` must be the number
            of features. By default 5 residual blocks of ReLU units with biases. A grid search takes a list of them.
        noise: penalty ½ noise ‖θ − θ_0‖² on the parameters' way, added to ½ ‖f(X) − y‖². In the mean at infinite time
            it acts as a variance of noise in the targets. At least 0.
        training_time: t at learning rate 1 on ½ of the *sum* of squares over the training targets: with a mean over N
            targets, N times the time; may be infinite.
        output_variance: factor of the square of the output, so of both kernels.
        limit: infinite-width, or infinite-depth for a ResNet whose branches are scaled for it.
        kernel: ``architecture``; a function of two arrays of rows that returns the pair (nngp, ntk); or
            ``precomputed``, and ``X`` is the tangent kernel: (N, N) to fit, (M, N) to predict, without deviations.
        normalize_y: fit to targets of mean 0 and variance 1.

    Attributes:
        architecture_, noise_, output_variance_: what was used.
        jitter_: what had to be added to the diagonal for a Cholesky factor to exist: 0 unless a warning said so.
        condition_: condition number of Θ + noise I, in the 1-norm, of a finite time in the 2-norm.

    Note: exact, in float64: by Cholesky at infinite time, N³ / 3 operations, else by eigenvectors, about 10 N³.

    >>> x = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> ensemble = NTKRegressor().fit(x, [1.0, 2.0, 3.0])
    >>> mean, std = ensemble.predict(x, return_std=True)
    >>> np.allclose(mean, [1, 2, 3]), bool(np.all(std < 1e-6))
    (True, True)

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
        normalize_y: Any = False,
    ) -> None:
        self.architecture = architecture
        self.noise = noise
        self.training_time = training_time
        self.output_variance = output_variance
        self.limit = limit
        self.kernel = kernel
        self.normalize_y = normalize_y

    def fit(self, X: Any, y: Any) -> NTKRegressor:
        """Train on ``y`` at the rows of ``X``.

        Args:
            X: inputs (N, features), or the tangent kernel's matrix (N, N).
            y: targets (N,) or (N, outputs).

        Raises:
            ValueError: data or a parameter is of no use; the message says which and why.
        """
        x, values = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True)
        self._train(x, Targets.of(values, self.normalize_y))
        return self

    def predict(self, X: Any, return_std: bool = False, return_cov: bool = False) -> Any:
        """Return the mean output of the trained networks at the rows of ``X``.

        Args:
            X: inputs (M, features), or the tangent kernel between them and the training inputs (M, N).
            return_std: return (mean, standard deviation over initialisations).
            return_cov: return (mean, covariance over initialisations at the M inputs).

        Returns:
            Means (M,) or (M, outputs); deviations of the same shape; covariances (M, M) or (M, M, outputs).
        """
        return predict(self, X, return_std, return_cov)
