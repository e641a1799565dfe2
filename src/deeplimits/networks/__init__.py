"""Finite random networks: their forward pass and what is measured on it."""

from deeplimits.networks.forward import forward
from deeplimits.networks.measure import LAYERED, QUANTITIES, Measurement
from deeplimits.networks.reading import Layer, Reading
from deeplimits.networks.scaled import Scaled

__all__ = ["LAYERED", "QUANTITIES", "Layer", "Measurement", "Reading", "Scaled", "forward"]
