"""What every architecture is: a plain frozen dataclass, validated when it is made."""

from __future__ import annotations

import dataclasses
import reprlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from deeplimits.activations import Activation, resolve
from deeplimits.validation import nonnegative_number, positive_integer, positive_number


@dataclass(frozen=True, kw_only=True, repr=False)
class Architecture:
    """Hold the fields that every architecture has; see its subclasses for the equations.

    Weights and biases are i.i.d. N(0, 1) and z_0 = sqrt(input_variance / input_dim) W_in x.
    """

    kind: ClassVar[str]

    width: int
    depth: int
    input_dim: int = 10
    output_dim: int = 10
    weight_variance: float = None  # type: ignore[assignment]  # None only until __post_init__ resolves it
    input_variance: float = 1.0
    activation: Activation | str | Callable[[Any], Any] = "relu"
    bias_variance: float = 0.0

    def __post_init__(self) -> None:
        """Validate every field and resolve the activation and the default weight variance."""
        for name in ("width", "depth", "input_dim", "output_dim"):
            object.__setattr__(self, name, positive_integer(name, getattr(self, name)))
        object.__setattr__(self, "activation", resolve(self.activation))
        if self.weight_variance is None:
            object.__setattr__(self, "weight_variance", self.default_weight_variance)
        for name in ("weight_variance", "input_variance"):
            object.__setattr__(self, name, positive_number(name, getattr(self, name)))
        object.__setattr__(self, "bias_variance", nonnegative_number("bias_variance", self.bias_variance))

    def __repr__(self) -> str:
        """Show the fields that are not at their default."""
        content = {name: value for name, value in self.canonical().items() if name != "kind"}
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in content.items())})"

    @property
    def phi(self) -> Activation:
        """The activation, resolved."""
        return resolve(self.activation)

    @property
    def default_weight_variance(self) -> float:
        """1 / E φ(Z)² for Z ~ N(0, 1), which keeps the preactivations' variance at 1: 2 for ReLU."""
        from deeplimits.activations.duals import second_moment

        moment = second_moment(self.phi)
        if not 0 < moment < float("inf"):
            raise ValueError(f"E φ(Z)² is {moment:g} for {self.phi.name}: give weight_variance, there is no default")
        return 1.0 / moment

    @property
    def depth_width_ratio(self) -> float:
        """Depth over width, the quantity that the log-Gaussian limit holds fixed."""
        return self.depth / self.width

    @property
    def extensions(self) -> tuple[str, ...]:
        """What this network has beyond one matrix a layer, in words: theorems and fast samplers may not cover it."""
        return ("biases",) if self.bias_variance else ()

    @property
    def homogeneous(self) -> bool:
        """Whether the network is homogeneous of degree 1: t x makes t z at every layer, for t > 0."""
        return self.phi.homogeneous and not self.bias_variance

    def default_of(self, field: str) -> Any:
        """Return the value that ``field`` has if it is not given, beside the other fields."""
        if field == "weight_variance":
            return self.default_weight_variance
        return type(self).__dataclass_fields__[field].default

    def canonical(self) -> dict[str, Any]:
        """Return the content that identifies this architecture: its kind and every field not at its default."""
        content: dict[str, Any] = {"kind": self.kind}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if field.name == "activation":
                value = self.phi.name + (f"#{self.phi.fingerprint}" if self.phi.fingerprint else "")
            if value != self.default_of(field.name):
                content[field.name] = value
        return content

    def to_dict(self) -> dict[str, Any]:
        """Return every field, resolved, as JSON-ready values."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {"kind": self.kind, **fields, "activation": self.phi.name}


def require_architecture(value: object) -> Architecture:
    """Return ``value``.

    Raises:
        ValueError: it is a name, a class or anything else than an architecture.
    """
    if not isinstance(value, Architecture):
        raise ValueError(f"expected an architecture such as ResNet(width=100, depth=50), got {reprlib.repr(value)}")
    return value


def differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> str:
    """Say in which fields two architectures differ, both given by `Architecture.to_dict`.

    Fields that the first does not have, as that of an older version, do not count.

    >>> from deeplimits.architectures import MLP
    >>> differences(MLP(width=20, depth=3).to_dict(), MLP(width=21, depth=3).to_dict())
    'width is 20 there, 21 here'
    """
    if there["kind"] != here["kind"]:
        return f"it is a {there['kind']} there, a {here['kind']} here".replace("a mlp", "an mlp")
    found = [
        f"{name} is {value} there, {here.get(name)} here" for name, value in there.items() if here.get(name) != value
    ]
    return "; ".join(found) or f"the function called {here['activation']} is another one"
