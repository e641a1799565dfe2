"""The generic experiment: any architectures, observables and limits; what a sweep's TOML file describes."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from deeplimits import observables as catalogue
from deeplimits.architectures import KINDS, Architecture, from_dict
from deeplimits.datasets import Inputs, as_inputs
from deeplimits.experiments.network_columns import COLUMNS
from deeplimits.sweeps import Cell, Experiment, Grid
from deeplimits.sweeps.values import Value, without_defaults

NEURON_LAYERS_PER_SECOND = 2e8  # of one core, roughly; for costs only
SECONDS_TO_COMPILE = 3.0
CELL_DEFAULTS: dict[str, Value] = {"seed": 0, "matrix": "auto"}
NOT_ARCHITECTURE = ("num_networks", "seed", "matrix")


class NetworkSweep(Experiment):
    """Sample the architecture of each cell and compare it with limits.

    A cell has the fields ``kind``, those of that architecture, ``num_networks``, and ``seed`` and ``matrix`` if they
    are not at their default. Its networks are those of ``sample`` with the same seed.

    Args:
        grid: the cells.
        observables: names of what is measured.
        limits: names of the limits to compare with; None for all.
        tolerance: of each cell's verdicts.
        inputs: the input vectors; None for the first unit vector.
    """

    name: ClassVar[str] = "networks"
    title: ClassVar[str] = "Random networks, sampled and compared with limits"
    columns: ClassVar[tuple[str, ...]] = COLUMNS
    effort: ClassVar[frozenset[str]] = frozenset({"num_networks", "observables", "limits", "tolerance"})

    def __init__(
        self,
        grid: Grid,
        *,
        observables: tuple[str, ...] = catalogue.DEFAULT,
        limits: tuple[str, ...] | None = None,
        tolerance: float = 0.02,
        inputs: Inputs | None = None,
    ) -> None:
        self._grid = grid
        self.observables, self.limits, self.tolerance = observables, limits, tolerance
        self.inputs = inputs

    def grid(self, scale: str) -> Grid:
        """Return the grid: a user's sweep has one scale."""
        return self._grid

    def settings(self) -> Mapping[str, Any]:
        """Return observables, limits, tolerance and the input vectors."""
        shared: dict[str, Any] = {"observables": list(self.observables), "tolerance": self.tolerance}
        if self.limits is not None:
            shared["limits"] = list(self.limits)
        if self.inputs is not None:
            shared["x"] = self.inputs.values[0].tolist() if self.inputs.single else self.inputs.values.tolist()
        return shared

    def content(self, fields: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return the architecture's own identity, and what else is not at its default."""
        rest = {name: fields[name] for name in NOT_ARCHITECTURE if name in fields}
        shared: dict[str, Value] = {"observables": sorted(self.observables), "tolerance": self.tolerance}
        if self.limits is not None:
            shared["limits"] = sorted(self.limits)
        if self.inputs is not None:
            values = self.inputs.values
            digest = hashlib.blake2b(values.tobytes(), digest_size=16).hexdigest()
            shared["x"] = [int(self.inputs.single), *values.shape, digest]
        defaults = {**CELL_DEFAULTS, "observables": sorted(catalogue.DEFAULT), "tolerance": 0.02}
        return {**architecture_of(fields).canonical(), **without_defaults({**rest, **shared}, defaults)}

    def cost(self, cell: Cell) -> float:
        """Return the seconds to compile, and those for each neuron of each layer of each network."""
        architecture = architecture_of(cell)
        num_networks: Any = cell["num_networks"]
        entries = architecture.width * architecture.depth * num_networks
        entries *= 1 if self.inputs is None else self.inputs.count
        entries *= architecture.width if cell.get("matrix") == "dense" else 1
        return SECONDS_TO_COMPILE + float(entries) / NEURON_LAYERS_PER_SECOND

    def run(self, cell: Cell, seed: int) -> Iterator[Mapping[str, Any]]:
        """Sample the cell's networks with its own ``seed`` field, as ``sample`` does, and compare them."""
        from deeplimits.comparison import compare
        from deeplimits.experiments.network_rows import network_rows
        from deeplimits.limits import for_architecture
        from deeplimits.sampling import sample

        architecture = architecture_of(cell)
        inputs = as_inputs(self.inputs, architecture.input_dim)
        options: dict[str, Any] = {name: cell[name] for name in NOT_ARCHITECTURE if name in cell}
        samples = sample(architecture, inputs, observables=self.observables, **options)
        answers = [
            answer
            for answer in for_architecture(architecture, inputs)
            if self.limits is None or answer.limit in self.limits
        ]
        return network_rows(compare(samples, answers, tolerance=self.tolerance))


def architecture_of(fields: Mapping[str, Any]) -> Architecture:
    """Return the architecture that a cell's fields describe.

    Raises:
        ValueError: a field is out of range.
    """
    options = {name: value for name, value in fields.items() if name not in NOT_ARCHITECTURE}
    for field in dataclasses.fields(KINDS[fields["kind"]]):
        # A document may say 1 where the field holds 1.0.
        if field.type == "float" and type(options.get(field.name)) is int:
            options[field.name] = float(options[field.name])
    return from_dict(options)
