"""Cells in this process, one after another: for debugging, and where processes cannot be started."""

from __future__ import annotations

from collections.abc import Sequence

from deeplimits.sweeps.environment import environment_id, versions
from deeplimits.sweeps.executors.executor import Executor
from deeplimits.sweeps.executors.perform import perform
from deeplimits.sweeps.experiment import Experiment
from deeplimits.sweeps.results import Job, Report


class Inline(Executor):
    """Compute each cell in this process; a cell that hangs hangs the sweep, and one that kills kills it."""

    def __init__(self) -> None:
        self._experiment: Experiment | None = None
        self._environment = ""
        self._job: Job | None = None

    @property
    def workers(self) -> int:
        """One."""
        return 1

    def start(self, experiment: Experiment) -> None:
        """Remember the experiment."""
        self._experiment = experiment
        self._environment = environment_id(versions(experiment.libraries))

    def submit(self, job: Job) -> None:
        """Remember the job; `wait` computes it."""
        self._job = job

    def wait(self, seconds: float) -> Sequence[Report]:
        """Compute the job submitted last, however long it takes."""
        if self._job is None or self._experiment is None:
            return ()
        job, self._job = self._job, None
        return (perform(self._experiment, job, self._environment),)

    def close(self) -> None:
        """Forget the experiment."""
        self._experiment = self._job = None
