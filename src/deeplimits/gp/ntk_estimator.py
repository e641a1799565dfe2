"""What the estimators that are ensembles of trained networks share."""

from __future__ import annotations

import math

from sklearn.utils.validation import check_is_fitted

from deeplimits._typing import Float64Array
from deeplimits.gp.cholesky import warn_of_jitter
from deeplimits.gp.estimator import KernelEstimator, Targets
from deeplimits.gp.gradient_flow import TrainedEnsemble, train_to
from deeplimits.validation import positive_number


class NTKEstimator(KernelEstimator):
    """Train to targets and say how well that was conditioned."""

    predictor_: TrainedEnsemble

    def _train(self, x: Float64Array, targets: Targets) -> None:
        """Fit to ``targets`` at ``x``."""
        time = math.inf if self.training_time == math.inf else positive_number("training_time", self.training_time)
        hyperparameters = self._read_hyperparameters()
        source = self._source(hyperparameters, pair=True)
        ensemble = train_to(time, source, hyperparameters.output_variance, hyperparameters.noise, x, targets.values)
        warn_of_jitter(ensemble.response.jitter, "the tangent kernel")
        self._publish(hyperparameters, targets, ensemble)
        self.jitter_ = ensemble.response.jitter

    @property
    def condition_(self) -> float:
        """Condition number of Θ + noise I."""
        check_is_fitted(self)
        return self.predictor_.response.condition
