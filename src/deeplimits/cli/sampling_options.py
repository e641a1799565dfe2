"""The options of every command that samples networks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deeplimits.validation import positive_integer

if TYPE_CHECKING:
    from deeplimits.architectures import Architecture
    from deeplimits.datasets import Inputs


@dataclass(frozen=True)
class SamplingOptions:
    """Hold what is sampled, and how it is shown.

    Args:
        networks: random networks in all.
        seed: seed of the random numbers.
        matrix: auto for the fastest, or chain, compiled, fused, pair, lazy or dense; all exact in law (see
            docs/samplers.md).
        observable: measure this; may be given several times. By default four numbers of the output and the last layer.
        max_layers: most layers kept of an observable that has one number per layer.
        device: draw on these devices: cpu, gpu or tpu, or one as gpu:0; by default whatever there is.
        json: print one JSON object instead of the table.
        quiet: show no progress and no notes.
    """

    networks: int = 100_000
    seed: int = 0
    matrix: str = "auto"
    observable: list[str] | None = None
    max_layers: int = 64
    device: str | None = None
    json: bool = False
    quiet: bool = False

    def __post_init__(self) -> None:
        """Refuse a number of networks below 1, under the name that was typed."""
        positive_integer("networks", self.networks)

    def arguments(self, architecture: Architecture, inputs: Inputs) -> dict[str, Any]:
        """Return them as the arguments of ``sample``."""
        from deeplimits.observables import DEFAULT

        return {
            "architecture": architecture,
            "x": inputs,
            "num_networks": self.networks,
            "observables": self.observable or DEFAULT,
            "seed": self.seed,
            "matrix": self.matrix,
            "max_layers": self.max_layers,
        }
