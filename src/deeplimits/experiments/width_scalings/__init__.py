"""Golikov 2020: what training at many widths says of the limits of scalings of weights and learning rates."""

from deeplimits.experiments.width_scalings.experiment import WidthScalings

__all__ = ["WidthScalings"]
