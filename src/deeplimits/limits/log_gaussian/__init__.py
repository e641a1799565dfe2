"""The log-Gaussian limit."""

from deeplimits.limits.log_gaussian.limit import LogGaussian

__all__ = ["LogGaussian"]
