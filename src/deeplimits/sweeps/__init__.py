"""The engine of every experiment: cells, the store that keeps them, the executors that compute them, and claims."""

from deeplimits.sweeps.cell import Cell
from deeplimits.sweeps.claims import Claim, Judgement, judge_claims
from deeplimits.sweeps.distances import Distance, LawDistance, MomentDistance, law_distances, moment_distances
from deeplimits.sweeps.events import Event, Observer
from deeplimits.sweeps.executors import Executor, ExecutorError, Inline, Processes
from deeplimits.sweeps.experiment import SCALES, Experiment
from deeplimits.sweeps.grid import Grid
from deeplimits.sweeps.runner import SweepInterrupted, SweepResult, run_sweep
from deeplimits.sweeps.store import Store

__all__ = [
    "SCALES",
    "Cell",
    "Claim",
    "Distance",
    "Event",
    "Executor",
    "ExecutorError",
    "Experiment",
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
