"""The weights of very deep trained residual networks, and the equations that they stand for (Cohen et al. 2021)."""

from deeplimits.experiments.trained_weights.experiment import TrainedWeights

__all__ = ["TrainedWeights"]
