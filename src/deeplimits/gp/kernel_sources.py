"""Where covariances come from: an architecture's infinite-width kernels, a user's function, or matrices.

``x`` are rows; a source returns float64 arrays of the second moments of the outputs of random networks (``nngp``), and
for training by gradient flow also of their gradients (``both``: NNGP and NTK).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.architectures import Architecture, ResNet, require_architecture
from deeplimits.gp.cholesky import require_positive_semidefinite

KERNELS = ("architecture", "precomputed")
_BLOCK = 256  # rows of which a user's function gives the whole matrix where only its diagonal is wanted
_NO_VARIANCES = (
    "a precomputed kernel between new and training inputs does not say the new inputs' own variances: give "
    "kernel=function(x, x2) instead, or predict without return_std and return_cov"
)


@runtime_checkable
class KernelSource(Protocol):
    """Give the covariances of rows, in arrays that are the caller's to overwrite."""

    def nngp(self, x: Float64Array, x2: Float64Array | None = None) -> Float64Array:
        """Return the covariance of outputs at ``x`` and at ``x2``; by default at training inputs ``x``, checked."""

    def variances(self, x: Float64Array) -> Float64Array:
        """Return the variance of the output at each row of ``x``."""

    def covariance(self, x: Float64Array) -> Float64Array:
        """Return the covariance of the outputs at new rows ``x``."""

    def both(self, x: Float64Array, x2: Float64Array | None = None) -> tuple[Float64Array, Float64Array]:
        """Return NNGP and NTK."""


@dataclass(frozen=True)
class ArchitectureKernels:
    """Take the kernels of ``architecture`` in the limit called ``limit``."""

    architecture: Architecture
    limit: str

    def nngp(self, x: Float64Array, x2: Float64Array | None = None) -> Float64Array:
        """Return the architecture's NNGP."""
        from deeplimits.kernels import nngp

        return np.asarray(nngp(self.architecture, x, x2, limit=self.limit).values)

    def variances(self, x: Float64Array) -> Float64Array:
        """Return the diagonal of the NNGP."""
        from deeplimits.kernels import nngp_diagonal

        return np.asarray(nngp_diagonal(self.architecture, x, limit=self.limit))

    def covariance(self, x: Float64Array) -> Float64Array:
        """Return the NNGP of ``x``."""
        return self.nngp(x)

    def both(self, x: Float64Array, x2: Float64Array | None = None) -> tuple[Float64Array, Float64Array]:
        """Return the architecture's NNGP and NTK, computed together."""
        from deeplimits.kernels import nngp_and_ntk

        first, second = nngp_and_ntk(self.architecture, x, x2, limit=self.limit)
        return np.asarray(first.values), np.asarray(second.values)


@dataclass(frozen=True)
class FunctionKernels:
    """Call a user's ``function(x, x2)``, which returns the NNGP, or with ``pair`` the two matrices (NNGP, NTK)."""

    function: Callable[[Float64Array, Float64Array], Any]
    pair: bool = False

    def nngp(self, x: Float64Array, x2: Float64Array | None = None) -> Float64Array:
        """Return the function's values, checked."""
        if self.pair:
            return self.both(x, x2)[0]
        return self._checked(self.function(x, x if x2 is None else x2), x, x2)

    def variances(self, x: Float64Array) -> Float64Array:
        """Return the diagonal, from square blocks."""
        blocks = [x[start : start + _BLOCK] for start in range(0, len(x), _BLOCK)]
        return np.concatenate([np.diag(self.nngp(block, block)) for block in blocks])

    def covariance(self, x: Float64Array) -> Float64Array:
        """Return the function's matrix of ``x``."""
        return self.nngp(x)

    def both(self, x: Float64Array, x2: Float64Array | None = None) -> tuple[Float64Array, Float64Array]:
        """Return the function's two matrices, checked."""
        pair = self.function(x, x if x2 is None else x2)
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise ValueError(
                f"for a network in training the kernel function must return the pair (nngp, ntk), got {type(pair)}"
            )
        return self._checked(pair[0], x, x2), self._checked(pair[1], x, x2)

    def _checked(self, values: Any, x: Float64Array, x2: Float64Array | None) -> Float64Array:
        expected = (len(x), len(x if x2 is None else x2))
        matrix = _finite(values, "the kernel function's values")
        if matrix.shape != expected:
            raise ValueError(f"the kernel function must return an array of shape {expected}, got {matrix.shape}")
        if x2 is None:
            require_positive_semidefinite(matrix, "the kernel function's matrix")
        return matrix


@dataclass(frozen=True)
class PrecomputedKernels:
    """Take ``x`` itself for the matrix: (N, N) when fitted, (M, N) when predicting."""

    def nngp(self, x: Float64Array, x2: Float64Array | None = None) -> Float64Array:
        """Return ``x``, checked."""
        if x2 is None:
            if x.shape[0] != x.shape[1]:
                raise ValueError(f"a precomputed kernel must be a square matrix when fitted, got shape {x.shape}")
            require_positive_semidefinite(x, "the precomputed kernel")
        return x.copy()

    def variances(self, x: Float64Array) -> Float64Array:
        """Refuse: the matrix between new and training inputs does not hold the new inputs' own variances."""
        raise ValueError(_NO_VARIANCES)

    def covariance(self, x: Float64Array) -> Float64Array:
        """Refuse, as `variances` does."""
        raise ValueError(_NO_VARIANCES)

    def both(self, x: Float64Array, x2: Float64Array | None = None) -> tuple[Float64Array, Float64Array]:
        """Return ``x`` as the NTK; the NNGP, which only variances need, is unknown and empty."""
        return np.empty((0, 0)), self.nngp(x, x2)


def default_architecture(input_dim: int) -> ResNet:
    """Return the network that estimators take if none is given: 5 residual blocks with biases of variance 0.1.

    Biases let it represent what does not scale with the input's length. In the limit the width does not matter.

    >>> default_architecture(3)
    ResNet(width=1000, depth=5, input_dim=3, bias_variance=0.1)
    """
    return ResNet(width=1000, depth=5, input_dim=input_dim, bias_variance=0.1)


def architecture_for(architecture: Any, input_dim: int) -> Architecture:
    """Return ``architecture``, or the default one.

    Raises:
        ValueError: it is no architecture, or takes inputs of another dimension.
    """
    if architecture is None:
        return default_architecture(input_dim)
    architecture = require_architecture(architecture)
    if architecture.input_dim != input_dim:
        raise ValueError(
            f"the architecture takes inputs of dimension {architecture.input_dim}, X has {input_dim} features: give "
            f"input_dim={input_dim}, or architecture=None for a default"
        )
    return architecture


def uses_architecture(kernel: object) -> bool:
    """Return whether ``kernel`` means that of the architecture.

    Raises:
        ValueError: it is neither one of the names nor a function.
    """
    if callable(kernel):
        return False
    if not isinstance(kernel, str) or kernel not in KERNELS:
        raise ValueError(f"kernel must be one of {', '.join(KERNELS)} or a function of x and x2, got {kernel!r}")
    return kernel == "architecture"


def source_of(kernel: Any, architecture: Architecture | None, limit: str, *, pair: bool = False) -> KernelSource:
    """Return where an estimator's covariances come from; with ``pair`` a function returns NNGP and NTK."""
    if architecture is not None:
        return ArchitectureKernels(architecture, limit)
    return FunctionKernels(kernel, pair) if callable(kernel) else PrecomputedKernels()


def _finite(values: Any, what: str) -> Float64Array:
    matrix = np.array(values, dtype=np.float64)
    if not np.all(np.isfinite(matrix)):
        raise ValueError(f"{what} must be finite")
    return matrix
