"""Train convolutional residual networks of many depths on images, and keep the norms of their kernels."""

from deeplimits.training.conv_resnet.depth_files import ConvRecord
from deeplimits.training.conv_resnet.depths import ConvRuns, train_conv_depths
from deeplimits.training.conv_resnet.network import DEPTH_LISTS, NOT_IN_FIGURES, ConvResNet
from deeplimits.training.conv_resnet.norms import PARTS
from deeplimits.training.conv_resnet.result import ConvRun
from deeplimits.training.conv_resnet.setup import ConvSetup, augmentation
from deeplimits.training.conv_resnet.train import initial_norms, train_conv_resnet

__all__ = [
    "DEPTH_LISTS",
    "NOT_IN_FIGURES",
    "PARTS",
    "ConvRecord",
    "ConvResNet",
    "ConvRun",
    "ConvRuns",
    "ConvSetup",
    "augmentation",
    "initial_norms",
    "train_conv_depths",
    "train_conv_resnet",
]
