"""Infinitely wide networks as scikit-learn estimators."""

from deeplimits.gp.nngp_classifier import NNGPClassifier
from deeplimits.gp.nngp_regressor import NNGPRegressor
from deeplimits.gp.ntk_classifier import NTKClassifier
from deeplimits.gp.ntk_regressor import NTKRegressor

__all__ = ["NNGPClassifier", "NNGPRegressor", "NTKClassifier", "NTKRegressor"]
