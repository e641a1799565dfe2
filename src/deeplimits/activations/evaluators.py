"""φ and φ' in float64 on NumPy arrays, whatever the activation was written with."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from deeplimits._typing import Float64Array
from deeplimits.activations.panels import PiecewiseSmooth
from deeplimits.activations.pointwise import ERF, GELU, IDENTITY, TANH, Activation

_BLOCKS = (512, 4096, 32768)
"""A JAX function is compiled for these lengths only; shorter arrays are padded, longer ones cut."""

_FLOAT32_ROUNDING = 1.2e-7


def evaluator(activation: Activation) -> PiecewiseSmooth:
    """Return φ with its kinks.

    Raises:
        ValueError: φ cannot be traced by JAX, or does not map real arrays to real arrays of the same shape.
    """
    if _is_built_in(activation):
        return _built_in(activation)
    return _from_jax(_Identity(activation.function), activation.kinks, activation.name, False)


def derivative_evaluator(activation: Activation) -> PiecewiseSmooth:
    """Return φ' where it exists, with φ's kinks; a user's φ is differentiated by JAX.

    Raises:
        ValueError: as for `evaluator`.
    """
    if _is_built_in(activation):
        return _built_in_derivative(activation)
    return _from_jax(_Identity(activation.function), activation.kinks, activation.name, True)


def _is_built_in(activation: Activation) -> bool:
    return activation.slopes is not None or activation in _DERIVATIVES


def _tanh_derivative(z: Float64Array) -> Float64Array:
    decay = np.exp(-2 * np.abs(z))
    return np.asarray(4 * decay / (1 + decay) ** 2)


def _erf_derivative(z: Float64Array) -> Float64Array:
    return np.asarray(2 / math.sqrt(math.pi) * np.exp(-(z**2)))


def _gelu_derivative(z: Float64Array) -> Float64Array:
    from scipy import special

    return np.asarray(special.ndtr(z) + z * np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi))


_DERIVATIVES: dict[Activation, Callable[[Float64Array], Float64Array]] = {
    IDENTITY: np.ones_like,
    TANH: _tanh_derivative,
    ERF: _erf_derivative,
    GELU: _gelu_derivative,
}


@functools.lru_cache(maxsize=64)
def _built_in(activation: Activation) -> PiecewiseSmooth:
    return PiecewiseSmooth(lambda z: np.asarray(activation(z)), activation.kinks, activation.name)


@functools.lru_cache(maxsize=64)
def _built_in_derivative(activation: Activation) -> PiecewiseSmooth:
    name = f"the derivative of {activation.name}"
    if activation.slopes is None:
        return PiecewiseSmooth(_DERIVATIVES[activation], activation.kinks, name)
    up, down = activation.slopes
    return PiecewiseSmooth(lambda z: np.where(z > 0, up, down), activation.kinks, name)


class _Identity:
    """A key equal only to itself: two closures of one name and code may still differ."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and self.function is other.function

    def __hash__(self) -> int:
        return id(self.function)


@functools.lru_cache(maxsize=64)
def _from_jax(key: _Identity, kinks: tuple[float, ...], name: str, differentiate: bool) -> PiecewiseSmooth:
    import jax

    def value(z: Any) -> Any:  # jax.jit itself takes no NumPy ufunc and no callable without weak references
        return key.function(z)

    def derivative(z: Any) -> Any:
        return jax.jvp(value, (z,), (jax.numpy.ones_like(z),))[1]

    traced = jax.jit(derivative if differentiate else value)

    def evaluate(points: Float64Array) -> Float64Array:
        with jax.enable_x64(True):
            return np.concatenate([_padded(traced, block) for block in _blocks(points)])

    label = f"the derivative of {name}" if differentiate else name
    return PiecewiseSmooth(evaluate, kinks, label, _traced_precision(traced, name))


def _blocks(points: Float64Array) -> list[Float64Array]:
    return [points[start : start + _BLOCKS[-1]] for start in range(0, points.size, _BLOCKS[-1])]


def _padded(traced: Callable[[Any], Any], block: Float64Array) -> Float64Array:
    size = next(length for length in _BLOCKS if length >= block.size)
    padded = np.pad(block, (0, size - block.size), mode="edge")
    return np.asarray(traced(padded), dtype=np.float64)[: block.size]


def _traced_precision(traced: Any, name: str) -> float:
    """Return the relative rounding error, beyond float64's, of a traced function's values.

    Raises:
        ValueError: it cannot be traced, or returns another shape or type than float64 or float32.
    """
    import jax

    shape = (_BLOCKS[0],)
    with jax.enable_x64(True):
        try:
            result = traced.eval_shape(jax.ShapeDtypeStruct(shape, np.float64))
        except Exception as error:  # whatever a user's function raises
            raise ValueError(
                f"activation {name!r} must be written with jax.numpy and act on an array entry by entry "
                f"(jax.numpy.where instead of if); tracing it raised {_headline(error)}"
            ) from error
    if getattr(result, "shape", None) != shape or result.dtype not in (np.float64, np.float32):
        raise ValueError(
            f"activation {name!r} must return a real array of the shape and precision of its argument, "
            f"float64{shape}, got {_describe(result)}"
        )
    return _FLOAT32_ROUNDING if result.dtype == np.float32 else 0.0


def _describe(result: Any) -> str:
    return f"{result.dtype}{result.shape}" if hasattr(result, "dtype") else repr(type(result).__name__)


def _headline(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0]
