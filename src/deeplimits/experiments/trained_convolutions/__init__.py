"""Cohen, Cont, Rossier and Xu 2021, convolutions: in trained residual networks few blocks keep their size."""

from deeplimits.experiments.trained_convolutions.experiment import TrainedConvolutions

__all__ = ["TrainedConvolutions"]
