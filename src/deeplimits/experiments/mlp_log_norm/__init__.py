"""Hanin and Nica 2019: the log-norm of a random ReLU MLP."""

from deeplimits.experiments.mlp_log_norm.experiment import NARROW, WIDE, MlpLogNorm

__all__ = ["NARROW", "WIDE", "MlpLogNorm"]
