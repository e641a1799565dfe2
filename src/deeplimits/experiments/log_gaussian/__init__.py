"""Li, Nica and Roy 2021: the norm of a ResNet's output is log-Gaussian as depth and width grow together."""

from deeplimits.experiments.log_gaussian.experiment import LogGaussianLimit

__all__ = ["LogGaussianLimit"]
