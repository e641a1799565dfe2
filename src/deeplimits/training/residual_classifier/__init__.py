"""Train residual classifiers whose initial weights are independent, smooth or fractional noise in the layer's index."""

from deeplimits.training.residual_classifier.network import BLOCKS, ResidualClassifier
from deeplimits.training.residual_classifier.result import MEASURES, ClassifierRun, NetworkWeights
from deeplimits.training.residual_classifier.setup import ClassifierSetup
from deeplimits.training.residual_classifier.train import train_learning_rates, train_residual_classifier

__all__ = [
    "BLOCKS",
    "MEASURES",
    "ClassifierRun",
    "ClassifierSetup",
    "NetworkWeights",
    "ResidualClassifier",
    "train_learning_rates",
    "train_residual_classifier",
]
