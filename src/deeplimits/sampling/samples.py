"""What was measured on sampled networks: streamed estimates with standard errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from deeplimits.architectures import Architecture
from deeplimits.datasets import Inputs
from deeplimits.statistics import Summary, SummaryList
from deeplimits.validation import unknown_name


@dataclass(frozen=True, eq=False)
class Samples(Mapping[str, Summary | SummaryList]):
    """Map each measured observable to its streamed summary.

    ``samples["log_squared_norm"].mean`` is an `Estimate`. For several input vectors the value is a `SummaryList`, in
    input order. Statistics are over networks that are not dead.

    Args:
        architecture: the network that was sampled.
        inputs: the input vectors it was given.
        num_networks: networks sampled, dead ones included.
        num_dead: dead networks, one count per input vector.
        seed: the public seed.
        matrix: how products with weight matrices were drawn: ``fused``, ``lazy`` or ``dense``.
        summaries: observable → one summary per input vector.
        provenance: versions, platform, device and time, JSON-ready.
    """

    architecture: Architecture
    inputs: Inputs
    num_networks: int
    num_dead: tuple[int, ...]
    seed: int
    matrix: str
    summaries: Mapping[str, tuple[Summary, ...]] = field(repr=False)
    provenance: Mapping[str, Any] = field(repr=False)

    def __getitem__(self, observable: str) -> Summary | SummaryList:
        """Return the summary of ``observable``, or one per input vector."""
        if observable not in self.summaries:
            raise KeyError(str(unknown_name("measured observable", observable, self.summaries)))
        summaries = self.summaries[observable]
        return summaries[0] if self.inputs.single else SummaryList(summaries)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the measured observables."""
        return iter(self.summaries)

    def __len__(self) -> int:
        """Count the measured observables."""
        return len(self.summaries)
