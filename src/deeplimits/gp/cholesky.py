"""A Cholesky factor in float64 that says what it needed: how much jitter, and how ill-conditioned the matrix is."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from scipy import linalg
from scipy.linalg import lapack

from deeplimits._typing import Float64Array

_EPSILON = float(np.finfo(np.float64).eps)
_STEP = 10.0
# Rounding moves an eigenvalue of an N x N matrix by about N eps times its largest; more than this is no rounding.
_LARGEST_RELATIVE = 1e-6


@dataclass(frozen=True)
class Factor:
    """Hold the lower Cholesky factor of A + jitter I.

    Args:
        lower: the factor; above its diagonal stands anything.
        jitter: what was added to the diagonal, in the units of A.
        norm: largest absolute column sum of A + jitter I.
    """

    lower: Float64Array
    jitter: float
    norm: float

    def solve(self, right: Float64Array) -> Float64Array:
        """Return (A + jitter I)⁻¹ ``right``."""
        return np.asarray(linalg.cho_solve((self.lower, True), right, check_finite=False))

    def half_solve(self, right: Float64Array) -> Float64Array:
        """Return L⁻¹ ``right``, whose columns' squared norms are the quadratic forms of (A + jitter I)⁻¹."""
        return np.asarray(linalg.solve_triangular(self.lower, right, lower=True, check_finite=False))

    def inverse(self) -> Float64Array:
        """Return (A + jitter I)⁻¹, at a third of the operations that solving for the identity takes."""
        triangle, info = lapack.dpotri(self.lower, lower=1)
        if info:
            raise ValueError("the covariance matrix is singular: raise the noise")
        below = np.tril(triangle, -1)
        return np.asarray(below + below.T + np.diag(np.diag(triangle)))

    @property
    def log_determinant(self) -> float:
        """Ln det(A + jitter I)."""
        return float(2 * np.sum(np.log(np.diag(self.lower))))

    @property
    def condition(self) -> float:
        """Condition number of A + jitter I in the 1-norm, as LAPACK estimates it from the factor (at most too low)."""
        reciprocal, _ = lapack.dpocon(self.lower, self.norm, uplo="L")
        return float(1 / reciprocal) if reciprocal > 0 else float("inf")


def factorise(matrix: Float64Array, *, what: str = "the covariance matrix") -> Factor:
    """Return the Cholesky factor of a symmetric positive semi-definite matrix.

    Nothing is added to the diagonal unless the factorisation fails, or a pivot, the variance of a value given those
    before it, is below N eps of its diagonal entry and so mere rounding: then N eps of the mean diagonal entry, and
    ten times more until it succeeds. The factor says how much.

    Args:
        matrix: symmetric array (N, N), overwritten by the factor.
        what: its name in messages.

    Raises:
        ValueError: it is not positive semi-definite: 1e-6 of its mean diagonal did not help. Or it is not finite.

    Note: exact up to rounding; N³ / 3 operations, and no memory beside the matrix.

    >>> factorise(np.array([[4.0, 2.0], [2.0, 2.0]])).lower[1]
    array([1., 1.])
    """
    # The transpose is the same matrix in the order of storage that LAPACK overwrites.
    target, diagonal = np.ascontiguousarray(matrix).T, np.diag(matrix).copy()
    norm, mean, rounding = float(lapack.dlange("1", target)), float(np.mean(diagonal)), _EPSILON * len(matrix)
    if not np.isfinite(norm):
        raise ValueError(f"{what} of these inputs is not finite: scale the inputs to moderate lengths")
    if not mean > 0:
        raise ValueError(
            f"{what} has a diagonal of mean {mean:g}: a noise above 0, or inputs that are not 0, mend that"
        )
    jitter, largest = 0.0, _LARGEST_RELATIVE * mean
    while True:
        found = _attempt(target)
        if found and (jitter >= largest or np.all(np.diag(target) ** 2 > rounding * diagonal)):
            return Factor(target, jitter, norm + jitter)
        if jitter >= largest:
            raise ValueError(_indefinite(_restore(target, diagonal), what))
        jitter = min(max(_STEP * jitter, rounding * mean), largest)
        _restore(target, diagonal + jitter)


def _attempt(target: Float64Array) -> bool:
    """Put the factor in place of the diagonal and what is below; return whether there is one."""
    try:
        linalg.cho_factor(target, lower=True, overwrite_a=True, check_finite=False)
    except linalg.LinAlgError:
        return False
    return True


def _restore(target: Float64Array, diagonal: Float64Array) -> Float64Array:
    """Return ``target`` as it was before an attempt, with this ``diagonal``: above it nothing was changed."""
    for i in range(len(target)):
        target[i + 1 :, i] = target[i, i + 1 :]
    target[np.diag_indices_from(target)] = diagonal
    return target


def warn_of_jitter(jitter: float, what: str = "the covariance matrix") -> None:
    """Warn if ``jitter`` was added to a diagonal, and say how much."""
    if jitter:
        warnings.warn(
            f"{what} is singular to rounding: added jitter {jitter:.3g} to its diagonal; a noise well above that needs "
            "none",
            UserWarning,
            stacklevel=4,
        )


def require_positive_semidefinite(matrix: Float64Array, what: str) -> None:
    """Check a matrix that somebody else computed.

    Raises:
        ValueError: it is not symmetric, or an eigenvalue is negative beyond rounding; the message states the smallest.

    >>> require_positive_semidefinite(np.array([[1.0, 2.0], [2.0, 1.0]]), "the kernel")
    Traceback (most recent call last):
    ValueError: the kernel is not positive semi-definite: its smallest eigenvalue is -1, its largest diagonal entry 1
    """
    largest = float(np.max(np.abs(matrix)))
    asymmetry = float(np.max(np.abs(matrix - matrix.T)))
    if asymmetry > 1e-8 * largest:
        raise ValueError(f"{what} is not symmetric: entries differ by up to {asymmetry:.3g} of {largest:.3g}")
    tolerance = 10 * _EPSILON * matrix.shape[0] * largest
    raised = np.array(matrix, order="F")
    raised[np.diag_indices_from(raised)] += tolerance
    if not _attempt(raised) and largest and _smallest_eigenvalue(matrix) < -tolerance:
        raise ValueError(_indefinite(matrix, what))


def _smallest_eigenvalue(matrix: Float64Array) -> float:
    return float(linalg.eigvalsh(matrix, subset_by_index=[0, 0], check_finite=False)[0])


def _indefinite(matrix: Float64Array, what: str) -> str:
    return (
        f"{what} is not positive semi-definite: its smallest eigenvalue is {_smallest_eigenvalue(matrix):.6g}, "
        f"its largest diagonal entry {np.max(np.diag(matrix)):.6g}"
    )
