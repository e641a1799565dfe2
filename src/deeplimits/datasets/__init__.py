"""Data that networks are given."""

from deeplimits.datasets.images import IMAGES, STAND_IN, LabelledImages, load_images
from deeplimits.datasets.inputs import Inputs, as_inputs, read_inputs
from deeplimits.datasets.labelled import LabelledData
from deeplimits.datasets.load import DATA, load_data
from deeplimits.datasets.load_regression import REGRESSION_DATA, load_regression
from deeplimits.datasets.pair import along_and_across, are_parallel
from deeplimits.datasets.regression import RegressionData

__all__ = [
    "DATA",
    "IMAGES",
    "REGRESSION_DATA",
    "STAND_IN",
    "Inputs",
    "LabelledData",
    "LabelledImages",
    "RegressionData",
    "along_and_across",
    "are_parallel",
    "as_inputs",
    "load_data",
    "load_images",
    "load_regression",
    "read_inputs",
]
