"""Residual networks: vanilla, with one or two weight matrices a block, and Balanced."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar

from deeplimits.architectures.architecture import Architecture
from deeplimits.architectures.stable_scale import StableScale, parse_scale
from deeplimits.validation import finite_number, one_of, positive_integer

BLOCKS = ("one-layer", "two-layer")
NORMALIZATIONS = ("none", "rms", "layer")
_SKIP_SCALE = math.sqrt(0.5)


@dataclass(frozen=True, kw_only=True, repr=False)
class ResNet(Architecture):
    """Describe a residual network with ``depth`` blocks and a linear readout.

    z_{l+1} = skip_scale z_l + branch_scale sqrt(weight_variance / width) W φ(z_l) for l = 0 … depth − 1, and the
    output is W_out z_depth / sqrt(width). A bias adds branch_scale sqrt(bias_variance) b to z_{l+1}.

    With ``block="two-layer"`` the branch is branch_scale (sqrt(weight_variance / hidden_width) V φ(u) +
    sqrt(bias_variance) b), u = U z_l / sqrt(width) + sqrt(bias_variance) b'. With a ``normalization`` the branch sees,
    in place of z_l, N(z_l): √width z/‖z‖ for ``rms``, z less its mean and over its standard deviation for ``layer``,
    without gain or bias.

    Args:
        width: neurons in each layer, n.
        depth: residual blocks.
        input_dim: entries of an input vector.
        output_dim: entries of the output vector.
        weight_variance: variance of a hidden weight times its fan-in; 1 / E φ(Z)² by default (2 for ReLU).
        input_variance: variance of an input weight times its fan-in.
        activation: relu, leaky-relu:POSITIVE,NEGATIVE, tanh, erf, gelu or identity; in Python also any callable.
        bias_variance: variance of a bias, inside the branch; 0 for none.
        skip_scale: factor α of the skip connection; √½ by default, 1 with a stable branch scale.
        branch_scale: factor λ of the residual branch; stable:T, in Python also stable(T), is sqrt(T/depth).
        block: one-layer, or two-layer for a hidden layer in each branch.
        hidden_width: neurons of a branch's hidden layer, with two-layer blocks; the width by default.
        normalization: what the branch does to its input first: none, rms or layer (pre-norm).

    Raises:
        ValueError: a field has the wrong type or is out of range, both scales are 0, or a hidden width is given to
            blocks without hidden layer.

    >>> ResNet(width=100, depth=50).depth_width_ratio
    0.5
    """

    kind: ClassVar[str] = "resnet"

    skip_scale: float = None  # type: ignore[assignment]  # None only until __post_init__ resolves it
    branch_scale: float = field(default=math.sqrt(0.5), metadata={"parse": parse_scale})
    block: str = "one-layer"
    hidden_width: int | None = None
    normalization: str = "none"

    def __post_init__(self) -> None:
        """Validate the fields of every architecture, then the two scales."""
        super().__post_init__()
        self._set_scales()
        if self.skip_scale == 0 and self.branch_scale == 0:
            raise ValueError("skip_scale and branch_scale are both 0: the network would be 0; make one of them not 0")
        one_of("block", self.block, BLOCKS)
        one_of("normalization", self.normalization, NORMALIZATIONS)
        if self.block == "one-layer" and self.hidden_width is not None:
            raise ValueError(f"hidden_width is of two-layer blocks, got {self.hidden_width} with block='one-layer'")
        if self.block == "two-layer":
            hidden = self.width if self.hidden_width is None else self.hidden_width
            object.__setattr__(self, "hidden_width", positive_integer("hidden_width", hidden))

    def _set_scales(self) -> None:
        """Resolve the two scales; a stable one follows the depth, also when a copy of another depth is made."""
        branch = self.branch_scale
        if isinstance(branch, StableScale):
            object.__setattr__(self, "branch_scale", branch.at(self.depth))
        else:
            object.__setattr__(self, "branch_scale", finite_number("branch_scale", branch))
        if self.skip_scale is None:
            object.__setattr__(self, "skip_scale", 1.0 if isinstance(branch, StableScale) else _SKIP_SCALE)
        object.__setattr__(self, "skip_scale", finite_number("skip_scale", self.skip_scale))
        if isinstance(branch, StableScale) and abs(self.skip_scale) != 1:
            raise ValueError(
                f"branch_scale=stable({branch.time:g}) needs skip_scale 1 or -1, got {self.skip_scale!r}: with any "
                "other the signal dies out or explodes as the depth grows"
            )

    @property
    def stable_time(self) -> float | None:
        """The t of branch_scale = stable(t); None for a branch scale that does not follow the depth."""
        return self.branch_scale.time if isinstance(self.branch_scale, StableScale) else None

    @property
    def extensions(self) -> tuple[str, ...]:
        """What this network has beyond one matrix a layer, in words: theorems and fast samplers may not cover it."""
        two = ("two-layer blocks",) if self.block == "two-layer" else ()
        normalized = (f"{self.normalization} normalization",) if self.normalization != "none" else ()
        return (*super().extensions, *two, *normalized)

    @property
    def homogeneous(self) -> bool:
        """Whether the network is homogeneous of degree 1: t x makes t z at every layer, for t > 0."""
        return super().homogeneous and self.normalization == "none"

    def default_of(self, field: str) -> Any:
        """Return the value that ``field`` has if it is not given, beside the other fields."""
        if field == "hidden_width" and self.block == "two-layer":
            return self.width
        if field == "skip_scale":
            return _SKIP_SCALE
        return super().default_of(field)


@dataclass(frozen=True, kw_only=True, repr=False)
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
        bias_variance: variance of a bias, inside the branch; 0 for none.
        skip_scale: factor α of the skip connection; √½ by default, 1 with a stable branch scale.
        branch_scale: factor λ of the residual branch; stable:T, in Python also stable(T), is sqrt(T/depth).
        block: one-layer; two layers would undo the signs, as U diag(s) has the law of U.
        hidden_width: not for one-layer blocks.
        normalization: what the branch does to its input first: none, rms or layer (pre-norm).

    Raises:
        ValueError: a field has the wrong type or is out of range, both scales are 0, or the block is two-layer.
    """

    kind: ClassVar[str] = "balanced-resnet"

    def __post_init__(self) -> None:
        """Validate the fields of a residual network, and the block."""
        super().__post_init__()
        if self.block != "one-layer":
            raise ValueError("a Balanced ResNet has one-layer blocks: before a matrix U, random signs change no law")
