"""The loop at the heart of a sweep: hand out cells, hear of them, save what is finished."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from deeplimits.sweeps.cell import Cell
from deeplimits.sweeps.estimate import estimate
from deeplimits.sweeps.events import Event, Observer
from deeplimits.sweeps.executors.executor import Executor, ExecutorError
from deeplimits.sweeps.frames import MixedColumnError
from deeplimits.sweeps.provenance import now
from deeplimits.sweeps.results import Failed, Finished, Report
from deeplimits.sweeps.schedule import ATTEMPTS, Schedule
from deeplimits.sweeps.store_writer import SaveError, StoreWriter

CELLS_PER_CHUNK = 512
SECONDS_PER_CHUNK = 1.0  # at most this much finished work is lost to a kill
_SECONDS_PER_WAIT = 0.5
_SECONDS_BETWEEN_PROGRESS = 0.5


class Loop:
    """Compute cells and save them.

    Args:
        cells: those to compute.
        costs: cell id → declared cost.
        reused: how many cells of the grid were finished before.
        measured: (declared cost, seconds) of cells finished before.
        executor: where to compute; started.
        writer: where to save.
        time_limit: seconds after which a cell counts as hanging; from its declared cost by default.
        environment: id of the versions that every worker must run.
        observer: told what happens.
    """

    def __init__(
        self,
        cells: Sequence[Cell],
        costs: Mapping[str, float],
        *,
        reused: int,
        measured: Sequence[tuple[float, float]],
        executor: Executor,
        writer: StoreWriter,
        time_limit: float | None,
        environment: str,
        observer: Observer,
    ) -> None:
        self._schedule = Schedule(cells, costs, time_limit)
        self._costs, self._measured = costs, list(measured)
        self._fields = {cell.id: cell.fields for cell in cells}
        self._executor, self._writer, self._observer = executor, writer, observer
        self._environment = environment
        self._num_cells, self._reused = len(cells) + reused, reused
        self._unsaved: list[Finished] = []
        self._saved_at = self._told_at = time.monotonic()
        self.computed = 0
        self.failed = 0

    def run(self) -> None:
        """Compute every cell, and save whatever is finished however this ends.

        Raises:
            ExecutorError: no more cells can be computed.
            SaveError: finished cells could not be saved.
        """
        try:
            while self._schedule:
                self._hand_out()
                for report in self._executor.wait(_SECONDS_PER_WAIT):
                    self._take(report)
                if len(self._unsaved) >= CELLS_PER_CHUNK or time.monotonic() - self._saved_at > SECONDS_PER_CHUNK:
                    self._save()
                self._tell()
        finally:
            self._save()
        self._tell(always=True)

    def _hand_out(self) -> None:
        while len(self._schedule.in_flight) < self._executor.capacity:
            job = self._schedule.next_job()
            if job is None:
                return
            self._executor.submit(job)

    def _take(self, report: Report) -> None:
        cell = self._schedule.landed(report.cell_id)
        if isinstance(report, Finished):
            if report.environment != self._environment:
                raise ExecutorError(
                    "a worker runs other versions of the libraries than this process, so its numbers may differ; "
                    "install the same versions everywhere"
                )
            try:
                self._writer.check(report)
            except MixedColumnError as error:
                report = Failed(cell.id, str(error), str(error))
        if isinstance(report, Finished):
            self._unsaved.append(report)
            self.computed += 1
            self._measured.append((self._costs[cell.id], report.seconds))
        elif self._schedule.try_again(report, cell):
            text = f"cell {cell.id} ({cell.label}) failed and is tried again: {report.error}"
            self._observer(Event("retried", text, {"cell": cell.id, "error": report.error}))
        else:
            self._give_up(cell, report)

    def _give_up(self, cell: Cell, failed: Failed) -> None:
        self.failed += 1
        self._writer.record_failure(failed, cell.fields, {"attempts": ATTEMPTS, "time": now()})
        text = f"cell {cell.id} ({cell.label}) failed: {failed.error}"
        self._observer(Event("failed", text, {"cell": cell.id, "error": failed.error}))

    def _save(self) -> None:
        self._saved_at = time.monotonic()
        if not self._unsaved:
            return
        try:
            self._writer.save(self._unsaved, self._fields)
        except SaveError as error:
            lost, self._unsaved = len(self._unsaved), []
            self.computed -= lost
            safe = f"{self._reused + self.computed} finished cells are saved there, {lost} are not"
            raise SaveError(self._writer.store.folder, error.problem, safe) from error
        self._unsaved = []

    def _tell(self, *, always: bool = False) -> None:
        if not always and time.monotonic() - self._told_at < _SECONDS_BETWEEN_PROGRESS:
            return
        self._told_at = time.monotonic()
        left = estimate(self._schedule.costs_left(), self._executor.workers, self._measured)
        data: dict[str, Any] = {
            "cells": self._num_cells,
            "done": self._reused + self.computed,
            "computed": self.computed,
            "running": min(len(self._schedule.in_flight), self._executor.workers),
            "failed": self.failed,
            "seconds_left": round((left.low * left.high) ** 0.5, 1) if self.computed else None,
        }
        self._observer(Event("progress", "", data))
