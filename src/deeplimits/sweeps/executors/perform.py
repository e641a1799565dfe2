"""Compute one cell in this process, and check what it gives."""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from typing import Any

from deeplimits.sweeps.cell import Cell
from deeplimits.sweeps.environment import device
from deeplimits.sweeps.experiment import Experiment
from deeplimits.sweeps.results import Failed, Finished, Job, Report


def perform(experiment: Experiment, job: Job, environment: str) -> Report:
    """Run ``job``; whatever goes wrong in it becomes a `Failed`.

    Args:
        experiment: what it is a cell of.
        job: the cell.
        environment: id of the versions that this process runs.
    """
    started = time.perf_counter()
    try:
        cell = Cell(job.fields, job.cell_id, job.key)
        rows = [_checked(row, cell) for row in experiment.run(cell, job.key)]
        return Finished(job.cell_id, rows, time.perf_counter() - started, device(), environment)
    except (Exception, SystemExit) as error:
        return Failed(job.cell_id, _one_line(error), traceback.format_exc())


def _checked(row: Mapping[str, Any], cell: Cell) -> dict[str, Any]:
    """Return ``row`` as plain Python values.

    Raises:
        ValueError: a column has the name of a field, starts with an underscore, or holds something else than text, a
            number, a truth value or None.
    """
    checked: dict[str, Any] = {}
    for name, given in row.items():
        if name in cell or name == "cell" or name.startswith("_"):
            raise ValueError(f"a result cannot be called {name!r}: that is a field of the cell or a reserved name")
        value = given.item() if hasattr(given, "item") else given
        if not isinstance(value, (str, bool, int, float, type(None))):
            raise ValueError(f"result {name!r} must be text, a number, true, false or None, got {type(given).__name__}")
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise ValueError(f"result {name!r} must fit in 64 bits, got {value}")
        checked[name] = _plain(value)
    return checked


def _plain(value: object) -> object:
    """Return ``value`` as exactly one of Python's types: a table takes no subclass."""
    for kind in (bool, str, int, float):
        if isinstance(value, kind):
            return kind(value)
    return None


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
