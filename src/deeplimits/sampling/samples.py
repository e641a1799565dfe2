"""What was measured on sampled networks: streamed estimates with standard errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from deeplimits import observables as catalogue
from deeplimits.architectures import Architecture
from deeplimits.datasets import Inputs
from deeplimits.sampling.accumulators import accumulator_of, view
from deeplimits.sampling.states import States
from deeplimits.statistics import Summary, SummaryList
from deeplimits.validation import unknown_name

_SHOWN = 4  # observables in the short form


@dataclass(frozen=True, eq=False)
class Samples(Mapping[str, Any]):
    """Map each measured observable to its streamed estimates.

    ``samples["log_squared_norm"].mean`` is an `Estimate`. For several input vectors the value is a list, in input
    order. Statistics are over networks that are not dead.

    Args:
        architecture: the network that was sampled.
        inputs: the input vectors it was given.
        seed: the public seed.
        matrix: how products with weight matrices were drawn: ``chain``, ``compiled``, ``fused``, ``pair``, ``lazy`` or
            ``dense``.
        observables: names of what was measured.
        max_layers: most layers of a layered observable.
        first_network: how many networks of the stream were left out before the first one.
        complete: states of whole blocks, from which a longer run goes on.
        rest: states of the networks after them.
        provenance: versions, platform, device and time, JSON-ready.
    """

    architecture: Architecture
    inputs: Inputs
    seed: int
    matrix: str
    observables: tuple[str, ...]
    max_layers: int
    first_network: int
    complete: States = field(repr=False)
    rest: States = field(repr=False)
    provenance: Mapping[str, Any] = field(repr=False)

    @classmethod
    def from_summaries(
        cls,
        architecture: Architecture,
        inputs: Inputs,
        num_networks: int,
        num_dead: tuple[int, ...],
        seed: int,
        matrix: str,
        summaries: Mapping[str, tuple[Summary, ...]],
        provenance: Mapping[str, Any],
    ) -> Samples:
        """Return the samples of networks that were measured elsewhere, so that they too can be compared.

        Args:
            architecture: the network that they are instances of.
            inputs: the input vectors they were given.
            num_networks: how many there are, dead ones included.
            num_dead: dead networks, one count per input vector.
            seed: what they were drawn with, for the record.
            matrix: how they were drawn, for the record.
            summaries: observable → one summary of the living networks per input vector.
            provenance: whatever else is known of them, JSON-ready.
        """
        nothing = {name: tuple(Summary() for _ in each) for name, each in summaries.items()}
        return cls(
            architecture,
            inputs,
            seed,
            matrix,
            tuple(summaries),
            catalogue.MAX_LAYERS,
            0,
            States(summaries, num_dead, num_networks),
            States(nothing, (0,) * inputs.count, 0),
            provenance,
        )

    @property
    def num_networks(self) -> int:
        """Networks sampled, dead ones included."""
        return self.complete.num_networks + self.rest.num_networks

    @property
    def num_dead(self) -> tuple[int, ...]:
        """Dead networks, one count per input vector."""
        return self._states.num_dead

    @property
    def summaries(self) -> Mapping[str, tuple[Summary, ...]]:
        """Observables that are one number per network → one summary per input vector."""
        names = (name for name in self.observables if catalogue.get(name).kind == "network")
        return {name: self.estimates(name) for name in names}

    def estimates(self, observable: str) -> tuple[Any, ...]:
        """Return what was measured of ``observable``, one entry per input vector (or one for two joined inputs)."""
        if observable not in self.observables:
            raise KeyError(str(unknown_name("measured observable", observable, self.observables)))
        return tuple(view(observable, state) for state in self._states.by_name[accumulator_of(observable)])

    @property
    def _states(self) -> States:
        return self.complete.merge(self.rest)

    def __repr__(self) -> str:
        """Show what was sampled and the first estimates, one line each.

        >>> from deeplimits.architectures import MLP
        >>> from deeplimits.sampling import sample
        >>> print(repr(sample(MLP(width=10, depth=3), num_networks=500, observables=["log_norm_hidden"])))
        Samples(mlp, width 10, depth 3: 500 networks, 2 dead, seed 0, chain)
          log_norm_hidden: Summary(count=498, mean=..., variance=...)
        """
        content = {name: value for name, value in self.architecture.canonical().items() if name != "kind"}
        fields = [
            f"{name} {value:.6g}" if isinstance(value, float) else f"{name} {value}" for name, value in content.items()
        ]
        network = ", ".join([self.architecture.kind, *fields])
        inputs = "" if self.inputs.single else f"{self.inputs.count} inputs, "
        dead = "/".join(map(str, self.num_dead))
        lines = [
            f"Samples({network}: {inputs}{self.num_networks} networks, {dead} dead, seed {self.seed}, {self.matrix})"
        ]
        for name in self.observables[:_SHOWN]:
            entries = self.estimates(name)
            more = f" and {len(entries) - 1} more" if len(entries) > 1 else ""
            lines.append(f"  {name}: {entries[0]!r}{more}")
        if len(self.observables) > _SHOWN:
            lines.append(f"  and {', '.join(self.observables[_SHOWN:])}")
        return "\n".join(lines)

    def __getitem__(self, observable: str) -> Any:
        """Return what was measured of ``observable``, or one entry per input vector."""
        entries = self.estimates(observable)
        if self.inputs.single or len(entries) < self.inputs.count:
            return entries[0]
        return SummaryList(entries) if isinstance(entries[0], Summary) else entries

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the measured observables."""
        return iter(self.observables)

    def __len__(self) -> int:
        """Count the measured observables."""
        return len(self.observables)
