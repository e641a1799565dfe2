"""A classifier with many residual blocks whose initial weights are processes in the layer's index, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from deeplimits.activations import Activation, resolve
from deeplimits.validation import nonnegative_number, one_of, positive_integer
from deeplimits.weights.laws import draw_layers

BLOCKS = ("one-matrix", "two-matrix")


@dataclass(frozen=True, kw_only=True)
class ResidualClassifier:
    """Describe h_0 = A x, h_{k+1} = h_k + depth^-β V_k φ(h_k), logits B h_depth, with one matrix in a block.

    With two: h_{k+1} = h_k + depth^-β V_k φ(θ_k h_k). With layer biases, b_k is added to V_k φ(…), and c_k to θ_k h_k.
    A, B, all V_k, θ_k and biases are trained. Entries of A and B are uniform with variance 1/fan-in, biases 0, and V_k
    and θ_k are drawn, independently, from the law of layers.

    Note: the paper's code calls the blocks res-1 and res-3, and gives biases to fractional-Brownian layers only. Its
    independent weights are uniform, those of the other laws Gaussian.

    Args:
        depth: residual blocks, L.
        width: entries of the hidden state.
        exponent: β, at least 0.
        law: of V and θ: iid (uniform), iid:gaussian, rbf or rbf:VARIANCE (smooth in the index), fbm:HURST.
        block: one-matrix or two-matrix.
        biases: whether layers have trained biases; None for the paper's rule, which is that fbm's have.
        activation: relu, leaky-relu:POSITIVE,NEGATIVE, tanh, erf, gelu or identity; in Python also any callable.

    Raises:
        ValueError: a field has the wrong type or is out of range.

    >>> ResidualClassifier(depth=1000, exponent=0.5, law="fbm:0.8").has_biases
    True

    References: marion2025scaling.
    """

    depth: int
    width: int = 30
    exponent: float = 0.5
    law: str = "iid"
    block: str = "one-matrix"
    biases: bool | None = None
    activation: Activation | str | Callable[[Any], Any] = "relu"

    def __post_init__(self) -> None:
        """Validate every field and resolve the activation."""
        for name in ("depth", "width"):
            object.__setattr__(self, name, positive_integer(name, getattr(self, name)))
        if self.depth < 2:
            raise ValueError(f"depth must be at least 2, because weights are a path over layers, got {self.depth}")
        object.__setattr__(self, "exponent", nonnegative_number("exponent", self.exponent))
        one_of("block", self.block, BLOCKS)
        draw_layers(self.law, 2, (self.width, self.width))  # it knows its laws
        object.__setattr__(self, "activation", resolve(self.activation))

    @property
    def phi(self) -> Activation:
        """The activation, resolved."""
        return resolve(self.activation)

    @property
    def has_biases(self) -> bool:
        """Whether layers have trained biases."""
        return self.law.startswith("fbm") if self.biases is None else self.biases

    @property
    def matrices(self) -> int:
        """Matrices in a block."""
        return 1 + (self.block == "two-matrix")

    @property
    def branch_scale(self) -> float:
        """What a branch is multiplied by, depth^-β."""
        return float(self.depth) ** -self.exponent

    def to_dict(self) -> dict[str, Any]:
        """Return every field, resolved, as JSON-ready values."""
        name, fingerprint = self.phi.name, self.phi.fingerprint
        fields = {key: getattr(self, key) for key in ("depth", "width", "exponent", "law", "block")}
        return {**fields, "biases": self.has_biases, "activation": f"{name}#{fingerprint}" if fingerprint else name}
