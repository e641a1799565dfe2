"""NNGP and NTK Gram matrices of infinitely wide networks."""

from __future__ import annotations

from typing import Any

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.activations.jumps import jumps
from deeplimits.architectures import Architecture, require_architecture
from deeplimits.kernels.gram.assembly import DEFAULT_BLOCK, Progress, Target, assemble
from deeplimits.kernels.gram.expectations import expectations_of, has_closed_form
from deeplimits.kernels.gram.kernel_matrix import KernelMatrix
from deeplimits.kernels.gram.length_scale import diagonal
from deeplimits.kernels.gram.limits import steps_of
from deeplimits.kernels.gram.network_terms import PARAMETRIZATIONS, network_terms
from deeplimits.kernels.gram.pair_functions import Network
from deeplimits.kernels.gram.plan import plan_pairs
from deeplimits.kernels.gram.recursion import Kernels
from deeplimits.kernels.gram.rows import Rows, as_rows
from deeplimits.validation import one_of, positive_integer

_LONGEST = 1e70


def nngp(
    architecture: Architecture,
    x: ArrayLike,
    x2: ArrayLike | None = None,
    *,
    limit: str = "infinite-width",
    parametrization: str = "ntk",
    out: Any = None,
    block: int | None = None,
    progress: Progress | None = None,
) -> KernelMatrix:
    """Compute the covariance K(x, x') of one output coordinate of an infinitely wide random network.

    As the width (and hidden_width) goes to infinity at fixed depth, the outputs at any inputs become jointly Gaussian
    of mean 0 and covariance K; each output coordinate is an independent copy. See `ntk` for the arguments, errors and
    cost. ``parametrization`` makes no difference to K.

    >>> from deeplimits.architectures import MLP
    >>> net = MLP(width=100, depth=3, input_dim=2)
    >>> K = nngp(net, [[1.0, 0.0], [0.0, 1.0]])
    >>> K.values.round(6)
    array([[0.5     , 0.302413],
           [0.302413, 0.5     ]])
    >>> K
    KernelMatrix(nngp, 2 × 2, infinite-width, ntk parametrization, MLP of depth 3)

    References: lee2018deep, the recursion for K^l; cho2009kernel (ReLU).
    """
    asked = _Request(architecture, x, x2, limit, parametrization, block, progress)
    values, error = asked.fill(Target(asked.array(out), None))
    return asked.matrix(values.nngp, "nngp", error)


def ntk(
    architecture: Architecture,
    x: ArrayLike,
    x2: ArrayLike | None = None,
    *,
    limit: str = "infinite-width",
    parametrization: str = "ntk",
    out: Any = None,
    block: int | None = None,
    progress: Progress | None = None,
) -> KernelMatrix:
    """Compute the tangent kernel Θ(x, x') of one output coordinate of an infinitely wide network at initialization.

    Θ(x, x') = Σ_w ∂f(x)/∂w ∂f(x')/∂w over all weights, W_in and W_out too, and the biases if bias_variance > 0. With
    ``parametrization="ntk"`` the weights w are those of the architecture's equations, i.i.d. N(0, 1). With
    ``"standard"`` the weights sqrt(variance/fan_in) w are trained instead, and biases sqrt(bias_variance) b: the share
    of each layer is divided by its variance/fan_in, with the width of ``architecture``, so that Θ grows with it.
    Factors of a branch as a whole (branch_scale) are no part of a weight in either.

    Args:
        architecture: an MLP, ResNet, BalancedResNet or DenseNet with any activation.
        x: rows of inputs (inputs, input_dim), or one of them; zeros and equal rows are allowed.
        x2: other inputs for the columns; x itself by default.
        limit: ``infinite-width``, width → ∞ at the network's depth; or ``infinite-depth``, then depth → ∞ (for residual
            networks with branch_scale=stable(t), where the order of the limits does not matter).
        parametrization: ``ntk`` or ``standard``.
        out: a float64 array of the result's shape to fill: a NumPy array, a memory map, or any store that takes
            ``out[rows, columns] = values`` with slices and has ``shape`` and ``dtype``, as Zarr and HDF5 arrays.
        block: inputs on a side of the blocks that are computed at once; 512 by default, for a store its chunk.
        progress: called as ``progress(done, total)`` after each block.

    Returns:
        The matrix, exactly symmetric if x2 is not given; its ``numerical_error`` bounds what was measured of it.

    Raises:
        ValueError: inputs, names, ``out`` or ``block`` do not fit; the network has no such limit; an expectation cannot
            be computed; the kernel overflows.

    Note:
        Large matrices come from tables over the angle (homogeneous networks, or inputs of one length) or over both
        lengths and the angle, so that the cost of a pair does not depend on the depth; where a table is not accurate
        to 1e-9, and for few pairs, the recursion itself is evaluated. Working memory is that of x and a few blocks a
        core.

    >>> from deeplimits.architectures import MLP
    >>> T = ntk(MLP(width=100, depth=3, input_dim=2), [[1.0, 0.0], [0.0, 1.0]])
    >>> T.values.round(6)
    array([[2.      , 0.530194],
           [0.530194, 2.      ]])

    References: jacot2018neural, the recursion for Θ; littwin2020random, its residual and dense forms (rederived).
    """
    asked = _Request(architecture, x, x2, limit, parametrization, block, progress)
    values, error = asked.fill(Target(None, asked.array(out)))
    return asked.matrix(values.ntk, "ntk", error)


def nngp_and_ntk(
    architecture: Architecture,
    x: ArrayLike,
    x2: ArrayLike | None = None,
    *,
    limit: str = "infinite-width",
    parametrization: str = "ntk",
    out: tuple[Any, Any] | None = None,
    block: int | None = None,
    progress: Progress | None = None,
) -> tuple[KernelMatrix, KernelMatrix]:
    """Compute `nngp` and `ntk` in one pass; ``out`` is a pair of arrays."""
    asked = _Request(architecture, x, x2, limit, parametrization, block, progress)
    if out is not None and not (isinstance(out, (tuple, list)) and len(out) == 2):
        raise ValueError(f"out must be a pair of arrays, for the NNGP and the NTK, got {type(out).__name__}")
    first, second = (None, None) if out is None else out
    values, error = asked.fill(Target(asked.array(first), asked.array(second)))
    return asked.matrix(values.nngp, "nngp", error), asked.matrix(values.ntk, "ntk", error)


def nngp_diagonal(architecture: Architecture, x: ArrayLike, *, limit: str = "infinite-width") -> Float64Array:
    """Compute K(x, x) for each input, float64 (inputs,): see `nngp`.

    >>> from deeplimits.architectures import ResNet
    >>> nngp_diagonal(ResNet(width=10, depth=5, input_dim=2), [[3.0, 4.0], [0.0, 1.0]]).round(12)
    array([12.5,  0.5])
    """
    return _Request(architecture, x, None, limit, "ntk", None, None).diagonal().nngp


def ntk_diagonal(
    architecture: Architecture, x: ArrayLike, *, limit: str = "infinite-width", parametrization: str = "ntk"
) -> Float64Array:
    """Compute Θ(x, x) for each input, float64 (inputs,): see `ntk`.

    >>> from deeplimits.architectures import MLP
    >>> ntk_diagonal(MLP(width=10, depth=5, input_dim=2), [[1.0, 1.0]]).round(12)  # depth + 1
    array([6.])
    """
    _require_slope(architecture)
    return _Request(architecture, x, None, limit, parametrization, None, None).diagonal().ntk


class _Request:
    """One call, its arguments checked."""

    def __init__(
        self,
        architecture: Architecture,
        x: ArrayLike,
        x2: ArrayLike | None,
        limit: str,
        parametrization: str,
        block: int | None,
        progress: Progress | None,
    ) -> None:
        self._architecture = require_architecture(architecture)
        self._parametrization = one_of("parametrization", parametrization, PARAMETRIZATIONS)
        self._limit, self._progress = limit, progress
        steps = steps_of(architecture, limit)
        self._block = DEFAULT_BLOCK if block is None else positive_integer("block", block)
        terms = network_terms(architecture, parametrization)
        self._rows = as_rows(x, architecture.input_dim)
        self._columns = None if x2 is None else as_rows(x2, architecture.input_dim, "x2")
        if terms.normalized:
            _refuse_zeros(self._rows, self._columns)
        if architecture.phi.slopes is None:
            _refuse_long(architecture, self._rows, self._columns)
        phi = architecture.phi
        self._network = Network(
            terms, expectations_of(phi), architecture.homogeneous, has_closed_form(phi), not phi.kinks, steps
        )

    def array(self, out: Any) -> Any:
        """Return the array to fill: ``out``, checked, or a new one."""
        shape = self._rows.count, (self._columns or self._rows).count
        if out is None:
            return np.empty(shape)
        got = tuple(getattr(out, "shape", ()))
        if got != shape:
            raise ValueError(f"out must have shape {shape}, got {got or type(out).__name__}")
        if np.dtype(getattr(out, "dtype", None)) != np.float64:
            raise ValueError(f"out must have dtype float64, got {out.dtype}")
        if isinstance(out, np.ndarray) and not out.flags.writeable:
            raise ValueError("out must be writeable, got a read-only array (open a memory map with mode 'r+' or 'w+')")
        return out

    def diagonal(self) -> Kernels:
        """Return K(x, x) and Θ(x, x), an entry per input."""
        return Kernels(*(self._rows.expand(values) for values in self._own(self._rows)))

    def fill(self, target: Target) -> tuple[Target, float]:
        """Compute the kernels into ``target``; return it and the error that was measured."""
        if target.ntk is not None:
            _require_slope(self._architecture)
        rows, columns = self._rows, self._columns
        diagonals = self._own(rows), None if columns is None else self._own(columns)
        function, error = plan_pairs(self._network, rows, columns)
        assemble(
            function, rows, columns, diagonals[0] if columns is None else None, target, self._block, self._progress
        )
        return target, error

    def matrix(self, values: Any, kind: str, error: float) -> KernelMatrix:
        """Return the result."""
        return KernelMatrix(
            values, kind, self._limit, self._parametrization, self._architecture, error, self._columns is None
        )

    def _own(self, rows: Rows) -> Kernels:
        """Return the diagonal at distinct inputs; it bounds every other entry, so they are finite if it is."""
        with np.errstate(over="ignore", invalid="ignore"):
            own = diagonal(self._network, rows.lengths)
        own = Kernels(*(np.broadcast_to(values, rows.lengths.shape) + 0.0 for values in own))
        for values in own:
            if not np.all(np.isfinite(values)):
                largest = rows.lengths[int(np.argmin(np.isfinite(values)))]
                raise ValueError(
                    f"the kernel overflows float64 at an input of length {largest:.3g} and depth "
                    f"{self._architecture.depth}; scale the inputs or the weight variance down"
                )
        return own


def _require_slope(architecture: Architecture) -> None:
    if isinstance(architecture, Architecture) and jumps(architecture.phi):
        raise ValueError(
            f"{architecture.phi.name} jumps at one of its kinks, where its derivative is infinite, and with it the "
            "tangent kernel: take a continuous activation, or the NNGP"
        )


def _refuse_long(architecture: Architecture, *groups: Rows | None) -> None:
    longest = max(float(rows.lengths.max()) for rows in groups if rows is not None)
    if longest * (architecture.input_variance / architecture.input_dim) ** 0.5 > _LONGEST:
        raise ValueError(
            f"an input of length {longest:.3g} makes preactivations above {_LONGEST:g}, where the expectations of "
            f"{architecture.phi.name} leave float64: scale the inputs down, or take a piecewise linear activation"
        )


def _refuse_zeros(*groups: Rows | None) -> None:
    for rows in groups:
        if rows is not None and not np.all(rows.lengths > 0):
            first = int(np.argmin(rows.lengths > 0))
            row = first if rows.place is None else int(np.argmax(rows.place == first))
            raise ValueError(f"row {row + 1} is all 0, which a normalization cannot divide by: give other inputs")
