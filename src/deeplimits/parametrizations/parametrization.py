"""How initial weights and learning rates follow the width and the depth of a network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from deeplimits.architectures import MLP, Architecture
from deeplimits.parametrizations.exponents import Exponents
from deeplimits.parametrizations.weight_groups import WeightGroups
from deeplimits.validation import one_of, positive_integer

DYNAMICS = ("full", "linearised", "frozen-gradient")


@dataclass(frozen=True, kw_only=True)
class Parametrization:
    """Describe how initial weights and learning rates follow the width n and the depth of a network.

    A group's initial effective weights are multiplied by (n / reference_width)^e and its learning rate likewise, each
    with its own exponent e (see `Exponents`); so too for the depth. At the reference sizes every multiplier is exactly
    1.0, and all parametrizations with one dynamics train the same network.

    Args:
        name: canonical text form, accepted again by `parse` for the built-in ones.
        width: exponents of width / reference_width.
        depth: exponents of depth / reference_depth.
        reference_width: width at which the parametrization changes nothing.
        reference_depth: depth at which it changes nothing.
        dynamics: ``full``; ``linearised`` trains f(θ_0) + J(θ_0)(θ − θ_0), with J the Jacobian; ``frozen-gradient``
            moves θ with J(θ_0) and the loss's gradient at the true f(θ).
        init_corrected: whether the function trained is f(θ) − f(θ_0) + f°(θ_0), f° the initial network of the standard
            parametrization: what the weights' multipliers take from the initial function is given back.

    Raises:
        ValueError: a reference size is not a positive integer, or the dynamics is unknown.

    >>> Parametrization(width=Exponents(weight=WeightGroups(output=-0.5))).initial_scales(width=512)
    WeightGroups(input=1.0, hidden=1.0, output=0.5)

    References:
        golikov2020towards.
    """

    name: str = "custom"
    width: Exponents = field(default_factory=Exponents)
    depth: Exponents = field(default_factory=Exponents)
    reference_width: int = 128
    reference_depth: int = 1
    dynamics: str = "full"
    init_corrected: bool = False

    def __post_init__(self) -> None:
        """Validate every field."""
        for name in ("reference_width", "reference_depth"):
            object.__setattr__(self, name, positive_integer(name, getattr(self, name)))
        one_of("dynamics", self.dynamics, DYNAMICS)

    @property
    def follows_depth(self) -> bool:
        """Whether anything depends on the depth."""
        return self.depth != Exponents()

    def initial_scales(self, width: int, depth: int | None = None) -> WeightGroups:
        """Return what each group's initial effective weights are multiplied by.

        Args:
            width: of the network.
            depth: of the network; the reference depth by default.

        Raises:
            ValueError: a size is not a positive integer.
        """
        across, along = self._ratios(width, depth)
        return self.width.weight.powers_of(across) * self.depth.weight.powers_of(along)

    def learning_rates(self, width: int, depth: int | None = None, *, normalised: bool) -> WeightGroups:
        """Return what each group's learning rate is multiplied by.

        Args:
            width: of the network.
            depth: of the network; the reference depth by default.
            normalised: whether the optimizer divides gradients by their size, as RMSProp and Adam do.

        Raises:
            ValueError: a size is not a positive integer.
        """
        across, along = self._ratios(width, depth)
        wide, deep = (exponents.learning_rate_of(normalised=normalised) for exponents in (self.width, self.depth))
        return wide.powers_of(across) * deep.powers_of(along)

    def require_fit(self, architecture: Architecture) -> None:
        """Refuse an architecture that the parametrization does not apply to.

        Raises:
            ValueError: it scales residual branches with the depth, and the network has none.
        """
        if self.follows_depth and isinstance(architecture, MLP):
            raise ValueError(
                f"parametrization {self.name!r} scales residual branches with the depth and an MLP has none; "
                "take a ResNet, or another parametrization such as 'mup'"
            )

    def to_dict(self) -> dict[str, Any]:
        """Return every field as JSON-ready values."""
        return {
            "name": self.name,
            "width": self.width.to_dict(),
            "depth": self.depth.to_dict(),
            "reference_width": self.reference_width,
            "reference_depth": self.reference_depth,
            "dynamics": self.dynamics,
            "init_corrected": self.init_corrected,
        }

    def _ratios(self, width: int, depth: int | None) -> tuple[float, float]:
        along = self.reference_depth if depth is None else positive_integer("depth", depth)
        return positive_integer("width", width) / self.reference_width, along / self.reference_depth
