"""The map φ that a network applies to its preactivations: the simulation's half of an activation.

The theory's half, Gaussian expectations of φ, is in ``duals``. The two share only the data below.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from deeplimits.activations.fingerprint import fingerprint
from deeplimits.validation import finite_number, unknown_name


@dataclass(frozen=True)
class Activation:
    """Describe an activation φ.

    Args:
        name: canonical text form, accepted again by `parse` for the built-in ones.
        function: pointwise map on NumPy or JAX arrays; it must keep shape and precision.
        kinks: points where φ is continuous but not smooth, or jumps; quadrature is split there.
        slopes: (positive, negative) if φ(z) = slopes[0] max(z, 0) + slopes[1] min(z, 0), else None. Such φ are
            positively homogeneous, φ(cz) = cφ(z) for c > 0, so that norms can be carried as logarithms without error.
        fingerprint: tells user functions of one name apart across processes; empty for built-in ones. Within a process
            two activations are equal only if their functions are, so that no compiled program serves the wrong one.
    """

    name: str
    function: Callable[[Any], Any] = field(repr=False)
    kinks: tuple[float, ...] = ()
    slopes: tuple[float, float] | None = None
    fingerprint: str = ""

    def __post_init__(self) -> None:
        """Refuse slopes that the function does not have: sampler and theory would agree on the wrong network."""
        object.__setattr__(self, "kinks", tuple(self.kinks))
        if self.slopes is not None:
            measured = [float(self.function(np.array(z))) / z for z in (2.0, -3.0)]
            if not np.allclose(measured, self.slopes, rtol=1e-6, atol=0):
                raise ValueError(f"{self.name} has not the slopes {self.slopes}: it has {tuple(measured)} at 2 and −3")

    def __call__(self, z: Any) -> Any:
        """Apply φ to each entry of ``z``."""
        return self.function(z)

    @property
    def homogeneous(self) -> bool:
        """Whether φ(cz) = cφ(z) for every c > 0."""
        return self.slopes is not None

    @property
    def amplitude(self) -> float:
        """The larger |slope| of a homogeneous φ, 1 for any other."""
        return 1.0 if self.slopes is None else max(map(abs, self.slopes))

    @property
    def unit(self) -> Activation:
        """φ / amplitude, whose values are as large as its arguments: simulations keep the amplitude apart."""
        if self.slopes is None or self.amplitude == 1:
            return self
        up, down = self.slopes
        return leaky_relu(up / self.amplitude, down / self.amplitude)


@dataclass(frozen=True)
class _PiecewiseLinear:
    """z → up max(z, 0) + down min(z, 0); equal slopes make equal functions."""

    up: float
    down: float

    def __call__(self, z: Any) -> Any:
        xp = z.__array_namespace__()
        return self.up * xp.maximum(z, 0) + self.down * xp.minimum(z, 0)


def leaky_relu(positive_slope: float = 1.0, negative_slope: float = 0.01) -> Activation:
    """Return φ(z) = positive_slope max(z, 0) + negative_slope min(z, 0).

    Raises:
        ValueError: a slope is not finite, or both are 0.

    >>> leaky_relu(1.0, 0.25).name
    'leaky-relu:1,0.25'
    """
    up, down = finite_number("positive_slope", positive_slope), finite_number("negative_slope", negative_slope)
    if up == down == 0:
        raise ValueError("a leaky ReLU needs a slope that is not 0, got 0 and 0")

    if not 1e-100 <= max(abs(up), abs(down)) <= 1e100:
        raise ValueError(f"the larger slope must be of modulus 1e-100 to 1e100, got {up!r} and {down!r}")
    slopes = ",".join(repr(slope).removesuffix(".0") for slope in (up, down))
    return Activation(f"leaky-relu:{slopes}", _PiecewiseLinear(up, down), kinks=(0.0,), slopes=(up, down))


def _relu(z: Any) -> Any:
    return z.__array_namespace__().maximum(z, 0)


def _identity(z: Any) -> Any:
    return z


def _tanh(z: Any) -> Any:
    return z.__array_namespace__().tanh(z)


def _erf(z: Any) -> Any:
    if z.__array_namespace__().__name__ == "numpy":
        from scipy import special

        return special.erf(z)
    from jax.scipy import special as jax_special

    return jax_special.erf(z)


def _gelu(z: Any) -> Any:
    return 0.5 * z * (1 + _erf(z * 0.7071067811865476))


RELU = Activation("relu", _relu, kinks=(0.0,), slopes=(1.0, 0.0))
IDENTITY = Activation("identity", _identity, slopes=(1.0, 1.0))
TANH = Activation("tanh", _tanh)
ERF = Activation("erf", _erf)
GELU = Activation("gelu", _gelu)

BUILT_IN = {activation.name: activation for activation in (RELU, IDENTITY, TANH, ERF, GELU)}


def custom(function: Callable[[Any], Any], *, kinks: Sequence[float] = (), name: str | None = None) -> Activation:
    """Return a user's activation.

    Args:
        function: pointwise map written with ``jax.numpy``, keeping shape and precision.
        kinks: every point where ``function`` is not smooth; undeclared ones make predictions refuse.
        name: shown in tables; the function's own name by default.

    Raises:
        ValueError: ``function`` is not callable, or a kink is not finite.

    >>> custom(lambda z: abs(z), kinks=[0.0], name="modulus")
    Activation(name='modulus', kinks=(0.0,), slopes=None, fingerprint='...')
    """
    if not callable(function):
        raise ValueError(f"an activation must be callable, got {function!r}")
    points = tuple(sorted(finite_number("kink", kink) for kink in kinks))
    label = str(name or getattr(function, "__name__", "custom"))
    return Activation(label, function, points, None, fingerprint(function))


def parse(text: str) -> Activation:
    """Return the built-in activation named by ``text``.

    Args:
        text: ``relu``, ``identity``, ``tanh``, ``erf``, ``gelu``, ``leaky-relu`` or ``leaky-relu:POSITIVE,NEGATIVE``.

    Raises:
        ValueError: the name is unknown or the slopes are not two numbers.

    >>> parse("leaky-relu:1,0.2").slopes
    (1.0, 0.2)
    """
    name, colon, slopes = text.strip().lower().replace("_", "-").partition(":")
    if name == "leaky-relu":
        if not colon:
            return leaky_relu()
        try:
            up, down = (float(part) for part in slopes.split(","))
        except ValueError:
            raise ValueError(f"leaky-relu takes two slopes, as in leaky-relu:1,0.1, got {text!r}") from None
        return leaky_relu(up, down)
    if name not in BUILT_IN or colon:
        message = unknown_name("activation", text, [*BUILT_IN, "leaky-relu"])
        raise ValueError(f"{message}; in Python, deeplimits.custom(function, kinks=...) makes one of any function")
    return BUILT_IN[name]


def resolve(activation: Activation | str | Callable[[Any], Any]) -> Activation:
    """Return ``activation`` as an `Activation`: by name, as it is, or from a callable without kinks."""
    if isinstance(activation, Activation):
        return activation
    if isinstance(activation, str):
        return parse(activation)
    return custom(activation)
