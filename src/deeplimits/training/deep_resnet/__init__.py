"""Train very deep residual networks of constant width on regression data, and keep their weights for every depth."""

from deeplimits.training.deep_resnet.depth_files import DepthRecord
from deeplimits.training.deep_resnet.depths import DepthRuns, train_depths
from deeplimits.training.deep_resnet.hidden_states import hidden_states
from deeplimits.training.deep_resnet.network import INITIALISATIONS, SCALES, DeepResNet
from deeplimits.training.deep_resnet.result import DeepRun
from deeplimits.training.deep_resnet.setup import DeepSetup
from deeplimits.training.deep_resnet.train import train_deep_resnet

__all__ = [
    "INITIALISATIONS",
    "SCALES",
    "DeepResNet",
    "DeepRun",
    "DeepSetup",
    "DepthRecord",
    "DepthRuns",
    "hidden_states",
    "train_deep_resnet",
    "train_depths",
]
