"""What the estimators that are posteriors of an NNGP share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from deeplimits._typing import Float64Array
from deeplimits.gp.cholesky import warn_of_jitter
from deeplimits.gp.estimator import KernelEstimator, Targets
from deeplimits.gp.evidence import evidence_gradient, gradient_of_kernel
from deeplimits.gp.hyperparameters import Hyperparameters
from deeplimits.gp.posterior import Posterior, condition_on
from deeplimits.gp.tuning import maximise
from deeplimits.validation import positive_integer


class NNGPEstimator(KernelEstimator):
    """Condition on targets, choose hyperparameters, and state the evidence."""

    predictor_: Posterior

    def _condition(self, x: Float64Array, targets: Targets) -> None:
        """Fit to ``targets`` at ``x``."""
        if self.restarts != 0:
            positive_integer("restarts", self.restarts)
        hyperparameters = self._read_hyperparameters()
        names = hyperparameters.chosen(self.optimize)

        if names:
            hyperparameters = self._tune(hyperparameters, names, x, targets.values)
        posterior = self._posterior(hyperparameters, x, targets.values)
        warn_of_jitter(posterior.factor.jitter)
        self._publish(hyperparameters, targets, posterior)
        self.log_marginal_likelihood_value_ = posterior.log_marginal_likelihood
        self.jitter_ = posterior.factor.jitter

    def _tune(self, start: Hyperparameters, names: Sequence[str], x: Float64Array, y: Float64Array) -> Hyperparameters:
        """Return the hyperparameters that the search finds."""
        kernel_gradient = gradient_of_kernel(start, self.limit, x, names)

        def evidence(at: Hyperparameters) -> tuple[float, dict[str, float]]:
            posterior = self._posterior(at, x, y)
            return posterior.log_marginal_likelihood, evidence_gradient(posterior, at, y, names, kernel_gradient)

        return maximise(evidence, start, names, self.restarts, check_random_state(self.random_state))

    @property
    def condition_(self) -> float:
        """Condition number of K + noise I in the 1-norm, estimated from its factor."""
        check_is_fitted(self)
        return self.predictor_.factor.condition

    def log_marginal_likelihood(self, hyperparameters: Mapping[str, float] | None = None) -> float:
        """Return ln p(y) of the training targets, after normalisation if there was any, summed over outputs.

        Args:
            hyperparameters: values by name where they shall differ from the fitted ones.

        Raises:
            ValueError: a name is unknown or a value out of range.
        """
        check_is_fitted(self)
        if not hyperparameters:
            return float(self.log_marginal_likelihood_value_)
        return self._elsewhere(hyperparameters)[1].log_marginal_likelihood

    def log_marginal_likelihood_gradient(
        self, names: Iterable[str] | None = None, hyperparameters: Mapping[str, float] | None = None
    ) -> dict[str, float]:
        """Return ∂ ln p(y) / ∂ ln θ for each hyperparameter θ.

        Args:
            names: which; by default those that ``optimize=True`` would vary.
            hyperparameters: values by name where they shall differ from the fitted ones.

        Raises:
            ValueError: a name is unknown, or its value is 0.
        """
        check_is_fitted(self)
        there, posterior = self._elsewhere(hyperparameters or {})
        wanted = there.chosen(True if names is None else names)
        kernel_gradient = gradient_of_kernel(there, self.limit, posterior.x, wanted)
        return evidence_gradient(posterior, there, self.targets_.values, wanted, kernel_gradient)

    def _elsewhere(self, values: Mapping[str, float]) -> tuple[Hyperparameters, Posterior]:
        here = Hyperparameters(self.noise_, self.output_variance_, self.architecture_)
        there, posterior = here.replace(values), self.predictor_
        if values:
            posterior = self._posterior(there, posterior.x, self.targets_.values)
        return there, posterior

    def _posterior(self, at: Hyperparameters, x: Float64Array, y: Float64Array) -> Posterior:
        return condition_on(self._source(at), at.output_variance, at.noise, x, y)
