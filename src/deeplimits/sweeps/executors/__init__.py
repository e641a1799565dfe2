"""Executors: this process, processes pinned to the cores of this machine, or a Dask cluster."""

from deeplimits.sweeps.executors.executor import Executor, ExecutorError
from deeplimits.sweeps.executors.inline import Inline
from deeplimits.sweeps.executors.processes import Processes

__all__ = ["Executor", "ExecutorError", "Inline", "Processes"]
