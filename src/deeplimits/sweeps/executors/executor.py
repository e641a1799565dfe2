"""Where cells are computed: the small interface behind which this process, others or a cluster do it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from deeplimits.sweeps.experiment import Experiment
from deeplimits.sweeps.results import Job, Report


class ExecutorError(RuntimeError):
    """Say why no more cells can be computed (no worker starts, the cluster is gone)."""


class Executor(ABC):
    """Compute cells, several at once, in no particular order.

    A worker that dies or hangs makes its own job fail and no other. An executor is started once, and closed.
    """

    @property
    @abstractmethod
    def workers(self) -> int:
        """How many cells are computed at once."""

    @property
    def capacity(self) -> int:
        """How many jobs are worth submitting ahead; the rest stays with the runner, longest first."""
        return self.workers

    @abstractmethod
    def start(self, experiment: Experiment) -> None:
        """Prepare to compute cells of ``experiment``."""

    @abstractmethod
    def submit(self, job: Job) -> None:
        """Take a job."""

    @abstractmethod
    def wait(self, seconds: float) -> Sequence[Report]:
        """Return what has finished or failed, after at most about ``seconds``; an empty sequence if nothing has.

        Raises:
            ExecutorError: no more cells can be computed.
        """

    @abstractmethod
    def close(self) -> None:
        """Stop at once, abandoning jobs in flight; closing twice is harmless."""
