"""Data that networks are given."""

from deeplimits.datasets.inputs import Inputs, as_inputs, read_inputs

__all__ = ["Inputs", "as_inputs", "read_inputs"]
