"""Random residual networks of ReLU layers: how far outputs and gradients move, on a scale that never overflows."""

from deeplimits.sampling.residual_ratios.draw import ResidualRatios, residual_ratios
from deeplimits.sampling.residual_ratios.layers import IndependentLayers, Layers, PathLayers
from deeplimits.sampling.residual_ratios.propagate import Movement, propagate

__all__ = [
    "IndependentLayers",
    "Layers",
    "Movement",
    "PathLayers",
    "ResidualRatios",
    "propagate",
    "residual_ratios",
]
