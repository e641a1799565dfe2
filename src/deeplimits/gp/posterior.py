"""The posterior of a Gaussian process whose values were seen with Gaussian noise."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.gp.cholesky import Factor, factorise
from deeplimits.gp.kernel_sources import KernelSource

_BLOCK = 2048  # rows predicted at once, so that memory is bounded by this times the training size


@runtime_checkable
class Predictor(Protocol):
    """Give the law of a function at new inputs: a mean for each output, one covariance for all of them."""

    def mean(self, x: Float64Array) -> Float64Array:
        """Return the means at the rows of ``x``, an array (inputs, outputs)."""

    def mean_and_variance(self, x: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Return the means and the variance at each row of ``x``."""

    def mean_and_covariance(self, x: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Return the means and the covariance of the values at the rows of ``x``."""


@dataclass(frozen=True, eq=False)
class Posterior:
    """Hold the posterior given values at ``x``; see `condition_on`."""

    source: KernelSource
    output_variance: float
    x: Float64Array
    factor: Factor
    coefficients: Float64Array
    log_marginal_likelihood: float

    def mean(self, x: Float64Array) -> Float64Array:
        """Return k(x, X) (K + noise)⁻¹ y."""
        (mean,) = by_blocks(lambda block: (self._cross(block) @ self.coefficients,), x)
        return mean

    def mean_and_variance(self, x: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Return the mean and k(x, x) − k(x, X) (K + noise)⁻¹ k(X, x), what rounding makes negative as 0."""
        mean, variance = by_blocks(self._mean_and_variance, x)
        return mean, variance

    def mean_and_covariance(self, x: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Return the mean and K(x, x) − K(x, X) (K + noise)⁻¹ K(X, x)."""
        prior = self.output_variance * self.source.covariance(x)
        cross = self._cross(x)
        half = self.factor.half_solve(cross.T)
        return cross @ self.coefficients, prior - half.T @ half

    def _mean_and_variance(self, x: Float64Array) -> tuple[Float64Array, Float64Array]:
        prior = self.output_variance * self.source.variances(x)
        cross = self._cross(x)
        half = self.factor.half_solve(cross.T)
        return cross @ self.coefficients, np.maximum(prior - np.einsum("ij,ij->j", half, half), 0.0)

    def _cross(self, x: Float64Array) -> Float64Array:
        return self.output_variance * self.source.nngp(x, self.x)


def condition_on(
    source: KernelSource, output_variance: float, noise: float, x: Float64Array, y: Float64Array
) -> Posterior:
    """Return the posterior of f ~ GP(0, output_variance · K) given y = f(x) + N(0, noise).

    Mean k(·, X) (K + noise I)⁻¹ y; log marginal likelihood −½ yᵀ(K + noise I)⁻¹ y − ½ ln det(K + noise I) − N/2 ln 2π,
    summed over the columns of y, which are independent outputs with one kernel.

    Args:
        source: gives K.
        output_variance: factor of K.
        noise: variance of the noise.
        x: inputs, one a row.
        y: values (inputs, outputs).

    Raises:
        ValueError: the covariance is not positive semi-definite.

    Note: exact, by Cholesky in float64, N³ / 3 operations.

    References: rasmussen2006gaussian, chapter 2.
    """
    covariance = source.nngp(x)
    covariance *= output_variance
    covariance[np.diag_indices_from(covariance)] += noise
    factor = factorise(covariance)
    coefficients = factor.solve(y)
    fit = -0.5 * float(np.sum(y * coefficients))
    volume = -0.5 * y.shape[1] * (factor.log_determinant + len(x) * math.log(2 * math.pi))
    return Posterior(source, output_variance, x, factor, coefficients, fit + volume)


def by_blocks(function: Callable[[Float64Array], tuple[Float64Array, ...]], x: Float64Array) -> list[Float64Array]:
    """Return the arrays that ``function`` gives for the rows of ``x``, computed block after block."""
    blocks = [function(x[start : start + _BLOCK]) for start in range(0, len(x), _BLOCK)]
    return [np.concatenate(parts) for parts in zip(*blocks, strict=True)]
