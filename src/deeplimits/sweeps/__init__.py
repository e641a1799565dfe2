"""The engine of every experiment: cells, the store that keeps them, the executors that compute them, and claims.

Names are imported when they are first used, so that a worker process starts without what only a runner needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deeplimits.sweeps.cell import Cell
    from deeplimits.sweeps.claims import Claim, Judgement, judge_claims
    from deeplimits.sweeps.distances import Distance, LawDistance, MomentDistance, law_distances, moment_distances
    from deeplimits.sweeps.events import Event, Observer
    from deeplimits.sweeps.executors import Executor, ExecutorError, Inline, Processes
    from deeplimits.sweeps.experiment import SCALES, Experiment
    from deeplimits.sweeps.experiment_figure import ExperimentFigure
    from deeplimits.sweeps.grid import Grid
    from deeplimits.sweeps.runner import SweepInterrupted, SweepResult, run_sweep
    from deeplimits.sweeps.store import Store

_HOME = {
    "SCALES": "experiment",
    "Cell": "cell",
    "Claim": "claims",
    "Distance": "distances",
    "Event": "events",
    "Executor": "executors",
    "ExecutorError": "executors",
    "Experiment": "experiment",
    "ExperimentFigure": "experiment_figure",
    "Grid": "grid",
    "Inline": "executors",
    "Judgement": "claims",
    "LawDistance": "distances",
    "MomentDistance": "distances",
    "Observer": "events",
    "Processes": "executors",
    "Store": "store",
    "SweepInterrupted": "runner",
    "SweepResult": "runner",
    "judge_claims": "claims",
    "law_distances": "distances",
    "moment_distances": "distances",
    "run_sweep": "runner",
}

__all__ = [
    "SCALES",
    "Cell",
    "Claim",
    "Distance",
    "Event",
    "Executor",
    "ExecutorError",
    "Experiment",
    "ExperimentFigure",
    "Grid",
    "Inline",
    "Judgement",
    "LawDistance",
    "MomentDistance",
    "Observer",
    "Processes",
    "Store",
    "SweepInterrupted",
    "SweepResult",
    "judge_claims",
    "law_distances",
    "moment_distances",
    "run_sweep",
]


def __getattr__(name: str) -> object:
    """Import ``name`` when it is first asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value
