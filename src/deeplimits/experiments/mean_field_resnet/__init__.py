"""Chen et al. 2024; Ding, Chen, Li and Wright 2022: ResNets whose layers are means over particles."""

from deeplimits.experiments.mean_field_resnet.experiment import MeanFieldResNet

__all__ = ["MeanFieldResNet"]
