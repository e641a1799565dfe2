"""The multilayer perceptron."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from deeplimits.architectures.architecture import Architecture


@dataclass(frozen=True, kw_only=True, repr=False)
class MLP(Architecture):
    """Describe an MLP with ``depth`` hidden layers, read out after the activation.

    z_{l+1} = sqrt(weight_variance / width) W φ(z_l) + sqrt(bias_variance) b for l = 0 … depth − 2, z_0 has a bias too,
    and the output is sqrt(weight_variance / width) W_out φ(z_{depth−1}).

    Args:
        width: neurons in each hidden layer, n.
        depth: hidden layers; there are depth − 1 square weight matrices.
        input_dim: entries of an input vector.
        output_dim: entries of the output vector.
        weight_variance: variance of a hidden weight times its fan-in; 1 / E φ(Z)² by default (2 for ReLU).
        input_variance: variance of an input weight times its fan-in.
        activation: relu, leaky-relu:POSITIVE,NEGATIVE, tanh, erf, gelu or identity; in Python also any callable.
        bias_variance: variance of a bias, one for each neuron of each hidden layer; 0 for none.

    Raises:
        ValueError: a field has the wrong type or is out of range.

    >>> MLP(width=100, depth=3).weight_variance
    2.0
    """

    kind: ClassVar[str] = "mlp"
