"""What of an architecture enters its kernels: a few numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deeplimits.architectures import MLP, Architecture, DenseNet, ResNet

PARAMETRIZATIONS = ("ntk", "standard")


@dataclass(frozen=True, kw_only=True)
class NetworkTerms:
    """Hold the squares of a network's scales, and what each group of trained weights is weighed by in the NTK.

    The numbers may be traced by JAX. Each ``gain`` is 1 in the NTK parametrization, where the trained weights are
    i.i.d. N(0, 1); in the standard one the trained weight is sqrt(variance/fan_in) times that, and its share of the
    tangent kernel is divided by variance/fan_in.

    Args:
        kind: ``mlp``, ``resnet`` or ``dense-net``.
        depth: hidden layers or blocks.
        input: input_variance / input_dim.
        skip: α², 0 for an MLP.
        branch: λ², 1 for an MLP; the branch variance of a DenseNet.
        weight: weight_variance.
        bias: bias_variance.
        two_layer: whether a block has a hidden layer.
        normalized: whether a block normalizes what it sees.
        gain_input: of W_in.
        gain_inner: of a block's first matrix U.
        gain_hidden: of the other hidden weights.
        gain_bias: of the biases.
        gain_output: of W_out.
        gain_linear: of a DenseNet's weights on a_0 = z_0.
        layers_seen: whether a DenseNet's weights in layer l are weighed by l too.
    """

    kind: str
    depth: int
    input: Any
    skip: Any
    branch: Any
    weight: Any
    bias: Any
    two_layer: bool = False
    normalized: bool = False
    gain_input: Any = 1.0
    gain_inner: Any = 1.0
    gain_hidden: Any = 1.0
    gain_bias: Any = 1.0
    gain_output: Any = 1.0
    gain_linear: Any = 1.0
    layers_seen: bool = False

    @property
    def bias_first(self) -> Any:
        """Variance of the bias of z_0: a residual network has its biases inside the branches only."""
        return 0.0 if self.kind == "resnet" else self.bias


def network_terms(architecture: Architecture, parametrization: str = "ntk", **changed: Any) -> NetworkTerms:
    """Return the terms of ``architecture``.

    A Balanced ResNet has those of the plain one: φ sees s ∘ z, both inputs see the same signs s, and (−u, −v) has the
    law of (u, v), so that neither E φφ nor E φ'φ' feels them.

    Args:
        architecture: an MLP, a ResNet, Balanced or not, or a DenseNet.
        parametrization: ``ntk`` or ``standard``.
        changed: values, perhaps traced, in place of fields of the architecture.

    Raises:
        ValueError: the architecture is of another kind.
    """

    def field(name: str, otherwise: Any = None) -> Any:
        return changed.get(name, getattr(architecture, name, otherwise))

    if not isinstance(architecture, (MLP, ResNet, DenseNet)):
        raise ValueError(f"no kernel is known for {type(architecture).__name__}")
    residual = isinstance(architecture, ResNet)
    branch = field("branch_scale", 1.0) ** 2 if residual else field("branch_variance", 1.0)
    weight, bias = field("weight_variance"), field("bias_variance")
    gains: dict[str, Any] = {}
    if parametrization == "standard":
        gains = _standard_gains(architecture, field("input_variance"), weight, bias, branch)
    return NetworkTerms(
        kind="resnet" if residual else architecture.kind,
        depth=architecture.depth,
        input=field("input_variance") / architecture.input_dim,
        skip=field("skip_scale") ** 2 if residual else 0.0,
        branch=branch,
        weight=weight,
        bias=bias,
        two_layer=isinstance(architecture, ResNet) and architecture.block == "two-layer",
        normalized=isinstance(architecture, ResNet) and architecture.normalization != "none",
        **gains,
    )


def _standard_gains(architecture: Architecture, input: Any, weight: Any, bias: Any, branch: Any) -> dict[str, Any]:
    """Return fan_in/variance of each group of weights, 1/variance of the biases (0 where there are none)."""
    width, dense = architecture.width, isinstance(architecture, DenseNet)
    fan_in = architecture.hidden_width if isinstance(architecture, ResNet) and architecture.hidden_width else width
    hidden = fan_in / (branch * weight) if dense else fan_in / weight
    return {
        "gain_input": architecture.input_dim / input,
        "gain_inner": width,
        "gain_hidden": hidden,
        "gain_bias": 1 / bias if architecture.bias_variance else 0.0,
        "gain_output": width if isinstance(architecture, ResNet) else hidden,
        "gain_linear": width / branch if dense else 1.0,
        "layers_seen": dense,
    }
