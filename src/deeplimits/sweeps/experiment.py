"""The protocol of an experiment: a grid of cells for each scale, one cell's run, and the claims it is to test."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from deeplimits.sweeps.cell import Cell
from deeplimits.sweeps.claims import Claim
from deeplimits.sweeps.experiment_figure import ExperimentFigure
from deeplimits.sweeps.grid import Grid
from deeplimits.sweeps.table import DataFrame
from deeplimits.sweeps.values import Value, as_value, without_defaults
from deeplimits.validation import unknown_name

SCALES = ("demo", "quick", "paper")
NUMERICAL_LIBRARIES = ("deeplimits", "jax", "jaxlib", "numba", "numpy", "scipy")


class Experiment(ABC):
    """Describe a sweep: what its cells are, what is computed in each, and what is claimed of the results.

    Subclasses set the class attributes and implement `grid` and `run`. An instance is sent to worker processes, so it
    must be picklable; `run` must depend on nothing but its arguments and the instance.

    Attributes:
        name: lower-case words joined by hyphens.
        version: raise it whenever a cell's numbers come to mean something else.
        title: what is shown, in one line.
        references: keys of ``references.bib``.
        claims: what the results are to be judged by, written before the first run.
        defaults: field → default value; fields at their default are left out of a cell's identity, so that fields added
            later do not change old cells.
        effort: fields that say only how much is measured; they do not change a cell's random numbers.
        columns: the first columns of the table of results, in order; others follow in alphabetical order.
        libraries: installed packages whose version can change the numbers.
        loaded_from: ``FILE.py:CLASS`` of an instance that was loaded by that name, so that a report finds its figures.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    title: ClassVar[str] = ""
    references: ClassVar[tuple[str, ...]] = ()
    claims: ClassVar[tuple[Claim, ...]] = ()
    defaults: ClassVar[Mapping[str, Value]] = {}
    effort: ClassVar[frozenset[str]] = frozenset({"num_networks", "observables"})
    columns: ClassVar[tuple[str, ...]] = ()
    libraries: ClassVar[tuple[str, ...]] = NUMERICAL_LIBRARIES
    loaded_from: str = ""

    @abstractmethod
    def grid(self, scale: str) -> Grid:
        """Return the cells at ``scale``: ``demo`` (smoke), ``quick`` (minutes) or ``paper``."""

    @abstractmethod
    def run(self, cell: Cell, seed: int) -> Iterable[Mapping[str, Any]]:
        """Compute one cell.

        Args:
            cell: its fields.
            seed: integer from 0 to 2⁶³ − 1 that belongs to this cell alone, the same in every run.

        Returns:
            Rows of the table: column → text, number, truth value or None. The cell's own fields are added to each.
        """

    def cost(self, cell: Cell) -> float:
        """Return roughly how many seconds ``cell`` takes on one core: long cells go first, and runs are foretold."""
        return 1.0

    def figures(self, table: DataFrame) -> Iterable[ExperimentFigure]:
        """Return the figures of the report, none of them drawn yet.

        Args:
            table: the results, as from ``Store.table(missing=True)``: a missing cell has one row of nulls beside its
                own fields.
        """
        return ()

    def settings(self) -> Mapping[str, Any]:
        """Return what all cells of this instance share and no grid shows, TOML-ready: recorded in ``sweep.toml``.

        An experiment that has settings must make those that change a cell's results part of its `content`.
        """
        return {}

    def content(self, fields: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return what identifies a cell: the canonical fields that are not at their default."""
        return without_defaults(fields, {"seed": 0, **self.defaults})


def checked_scale(scale: str) -> str:
    """Return ``scale``.

    Raises:
        ValueError: it is not one of demo, quick and paper.
    """
    if scale not in SCALES:
        raise unknown_name("scale", scale, SCALES)
    return scale


def resolve(experiment: Experiment, grid: Grid, *, seed: int = 0) -> list[Cell]:
    """Return the cells of ``grid`` in order, each once.

    Args:
        experiment: what they are cells of.
        grid: their fields.
        seed: the field ``seed`` of the cells that have none.

    Raises:
        ValueError: there is no cell, a field has a value that no cell can have, or the seed is out of range.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63:
        raise ValueError(f"seed must be an integer from 0 to 2^63 - 1, got {seed!r}")
    cells: dict[str, Cell] = {}
    for fields in grid:
        every = {**fields, "seed": fields.get("seed", as_value("seed", seed))}
        content = experiment.content(every)
        cell = Cell.of(every, content, experiment=experiment.name, version=experiment.version, effort=experiment.effort)
        cells.setdefault(cell.id, cell)
    if not cells:
        raise ValueError(f"the grid of {experiment.name} has no cells")
    return list(cells.values())
