"""What every architecture is: a plain frozen dataclass, validated when it is made."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from deeplimits.activations import Activation, resolve
from deeplimits.validation import positive_integer, positive_number


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """Hold the fields that every architecture has; see its subclasses for the equations.

    Weights are i.i.d. N(0, 1) and z_0 = sqrt(input_variance / input_dim) W_in x.
    """

    kind: ClassVar[str]

    width: int
    depth: int
    input_dim: int = 10
    output_dim: int = 10
    weight_variance: float = None  # type: ignore[assignment]  # None only until __post_init__ resolves it
    input_variance: float = 1.0
    activation: Activation | str | Callable[[Any], Any] = "relu"

    def __post_init__(self) -> None:
        """Validate every field and resolve the activation and the default weight variance."""
        for name in ("width", "depth", "input_dim", "output_dim"):
            object.__setattr__(self, name, positive_integer(name, getattr(self, name)))
        object.__setattr__(self, "activation", resolve(self.activation))
        if self.weight_variance is None:
            object.__setattr__(self, "weight_variance", self.default_weight_variance)
        for name in ("weight_variance", "input_variance"):
            object.__setattr__(self, name, positive_number(name, getattr(self, name)))

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

    def canonical(self) -> dict[str, Any]:
        """Return the content that identifies this architecture: its kind and every field not at its default."""
        content: dict[str, Any] = {"kind": self.kind}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if field.name == "activation":
                value = self.phi.name + (f"#{self.phi.fingerprint}" if self.phi.fingerprint else "")
            default = self.default_weight_variance if field.name == "weight_variance" else field.default
            if value != default:
                content[field.name] = value
        return content

    def to_dict(self) -> dict[str, Any]:
        """Return every field, resolved, as JSON-ready values."""
        fields = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {"kind": self.kind, **fields, "activation": self.phi.name}
