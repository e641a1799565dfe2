"""The residual network whose trained weights are asked how they scale with depth, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from deeplimits.activations import Activation, resolve
from deeplimits.validation import nonnegative_number, one_of, positive_integer

SCALES = ("none", "shared", "per-layer")
INITIALISATIONS = ("xavier", "xavier-depth")


@dataclass(frozen=True, kw_only=True)
class DeepResNet:
    """Describe h_{k+1} = h_k + δ_k φ(A_k h_k + b_k), k = 0 … depth − 1: the input is h_0, the output h_depth.

    Input, hidden states and output have one dimension, the width; there are no other layers. All A_k and b_k are
    trained, and δ unless it is ``none``. Initial values, with s = init_sd: entries of A_k are N(0, (s/width)²), those
    of b_k N(0, s²/width), both divided by the depth for ``xavier-depth``; δ is 1/depth if shared, N(0, 1/depth²) in
    each layer otherwise.

    Note: the paper's code has hidden states as rows, so that its A_k is our A_k transposed, and writes ``multi`` for
    ``per-layer``. A shared δ acts through its modulus, δ per layer with its sign. Defaults are those of the code's run
    script; its library has ``xavier``, s = 1e-4 and no δ, and which of them the published figures used is not recorded.

    Args:
        depth: residual layers, L.
        width: entries of the hidden state.
        activation: relu, leaky-relu:POSITIVE,NEGATIVE, tanh, erf, gelu or identity; in Python also any callable.
        delta: none (δ = 1), shared (one trained number) or per-layer (one for each layer).
        init: xavier or xavier-depth.
        init_sd: s, the scale of the initial weights and biases.

    Raises:
        ValueError: a field has the wrong type or is out of range.

    >>> DeepResNet(depth=1000).delta
    'shared'

    References: cohen2021scaling.
    """

    depth: int
    width: int = 10
    activation: Activation | str | Callable[[Any], Any] = "tanh"
    delta: str = "shared"
    init: str = "xavier-depth"
    init_sd: float = 0.01

    def __post_init__(self) -> None:
        """Validate every field and resolve the activation."""
        for name in ("depth", "width"):
            object.__setattr__(self, name, positive_integer(name, getattr(self, name)))
        object.__setattr__(self, "activation", resolve(self.activation))
        one_of("delta", self.delta, SCALES)
        one_of("init", self.init, INITIALISATIONS)
        object.__setattr__(self, "init_sd", nonnegative_number("init_sd", self.init_sd))

    @property
    def phi(self) -> Activation:
        """The activation, resolved."""
        return resolve(self.activation)

    @property
    def weight_sd(self) -> float:
        """Standard deviation of an initial entry of A_k."""
        return self._sd / self.width

    @property
    def bias_sd(self) -> float:
        """Standard deviation of an initial entry of b_k."""
        return self._sd / self.width**0.5

    @property
    def _sd(self) -> float:
        return self.init_sd / (self.depth if self.init == "xavier-depth" else 1)

    def to_dict(self) -> dict[str, Any]:
        """Return every field as JSON-ready values."""
        name, fingerprint = self.phi.name, self.phi.fingerprint
        fields = {key: getattr(self, key) for key in ("depth", "width", "delta", "init", "init_sd")}
        return {**fields, "activation": f"{name}#{fingerprint}" if fingerprint else name}
