"""Mean-field ResNets: infinitely many particles in infinitely many layers: forward, kernel and training."""

from deeplimits.limits.mean_field_resnet.forward import ForwardLimit, forward_limit
from deeplimits.limits.mean_field_resnet.kernel import tangent_kernel_limit
from deeplimits.limits.mean_field_resnet.loss_bound import loss_bound
from deeplimits.limits.mean_field_resnet.shared import shared_variance
from deeplimits.limits.mean_field_resnet.training import TrainingLimit, training_limit

__all__ = [
    "ForwardLimit",
    "TrainingLimit",
    "forward_limit",
    "loss_bound",
    "shared_variance",
    "tangent_kernel_limit",
    "training_limit",
]
