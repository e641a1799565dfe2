"""What comes back from a worker about one cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Finished:
    """Hold what a cell gave.

    Args:
        cell_id: the cell.
        rows: its rows, checked: column → text, number, truth value or None.
        seconds: how long it took.
        device: what computed it.
        environment: id of the versions that computed it.
    """

    cell_id: str
    rows: list[dict[str, Any]]
    seconds: float
    device: str
    environment: str


@dataclass(frozen=True)
class Failed:
    """Hold why a cell failed.

    Args:
        cell_id: the cell.
        error: one line.
        traceback: the whole traceback, or what is known of the worker's end.
    """

    cell_id: str
    error: str
    traceback: str


@dataclass(frozen=True)
class Job:
    """Hold what a worker needs to compute one cell.

    Args:
        cell_id: the cell.
        fields: its fields.
        key: its random key.
        time_limit: seconds after which it counts as hanging.
    """

    cell_id: str
    fields: Mapping[str, Any]
    key: int
    time_limit: float


Report: TypeAlias = Finished | Failed
