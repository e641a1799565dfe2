"""Data that networks are given."""

from deeplimits.datasets.inputs import Inputs, as_inputs, read_inputs
from deeplimits.datasets.labelled import LabelledData
from deeplimits.datasets.load import DATA, load_data
from deeplimits.datasets.pair import along_and_across, are_parallel

__all__ = [
    "DATA",
    "Inputs",
    "LabelledData",
    "along_and_across",
    "are_parallel",
    "as_inputs",
    "load_data",
    "read_inputs",
]
