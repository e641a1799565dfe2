"""Cells on a Dask cluster: other machines, a batch system, or one GPU per worker.

Each thread of a Dask worker keeps one worker process of ours, started with one thread, and passes cells to it: a cell
that hangs can be killed without the Dask worker, and numbers are those of local processes.
"""

from __future__ import annotations

import queue
import threading
import uuid
from collections.abc import Sequence
from typing import Any, cast

from distributed import Client, Future, WorkerPlugin, get_worker

from deeplimits.sweeps.executors.executor import Executor, ExecutorError
from deeplimits.sweeps.executors.worker_process import WorkerBrokenError, WorkerProcess, pickled
from deeplimits.sweeps.experiment import Experiment
from deeplimits.sweeps.results import Failed, Job, Report

SECONDS_TO_FIND_A_WORKER = 60
_SECONDS_TO_CONNECT = 5


class Dask(Executor):
    """Compute cells on a Dask cluster.

    Args:
        scheduler: address, as ``tcp://host:8786``, or a ``distributed.Client`` that is already connected.
        seconds_to_find_a_worker: how long to wait for the first worker.

    Raises:
        ValueError: there is no scheduler at that address.
    """

    def __init__(self, scheduler: str | Client, *, seconds_to_find_a_worker: float = SECONDS_TO_FIND_A_WORKER) -> None:
        self._owned = not isinstance(scheduler, Client)
        self._client = _connect(scheduler) if isinstance(scheduler, str) else scheduler
        self._patience = seconds_to_find_a_worker
        self._plugin = f"deeplimits-{uuid.uuid4().hex}"
        self._futures: dict[str, Future[Report]] = {}
        self._done: queue.SimpleQueue[str] = queue.SimpleQueue()

    @property
    def workers(self) -> int:
        """Threads of all Dask workers."""
        return max(1, sum(self._client.nthreads().values())) if self._running else 1

    @property
    def capacity(self) -> int:
        """Enough that no worker waits for the runner."""
        return 2 * self.workers

    def start(self, experiment: Experiment) -> None:
        """Send the experiment to every worker, also to those that join later."""
        try:
            self._client.wait_for_workers(1, timeout=self._patience)
        except TimeoutError:
            raise ExecutorError(
                f"the Dask cluster has no worker after {self._patience:g} s; start some, then run again"
            ) from None
        self._client.register_plugin(_CellWorkers(pickled(experiment)), name=self._plugin)

    def submit(self, job: Job) -> None:
        """Send the job to the scheduler; Dask gives it to another worker if its first one dies."""
        key = f"cell-{job.cell_id}-{uuid.uuid4().hex}"  # new for each attempt, or Dask would remember the first
        future = self._client.submit(_compute, self._plugin, job, pure=False, key=key)
        self._futures[job.cell_id] = future
        future.add_done_callback(lambda _: self._done.put(job.cell_id))

    def wait(self, seconds: float) -> Sequence[Report]:
        """Collect what the scheduler has got."""
        finished: list[str] = []
        try:
            finished.append(self._done.get(timeout=seconds))
            while True:
                finished.append(self._done.get_nowait())
        except queue.Empty:
            pass
        if not self._running:
            raise ExecutorError("the connection to the Dask scheduler is lost")
        return [self._report(cell_id) for cell_id in finished]

    def close(self) -> None:
        """Abandon what is in flight and end our processes on the workers."""
        if self._running:
            self._client.cancel(list(self._futures.values()), force=True)
            self._client.unregister_worker_plugin(self._plugin)
            if self._owned:
                self._client.close()
        self._futures.clear()

    @property
    def _running(self) -> bool:
        return bool(self._client.status == "running")

    def _report(self, cell_id: str) -> Report:
        future = self._futures.pop(cell_id)
        if future.cancelled():
            raise ExecutorError("the Dask scheduler has forgotten the cells that it was given")
        error = future.exception()
        if isinstance(error, WorkerBrokenError):
            raise ExecutorError(f"the worker processes do not start: {str(error).strip().splitlines()[-1]}")
        if error is not None:
            return Failed(cell_id, f"{type(error).__name__}: {' '.join(str(error).split())}", repr(error))
        result: Report = future.result()
        return result


class _CellWorkers(WorkerPlugin):
    """Keep one worker process for each thread of a Dask worker."""

    def __init__(self, payload: bytes) -> None:
        self.payload = payload

    def setup(self, worker: Any) -> None:
        self.processes: dict[int, WorkerProcess] = {}

    def teardown(self, worker: Any) -> None:
        for process in self.processes.values():
            process.kill()

    def compute(self, job: Job) -> Report:
        thread = threading.get_ident()
        process = self.processes.get(thread)
        if process is None or not process.alive:
            # Not pinned: only the batch system knows which cores are this worker's.
            process = self.processes[thread] = WorkerProcess(self.payload, None)
        return process.compute(job)


def _compute(plugin: str, job: Job) -> Report:
    """Compute ``job`` on the Dask worker that runs this."""
    return cast("_CellWorkers", get_worker().plugins[plugin]).compute(job)


def _connect(address: str) -> Client:
    try:
        return Client(address, timeout=_SECONDS_TO_CONNECT)
    except (OSError, ValueError) as error:
        raise ValueError(f"no Dask scheduler answers at {address!r}: {error}") from None
