"""Gaussian expectations of activations: the theory's half of an activation.

Closed forms where there are any (piecewise linear, erf, GELU), quadrature with a verified error elsewhere. Nothing here
is used by a simulation.
"""

from __future__ import annotations

from typing import NamedTuple, overload

import numpy as np

from deeplimits._typing import ArrayLike, Float64Array
from deeplimits.activations.closed_forms import ClosedForm, closed_derivative_dual, closed_dual
from deeplimits.activations.evaluators import derivative_evaluator, evaluator
from deeplimits.activations.panels import PiecewiseSmooth, power
from deeplimits.activations.pointwise import Activation
from deeplimits.activations.quadrature import expectation, pair_expectation

_ROUNDING = 1e-14
_CORRELATION_SLACK = 1e-12


class Dual(NamedTuple):
    """Gaussian expectations with the error of their computation.

    Args:
        value: the expectations.
        numerical_error: a bound on the error of each.
    """

    value: Float64Array
    numerical_error: Float64Array


@overload
def dual(activation: Activation, variance_1: float, variance_2: float, correlation: float) -> float: ...
@overload
def dual(
    activation: Activation, variance_1: ArrayLike, variance_2: ArrayLike, correlation: ArrayLike
) -> float | Float64Array: ...
def dual(
    activation: Activation, variance_1: ArrayLike, variance_2: ArrayLike, correlation: ArrayLike
) -> float | Float64Array:
    """Return E φ(u)φ(v) for (u, v) centred Gaussian.

    Args:
        activation: φ.
        variance_1: variance of u, at least 0; the three arguments broadcast.
        variance_2: variance of v, at least 0.
        correlation: of u and v, in [−1, 1] up to a rounding error of 1e-12; without effect where a variance is 0.

    Returns:
        The expectation, a float if every argument is a number.

    Raises:
        ValueError: an argument is out of range, or the quadrature's error is above a relative 1e-6.

    Note:
        To 1e-14 of sqrt(E φ(u)² E φ(v)²) in closed form (piecewise linear, erf, GELU); else by quadrature, typically
        to 1e-12, in about 10 ms for each distinct entry.

    >>> from deeplimits.activations import RELU
    >>> round(dual(RELU, 1.0, 1.0, 0.5), 10)  # (sqrt(1 − r²) + r (π − arccos r)) / 2π
    0.3044988905

    References: cho2009kernel, arc-cosine kernel of degree 1 (ReLU); williams1997computing, the kernel of erf.
    """
    return _plain(dual_with_error(activation, variance_1, variance_2, correlation).value)


@overload
def derivative_dual(activation: Activation, variance_1: float, variance_2: float, correlation: float) -> float: ...
@overload
def derivative_dual(
    activation: Activation, variance_1: ArrayLike, variance_2: ArrayLike, correlation: ArrayLike
) -> float | Float64Array: ...
def derivative_dual(
    activation: Activation, variance_1: ArrayLike, variance_2: ArrayLike, correlation: ArrayLike
) -> float | Float64Array:
    """Return E φ'(u)φ'(v) for (u, v) centred Gaussian, with φ' where it exists.

    For continuous φ this is the derivative of `dual` with respect to the covariance of u and v (Price's theorem).

    Args:
        activation: φ; a user's callable is differentiated by JAX.
        variance_1: variance of u; above 0 where 0 is a kink. The three arguments broadcast.
        variance_2: variance of v, likewise.
        correlation: of u and v, in [−1, 1] up to a rounding error of 1e-12.

    Returns:
        The expectation, a float if every argument is a number.

    Raises:
        ValueError: an argument is out of range, or the quadrature's error is above a relative 1e-6.

    >>> from deeplimits.activations import RELU
    >>> round(derivative_dual(RELU, 1.0, 4.0, 0.5), 10)  # (π − arccos r) / 2π
    0.3333333333

    References: cho2009kernel, arc-cosine kernel of degree 0 (ReLU).
    """
    return _plain(derivative_dual_with_error(activation, variance_1, variance_2, correlation).value)


def dual_with_error(
    activation: Activation, variance_1: ArrayLike, variance_2: ArrayLike, correlation: ArrayLike
) -> Dual:
    """Return `dual` as arrays with the bound on its numerical error."""
    function = evaluator(activation)
    return _evaluate(closed_dual(activation), function, variance_1, variance_2, correlation)


def derivative_dual_with_error(
    activation: Activation, variance_1: ArrayLike, variance_2: ArrayLike, correlation: ArrayLike
) -> Dual:
    """Return `derivative_dual` as arrays with the bound on its numerical error."""
    variances = _variance("variance_1", variance_1), _variance("variance_2", variance_2)
    if 0 in activation.kinks and not all(np.all(variance > 0) for variance in variances):
        raise ValueError(f"{activation.name} has a kink at 0: its derivative dual needs variances above 0, got 0")
    closed = closed_derivative_dual(activation)
    if closed is None:
        _refuse_hidden_jumps(evaluator(activation), *variances)
    return _evaluate(closed, derivative_evaluator(activation), *variances, correlation)


@overload
def second_moment(activation: Activation, variance: float = 1.0) -> float: ...
@overload
def second_moment(activation: Activation, variance: ArrayLike) -> float | Float64Array: ...
def second_moment(activation: Activation, variance: ArrayLike = 1.0) -> float | Float64Array:
    """Return E φ(u)² for u ~ N(0, variance).

    Raises:
        ValueError: the variance is negative, or the quadrature's error is above a relative 1e-6.

    >>> from deeplimits.activations import leaky_relu
    >>> round(second_moment(leaky_relu(1.0, 0.2), variance=2.0), 12)
    1.04
    """
    return dual(activation, variance, variance, 1.0)


def fourth_moment(activation: Activation, variance: float = 1.0) -> float:
    """Return E φ(u)⁴ for u ~ N(0, variance).

    Raises:
        ValueError: the variance is negative, or the quadrature's error is above a relative 1e-6.

    >>> from deeplimits.activations import RELU
    >>> fourth_moment(RELU)
    1.5
    """
    variance = float(_variance("variance", variance))
    if activation.slopes is not None:
        up, down = activation.slopes
        return 1.5 * (up**4 + down**4) * variance**2
    return expectation(power(evaluator(activation), 4), variance).value


def _refuse_hidden_jumps(function: PiecewiseSmooth, *variances: Float64Array) -> None:
    """Resolve φ at each variance: a jump that was not declared is invisible in φ'."""
    for variance in np.unique(np.concatenate([array.ravel() for array in variances])):
        if variance > 0:
            function.edges(float(np.sqrt(variance)))


def _evaluate(
    closed: ClosedForm | None,
    function: PiecewiseSmooth,
    variance_1: ArrayLike,
    variance_2: ArrayLike,
    correlation: ArrayLike,
) -> Dual:
    """Broadcast the arguments and evaluate in closed form if there is one, else each distinct entry by quadrature."""
    arguments = np.broadcast_arrays(
        _variance("variance_1", variance_1), _variance("variance_2", variance_2), _correlation(correlation)
    )
    shape = arguments[0].shape
    a, b, r = (array.ravel() for array in arguments)
    if closed is not None:
        with np.errstate(over="ignore", invalid="ignore"):
            value, one = closed(a, b, r), np.ones_like(r)
            scale = np.sqrt(closed(a, a, one)) * np.sqrt(closed(b, b, one))
        if not np.all(np.isfinite(value) & np.isfinite(scale)):
            raise ValueError(f"the expectation overflows float64 at variances {np.max(a):.3g} and {np.max(b):.3g}")
        return Dual(value.reshape(shape), (_ROUNDING * scale).reshape(shape))
    entries = np.stack([np.maximum(a, b), np.minimum(a, b), r], axis=-1)
    distinct, place = np.unique(entries, axis=0, return_inverse=True)
    results = [pair_expectation(function, function, *map(float, entry)) for entry in distinct]
    value, error = (np.array([result[i] for result in results])[place.ravel()].reshape(shape) for i in (0, 1))
    return Dual(value, error)


def _plain(values: Float64Array) -> float | Float64Array:
    return float(values) if values.ndim == 0 else values


def _variance(name: str, value: ArrayLike) -> Float64Array:
    array = np.asarray(value, dtype=np.float64)
    if not (np.all(np.isfinite(array)) and np.all(array >= 0)):
        raise ValueError(f"{name} must be finite and at least 0, got {value!r}")
    return array


def _correlation(value: ArrayLike) -> Float64Array:
    array = np.asarray(value, dtype=np.float64)
    if not np.all(np.abs(array) <= 1 + _CORRELATION_SLACK):
        raise ValueError(f"correlation must be in [-1, 1], got {value!r}")
    return np.asarray(np.clip(array, -1.0, 1.0))
