"""Residual networks with one weight matrix a block: vanilla and Balanced."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from deeplimits.architectures.architecture import Architecture
from deeplimits.validation import finite_number


@dataclass(frozen=True, kw_only=True)
class ResNet(Architecture):
    """Describe a residual network with ``depth`` blocks and a linear readout.

    z_{l+1} = skip_scale z_l + branch_scale sqrt(weight_variance / width) W φ(z_l) for l = 0 … depth − 1, and the
    output is W_out z_depth / sqrt(width).

    Args:
        width: neurons in each layer, n.
        depth: residual blocks.
        input_dim: entries of an input vector.
        output_dim: entries of the output vector.
        weight_variance: variance of a hidden weight times its fan-in; 1 / E φ(Z)² by default (2 for ReLU).
        input_variance: variance of an input weight times its fan-in.
        activation: relu, leaky-relu:POSITIVE,NEGATIVE, tanh, erf, gelu or identity; in Python also any callable.
        skip_scale: factor α of the skip connection.
        branch_scale: factor λ of the residual branch.

    Raises:
        ValueError: a field has the wrong type or is out of range, or both scales are 0.

    >>> ResNet(width=100, depth=50).depth_width_ratio
    0.5
    """

    kind: ClassVar[str] = "resnet"

    skip_scale: float = math.sqrt(0.5)
    branch_scale: float = math.sqrt(0.5)

    def __post_init__(self) -> None:
        """Validate the fields of every architecture, then the two scales."""
        super().__post_init__()
        for name in ("skip_scale", "branch_scale"):
            object.__setattr__(self, name, finite_number(name, getattr(self, name)))
        if self.skip_scale == 0 and self.branch_scale == 0:
            raise ValueError("skip_scale and branch_scale are both 0: the network would be 0; make one of them not 0")


@dataclass(frozen=True, kw_only=True)
class BalancedResNet(ResNet):
    """Describe a Balanced ResNet: φ acts on s ∘ z_l with fresh random signs s in each block.

    z_{l+1} = skip_scale z_l + branch_scale sqrt(weight_variance / width) W φ(s_l ∘ z_l), entries of s_l uniform on
    {−1, +1}. The signs remove the correlation between layers (Li, Nica, Roy 2021).

    Args:
        width: neurons in each layer, n.
        depth: residual blocks.
        input_dim: entries of an input vector.
        output_dim: entries of the output vector.
        weight_variance: variance of a hidden weight times its fan-in; 1 / E φ(Z)² by default (2 for ReLU).
        input_variance: variance of an input weight times its fan-in.
        activation: relu, leaky-relu:POSITIVE,NEGATIVE, tanh, erf, gelu or identity; in Python also any callable.
        skip_scale: factor α of the skip connection.
        branch_scale: factor λ of the residual branch.

    Raises:
        ValueError: a field has the wrong type or is out of range, or both scales are 0.
    """

    kind: ClassVar[str] = "balanced-resnet"
