"""The densely connected network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from deeplimits.architectures.architecture import Architecture
from deeplimits.validation import positive_number


@dataclass(frozen=True, kw_only=True, repr=False)
class DenseNet(Architecture):
    """Describe a densely connected network: each of ``depth`` hidden layers, and the output, sees all before it.

    With a_0 = z_0 and a_h = sqrt(weight_variance) φ(z_h),

        z_l = sqrt(branch_variance / (width l)) Σ_{h<l} W_{l,h} a_h + sqrt(bias_variance) b for l = 1 … depth,

    z_0 has a bias too, and the output is one more such sum, over a_0 … a_depth and without bias:
    sqrt(branch_variance / (width (depth + 1))) Σ_{h≤depth} W_{out,h} a_h.

    Kernels at infinite width are known (`deeplimits.nngp`, `deeplimits.ntk`); nothing samples or trains it yet.

    Args:
        width: neurons in each layer, n.
        depth: hidden layers after z_0.
        input_dim: entries of an input vector.
        output_dim: entries of the output vector.
        weight_variance: factor of the squared activations; 1 / E φ(Z)² by default (2 for ReLU).
        input_variance: variance of an input weight times its fan-in.
        activation: relu, leaky-relu:POSITIVE,NEGATIVE, tanh, erf, gelu or identity; in Python also any callable.
        bias_variance: variance of a bias, one for each neuron of each hidden layer; 0 for none.
        branch_variance: variance of a weight times its fan-in, width times the layers that are seen.

    Raises:
        ValueError: a field has the wrong type or is out of range.

    >>> DenseNet(width=100, depth=3).branch_variance
    1.0

    References: littwin2020random, densely connected networks (rederived).
    """

    kind: ClassVar[str] = "dense-net"

    branch_variance: float = 1.0

    def __post_init__(self) -> None:
        """Validate the fields of every architecture, then the branch variance."""
        super().__post_init__()
        object.__setattr__(self, "branch_variance", positive_number("branch_variance", self.branch_variance))
