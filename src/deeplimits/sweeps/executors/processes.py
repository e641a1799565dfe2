"""Cells in processes of this machine, each pinned to a core with one thread."""

from __future__ import annotations

import selectors
import time
from collections import deque
from collections.abc import Sequence

from deeplimits.sweeps.executors.cores import usable_cores
from deeplimits.sweeps.executors.executor import Executor, ExecutorError
from deeplimits.sweeps.executors.worker_process import SECONDS_TO_START, WorkerBrokenError, WorkerProcess, pickled
from deeplimits.sweeps.experiment import Experiment
from deeplimits.sweeps.results import Failed, Job, Report
from deeplimits.validation import positive_integer

_STARTS_AT_MOST = 3  # in a row that fail


class Processes(Executor):
    """Compute cells in worker processes that are started once and used for many cells.

    Args:
        workers: how many; one for each usable core by default.

    Raises:
        ValueError: ``workers`` is not an integer of at least 1.
    """

    def __init__(self, workers: object = None) -> None:
        self._cores = usable_cores()
        self._count = len(self._cores) if workers is None else positive_integer("workers", workers)
        self._payload = b""
        self._workers: dict[int, WorkerProcess] = {}
        self._queue: deque[Job] = deque()
        self._failed_starts = 0

    @property
    def workers(self) -> int:
        """How many processes."""
        return self._count

    @property
    def pids(self) -> list[int]:
        """Process numbers of the workers that run."""
        return [worker.pid for worker in self._workers.values()]

    def start(self, experiment: Experiment) -> None:
        """Pickle the experiment; each process starts when there is a job for it."""
        self._payload = pickled(experiment)

    def submit(self, job: Job) -> None:
        """Give the job to a worker, or keep it until one is free."""
        self._queue.append(job)
        if len(self._queue) > sum(worker.job is None for worker in self._workers.values()):
            self._start_one()
        self._hand_out()

    def wait(self, seconds: float) -> Sequence[Report]:
        """Hear what the workers say; end those that hang, replace those that died."""
        deadlines = [worker.deadline for worker in self._workers.values()]
        pause = max(0.0, min([seconds, *(deadline - time.monotonic() for deadline in deadlines)]))
        with selectors.DefaultSelector() as selector:
            for slot, worker in self._workers.items():
                selector.register(worker, selectors.EVENT_READ, slot)
            speaking = [key.data for key, _ in selector.select(pause)]
        reports = [report for slot in speaking if (report := self._hear(slot)) is not None]
        for slot, worker in list(self._workers.items()):
            if time.monotonic() >= worker.deadline:
                reports += self._end(slot, hung=True)
        self._hand_out()
        return reports

    def close(self) -> None:
        """Kill every worker."""
        for worker in self._workers.values():
            worker.kill()
        self._workers.clear()
        self._queue.clear()

    def _start_one(self) -> None:
        slot = next((i for i in range(self._count) if i not in self._workers), None)
        if slot is not None:
            self._workers[slot] = WorkerProcess(self._payload, self._cores[slot % len(self._cores)])

    def _hand_out(self) -> None:
        for worker in self._workers.values():
            if self._queue and worker.ready and worker.job is None:
                worker.give(self._queue.popleft())

    def _hear(self, slot: int) -> Report | None:
        worker = self._workers[slot]
        try:
            report = worker.hear()
        except EOFError:
            lost = self._end(slot, hung=False)
            return lost[0] if lost else None
        except WorkerBrokenError as error:
            raise ExecutorError(f"the worker processes do not start: {_last_line(str(error))}") from error
        self._failed_starts = 0
        return report

    def _end(self, slot: int, *, hung: bool) -> list[Failed]:
        """Kill a worker that hangs or is dead, start another if it is needed, and report the job that it had."""
        worker = self._workers.pop(slot)
        worker.kill()
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= _STARTS_AT_MOST:
                how = f"is not ready after {SECONDS_TO_START:.0f} s" if hung else "dies while it starts"
                raise ExecutorError(f"the worker processes do not start: each {how}")
        if self._queue:
            self._start_one()
        return [worker.lost(worker.job, hung=hung)] if worker.job is not None else []


def _last_line(traceback: str) -> str:
    return traceback.strip().splitlines()[-1]
