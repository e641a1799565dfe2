"""Train networks across widths and depths, many seeds at once, and measure what moved."""

from deeplimits.training.result import TrainingRun
from deeplimits.training.terms import TERMS
from deeplimits.training.train import METHODS, WEIGHT_LAWS, train

__all__ = ["METHODS", "TERMS", "WEIGHT_LAWS", "TrainingRun", "train"]
