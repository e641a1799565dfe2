"""Train residual networks whose layers are means over particles, and watch their tangent kernels."""

from deeplimits.training.mean_field_resnet.kernels import initial_kernels
from deeplimits.training.mean_field_resnet.result import MeanFieldRun
from deeplimits.training.mean_field_resnet.train import train_mean_field_resnet

__all__ = ["MeanFieldRun", "initial_kernels", "train_mean_field_resnet"]
