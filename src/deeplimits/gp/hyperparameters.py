"""The hyperparameters of a Gaussian process that training data can choose."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from deeplimits.architectures import Architecture, ResNet, stable
from deeplimits.validation import nonnegative_number, one_of, positive_number

OUTSIDE = ("noise", "output_variance")
INSIDE = ("input_variance", "weight_variance", "bias_variance", "skip_scale", "branch_scale", "branch_variance")
DEFAULT = (*OUTSIDE, "weight_variance", "bias_variance")


@dataclass(frozen=True)
class Hyperparameters:
    """Hold the noise's variance, the factor of the kernel, and the architecture if the kernel is one's."""

    noise: float
    output_variance: float
    architecture: Architecture | None = None

    def __post_init__(self) -> None:
        """Check both numbers."""
        object.__setattr__(self, "noise", nonnegative_number("noise", self.noise))
        object.__setattr__(self, "output_variance", positive_number("output_variance", self.output_variance))

    @property
    def values(self) -> dict[str, float]:
        """Every hyperparameter by name."""
        found = {name: getattr(self, name) for name in OUTSIDE}
        found |= {name: getattr(self.architecture, name, None) for name in INSIDE}
        if self._stable:
            del found["skip_scale"]  # which is 1 for a branch scale with a limit
        return {name: value for name, value in found.items() if isinstance(value, float)}

    @property
    def _stable(self) -> bool:
        return isinstance(self.architecture, ResNet) and self.architecture.stable_time is not None

    def replace(self, values: Mapping[str, float]) -> Hyperparameters:
        """Return these with other ``values``.

        Raises:
            ValueError: a name is unknown, or a value is out of range.

        >>> Hyperparameters(0.1, 1.0).replace({"noise": 0.2})
        Hyperparameters(noise=0.2, output_variance=1.0, architecture=None)
        """
        for name in values:
            one_of("hyperparameter", name, self.values)
        noise, output_variance = (values.get(name, getattr(self, name)) for name in OUTSIDE)
        inside: dict[str, Any] = {name: value for name, value in values.items() if name in INSIDE}
        architecture = self.architecture
        if architecture is not None and inside:
            if self._stable and "branch_scale" in inside:
                inside["branch_scale"] = stable(inside["branch_scale"] ** 2 * architecture.depth)
            architecture = dataclasses.replace(architecture, **inside)
        return Hyperparameters(noise, output_variance, architecture)

    def chosen(self, names: bool | str | Iterable[str]) -> tuple[str, ...]:
        """Return the names to choose: none, with True those of `DEFAULT` that are above 0, or the names given.

        Raises:
            ValueError: a name is unknown, or its value is 0 and has no logarithm.
        """
        values = self.values
        if isinstance(names, bool):
            return tuple(name for name in DEFAULT if values.get(name, 0.0) > 0) if names else ()
        wanted = (names,) if isinstance(names, str) else tuple(names)
        for name in wanted:
            one_of("hyperparameter", name, (*OUTSIDE, *INSIDE))
            if not values.get(name, 0.0) > 0:
                raise ValueError(f"{name} cannot be varied: it is 0, negative, or no number of this kernel")
        return wanted
