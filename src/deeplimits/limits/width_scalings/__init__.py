"""Scalings of weights and learning rates with the width, and the limits they have in training."""

from deeplimits.limits.width_scalings.exponents import TrainedExponents
from deeplimits.limits.width_scalings.scaling import MEANINGS, WidthScaling, width_scaling, width_scaling_at

__all__ = ["MEANINGS", "TrainedExponents", "WidthScaling", "width_scaling", "width_scaling_at"]
