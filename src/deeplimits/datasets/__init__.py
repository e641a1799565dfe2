"""Data that networks are given."""

from deeplimits.datasets.inputs import Inputs, as_inputs, read_inputs
from deeplimits.datasets.labelled import LabelledData
from deeplimits.datasets.load import DATA, load_data
from deeplimits.datasets.load_regression import REGRESSION_DATA, load_regression
from deeplimits.datasets.pair import along_and_across, are_parallel
from deeplimits.datasets.regression import RegressionData

__all__ = [
    "DATA",
    "REGRESSION_DATA",
    "Inputs",
    "LabelledData",
    "RegressionData",
    "along_and_across",
    "are_parallel",
    "as_inputs",
    "load_data",
    "load_regression",
    "read_inputs",
]
