"""Exponents of one size (width or depth): of the initial weights and of the learning rates."""

from __future__ import annotations

from dataclasses import dataclass, field

from deeplimits.parametrizations.weight_groups import WeightGroups


@dataclass(frozen=True, kw_only=True)
class Exponents:
    """Hold with which powers of a size the initial weights and the learning rates follow it.

    They are of *effective* weights: the matrices ω that multiply activations, every factor included, such as
    ω = sqrt(weight_variance / width) W. All are relative to the standard parametrization, where the entries of an
    initial ω have standard deviation fan_in^(−1/2) up to a constant and every learning rate is the same. A weight whose
    gradient is computed with a fixed factor s before it, ω = s W, needs a plain learning rate smaller by s².

    Args:
        weight: of the initial weights.
        learning_rate: of the learning rates for plain gradients (GD, SGD, momentum).
        normalised_learning_rate: of the learning rates for gradients divided by their size (RMSProp, Adam).
    """

    weight: WeightGroups = field(default_factory=WeightGroups)
    learning_rate: WeightGroups = field(default_factory=WeightGroups)
    normalised_learning_rate: WeightGroups = field(default_factory=WeightGroups)

    def learning_rate_of(self, *, normalised: bool) -> WeightGroups:
        """Return the learning rates' exponents for the given kind of gradient."""
        return self.normalised_learning_rate if normalised else self.learning_rate

    def to_dict(self) -> dict[str, dict[str, float]]:
        """Return the exponents as JSON-ready values."""
        return {
            "weight": self.weight.to_dict(),
            "learning_rate": self.learning_rate.to_dict(),
            "normalised_learning_rate": self.normalised_learning_rate.to_dict(),
        }
