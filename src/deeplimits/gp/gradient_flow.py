"""The law of infinitely wide networks trained by gradient flow, over their random initialisations."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from scipy import linalg

from deeplimits._typing import Float64Array
from deeplimits.gp.cholesky import factorise
from deeplimits.gp.kernel_sources import KernelSource
from deeplimits.gp.posterior import by_blocks


@runtime_checkable
class Response(Protocol):
    """Multiply by A_t: what the networks learn from a residual in the time given."""

    @property
    def jitter(self) -> float:
        """What was added to the diagonal of the tangent kernel."""

    @property
    def condition(self) -> float:
        """Condition number of the tangent kernel with its penalty."""

    def solve(self, right: Float64Array) -> Float64Array:
        """Return A_t ``right``."""


@dataclass(frozen=True, eq=False)
class FiniteTime:
    """Multiply by A_t of a finite time in the eigenvectors of Θ, which needs no jitter.

    Args:
        vectors: eigenvectors of Θ.
        rates: eigenvalues of Θ + penalty, ascending.
        time: t.
    """

    vectors: Float64Array
    rates: Float64Array
    time: float

    @property
    def jitter(self) -> float:
        """None."""
        return 0.0

    @property
    def condition(self) -> float:
        """Return the ratio of the largest to the smallest eigenvalue."""
        return float(self.rates[-1] / self.rates[0]) if self.rates[0] > 0 else math.inf

    def solve(self, right: Float64Array) -> Float64Array:
        """Return A_t ``right``: (1 − exp(−t r)) / r for each rate r, which is t for r = 0."""
        gains = np.full(len(self.rates), self.time)
        moving = self.rates > 0
        gains[moving] = -np.expm1(-self.time * self.rates[moving]) / self.rates[moving]
        return np.asarray(self.vectors @ (gains[:, None] * (self.vectors.T @ right)))


@dataclass(frozen=True, eq=False)
class TrainedEnsemble:
    """Hold the law of trained networks, see `train_to`; ``initial`` is K(X, X), before training."""

    source: KernelSource
    output_variance: float
    x: Float64Array
    response: Response
    initial: Float64Array
    coefficients: Float64Array

    def mean(self, x: Float64Array) -> Float64Array:
        """Return Θ(x, X) A_t y."""
        (mean,) = by_blocks(lambda block: (self._both(block)[1] @ self.coefficients,), x)
        return mean

    def mean_and_variance(self, x: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Return the mean and the diagonal of the covariance, what rounding makes negative as 0."""
        mean, variance = by_blocks(self._mean_and_variance, x)
        return mean, variance

    def mean_and_covariance(self, x: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Return the mean and K_xx + Θ_xX A_t K_XX A_t Θ_Xx − (Θ_xX A_t K_Xx + transpose)."""
        prior = self.output_variance * self.source.covariance(x)
        initial, tangent = self._both(x)
        weights = self.response.solve(tangent.T)
        mixed = initial @ weights
        return tangent @ self.coefficients, prior + weights.T @ self.initial @ weights - mixed - mixed.T

    def _mean_and_variance(self, x: Float64Array) -> tuple[Float64Array, Float64Array]:
        prior = self.output_variance * self.source.variances(x)
        initial, tangent = self._both(x)
        weights = self.response.solve(tangent.T)
        learned = np.einsum("ij,ij->j", weights, self.initial @ weights - 2 * initial.T)
        return tangent @ self.coefficients, np.maximum(prior + learned, 0.0)

    def _both(self, x: Float64Array) -> tuple[Float64Array, Float64Array]:
        return _scaled(self.output_variance, self.source.both(x, self.x))


def train_to(
    time: float, source: KernelSource, output_variance: float, penalty: float, x: Float64Array, y: Float64Array
) -> TrainedEnsemble:
    """Return the law at time t of infinitely wide networks in gradient flow on ½ ‖f(X) − y‖² + ½ penalty ‖θ − θ_0‖².

    The width goes to infinity first: the network is then linear in its parameters, its tangent kernel Θ stays, and
    f_t = f_0 + Θ(·, X) A_t (y − f_0(X)), A_t = (Θ + penalty)⁻¹ (1 − exp(−t (Θ + penalty))), Θ = Θ(X, X). As f_0 is
    GP(0, K), f_t is Gaussian over initialisations: mean Θ(·, X) A_t y and covariance
    K + Θ_·X A_t K_XX A_t Θ_X· − (Θ_·X A_t K_X· + transpose).

    Args:
        time: t at learning rate 1 on the sum of squares; may be infinite.
        source: gives K and Θ in NTK parametrization.
        output_variance: factor of the output's square, so of both kernels.
        penalty: strength of the pull to the initial parameters.
        x: inputs, one a row.
        y: values (inputs, outputs).

    Raises:
        ValueError: Θ is not positive semi-definite.

    Note: exact: Cholesky in float64 for infinite time, else an eigendecomposition, which needs no jitter.

    References: jacot2018neural; lee2019wide.
    """
    initial, tangent = _scaled(output_variance, source.both(x))
    response = respond(time, tangent, penalty)
    return TrainedEnsemble(source, output_variance, x, response, initial, response.solve(y))


def respond(time: float, tangent: Float64Array, penalty: float) -> Response:
    """Return A_t for the tangent kernel Θ, which is overwritten; `train_to` defines it."""
    if math.isinf(time):
        tangent[np.diag_indices_from(tangent)] += penalty
        return factorise(tangent, what="the tangent kernel")
    if not np.all(np.isfinite(tangent)):
        raise ValueError("the tangent kernel of these inputs is not finite: scale the inputs to moderate lengths")
    values, vectors = linalg.eigh(tangent, overwrite_a=True, check_finite=False)
    return FiniteTime(vectors, np.maximum(values, 0.0) + penalty, time)  # rounding makes small eigenvalues negative


def _scaled(factor: float, pair: tuple[Float64Array, Float64Array]) -> tuple[Float64Array, Float64Array]:
    for matrix in pair:
        matrix *= factor
    return pair
