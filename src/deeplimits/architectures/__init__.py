"""Architectures: pure data that says which network is meant."""

from deeplimits.architectures.architecture import Architecture
from deeplimits.architectures.mlp import MLP
from deeplimits.architectures.resnet import BalancedResNet, ResNet

KINDS: dict[str, type[Architecture]] = {cls.kind: cls for cls in (MLP, ResNet, BalancedResNet)}

__all__ = ["KINDS", "MLP", "Architecture", "BalancedResNet", "ResNet"]
