"""A handle on a worker process: start it with one thread on one core, give it a cell, hear from it, kill it."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, cast

from deeplimits.sweeps.executors.messages import read_message, write_message
from deeplimits.sweeps.experiment import Experiment
from deeplimits.sweeps.results import Failed, Job, Report

SECONDS_TO_START = 120.0
# Libraries read these when they are loaded, so they are set before the process starts.
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS", "NPROC"), "1"
)
_PACKAGES = str(Path(__file__).parents[3])
_XLA_ONE_THREAD = "--xla_cpu_multi_thread_eigen=false"


class WorkerProcess:
    """Hold one worker process.

    Args:
        payload: the experiment, pickled by `pickled`.
        core: the core it is pinned to, or None.
    """

    def __init__(self, payload: bytes, core: int | None) -> None:
        environment = {**os.environ, **_ONE_THREAD}
        environment["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {_XLA_ONE_THREAD}".strip()
        # The same package as here, and nothing from the folder in which the command was typed.
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (_PACKAGES, os.environ.get("PYTHONPATH"))))
        command = [sys.executable, "-P", "-m", "deeplimits.sweeps.executors.worker"]
        command += [] if core is None else [str(core)]
        # A session of its own: Ctrl-C in the terminal reaches the runner, which then ends its workers.
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, start_new_session=True
        )
        self.job: Job | None = None
        self.ready = False
        self._payload: bytes | None = payload
        self.deadline = time.monotonic() + SECONDS_TO_START
        with contextlib.suppress(OSError):  # if it died at once, reading tells
            write_message(self._stdin, sys.path)
            write_message(self._stdin, payload)

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._process.pid

    def fileno(self) -> int:
        """Return the descriptor that is readable when the worker has something to say, or has died."""
        return self._stdout.fileno()

    def give(self, job: Job) -> None:
        """Let it compute ``job``."""
        self.job, self.deadline = job, time.monotonic() + job.time_limit
        with contextlib.suppress(OSError):
            write_message(self._stdin, job)

    def hear(self) -> Report | None:
        """Return its report, or None if what it says is that it is ready.

        Raises:
            WorkerBrokenError: it could not start; the message is its traceback.
            EOFError: it died.
        """
        message = read_message(self._stdout)
        if not self.ready:
            if message is not None:
                raise WorkerBrokenError(message)
            self.ready, self.deadline = True, float("inf")
            return None
        self.job, self.deadline = None, float("inf")
        return cast("Report", message)

    def compute(self, job: Job) -> Report:
        """Compute ``job`` and wait for it; a worker that dies or hangs is killed and makes the job fail.

        Raises:
            WorkerBrokenError: it could not start.
        """
        while True:
            if self.ready and self.job is None:
                self.give(job)
            if not select.select([self], [], [], max(0.0, min(self.deadline - time.monotonic(), 3600.0)))[0]:
                if time.monotonic() < self.deadline:
                    continue
                self.kill()
                return self.lost(job, hung=True)
            try:
                report = self.hear()
            except EOFError:
                self.kill()
                return self.lost(job, hung=False)
            if report is not None:
                return report

    def lost(self, job: Job, *, hung: bool) -> Failed:
        """Return the report on a job whose worker hung or died; the worker must have been killed."""
        if hung:
            error = f"the cell took longer than its limit of {job.time_limit:.6g} s, and its worker was stopped"
        else:
            code = self._process.returncode
            how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
            error = f"its worker {how} (out of memory, or a crash in a library)"
        return Failed(job.cell_id, error, error)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._stdin, self._stdout):
            with contextlib.suppress(OSError):
                pipe.close()

    @property
    def _stdin(self) -> IO[bytes]:
        return cast("IO[bytes]", self._process.stdin)

    @property
    def _stdout(self) -> IO[bytes]:
        return cast("IO[bytes]", self._process.stdout)


class WorkerBrokenError(RuntimeError):
    """Say that a worker process could not start; the message is its traceback."""


def pickled(experiment: Experiment) -> bytes:
    """Return ``experiment`` as bytes; a class defined in a script or a notebook travels with it."""
    import cloudpickle

    return bytes(cloudpickle.dumps(experiment))
