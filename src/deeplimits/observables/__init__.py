"""Observables: the only vocabulary that theory and simulation share."""

from deeplimits.observables.observable import CATALOGUE, DEFAULT, Kind, Observable, get
from deeplimits.observables.recorded_layers import MAX_LAYERS, layer_stride, recorded_layers

__all__ = ["CATALOGUE", "DEFAULT", "MAX_LAYERS", "Kind", "Observable", "get", "layer_stride", "recorded_layers"]
