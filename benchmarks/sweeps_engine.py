"""What the sweep engine costs: per trivial cell, per resume, and how well workers are used.

    python benchmarks/sweeps_engine.py [trivial] [resume] [workers] [dask]

Prints one JSON object a line. Each figure is the best of three runs but for ``dask``; run it on an idle machine.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from deeplimits.sweeps import Experiment, Grid, Inline, Processes, run_sweep


class Trivial(Experiment):
    """10,000 cells that cost nothing: the time is the engine's and the store's."""

    name = "trivial"
    libraries = ("deeplimits", "numpy")

    def grid(self, scale):
        return Grid.product({"i": range(10_000)})

    def run(self, cell, seed):
        yield {"square": cell["i"] ** 2, "seed_used": seed}

    def cost(self, cell):
        return 1e-4


class RandomNumbers(Experiment):
    """40 cells of about half a second of random numbers."""

    name = "random-numbers"
    libraries = ("deeplimits", "numpy")

    def grid(self, scale):
        return Grid.product({"i": range(40)})

    def run(self, cell, seed):
        generator = np.random.default_rng(seed)
        yield {"mean": float(np.mean([generator.standard_normal(100_000).mean() for _ in range(400)]))}

    def cost(self, cell):
        return 0.5


class Sleep(Experiment):
    """Cells of one second that need no processor."""

    name = "sleep"
    libraries = ("deeplimits", "numpy")

    def grid(self, scale):
        return Grid.product({"i": range(480)})

    def run(self, cell, seed):
        time.sleep(1.0)
        yield {"i_again": cell["i"] + 0.0}


def seconds(experiment, folder, executor):
    started = time.perf_counter()
    result = run_sweep(experiment, experiment.grid("quick"), out=folder, executor=executor)
    return time.perf_counter() - started, result


def busy_seconds(experiment, folder, executor):
    """Return the time from the first cell's start to the end: without starting workers, which is once per run."""
    marks = []

    def observer(event):
        if event.kind == "progress" and event.data["computed"] and not marks:
            marks.append((time.perf_counter(), event.data["computed"]))

    result = run_sweep(experiment, experiment.grid("quick"), out=folder, executor=executor, observer=observer)
    ended = time.perf_counter()
    first, computed = marks[0]
    return (ended - first) / (result.computed - computed)


def trivial(folder):
    for name, executor in (("inline", Inline), ("1 process", lambda: Processes(1))):
        best = min(seconds(Trivial(), folder / f"{name}{i}", executor())[0] for i in range(3))
        yield {"benchmark": "trivial", "executor": name, "ms_per_cell": round(best / 10, 3)}


def resume(folder):
    seconds(Trivial(), folder / "run", Inline())
    took = [seconds(Trivial(), folder / "run", Inline()) for _ in range(3)]
    assert all(result.reused == 10_000 and result.computed == 0 for _, result in took)
    yield {"benchmark": "resume of 10,000 finished cells", "seconds": round(min(s for s, _ in took), 3)}


def workers(folder):
    per_cell = {
        count: min(busy_seconds(RandomNumbers(), folder / f"{count}-{i}", Processes(count)) for i in range(3))
        for count in (1, 2)
    }
    yield {
        "benchmark": "2 pinned workers on cells bound by random numbers",
        "seconds_per_cell": {count: round(value, 4) for count, value in per_cell.items()},
        "speedup": round(per_cell[1] / per_cell[2], 3),
    }


def dask(folder):
    from distributed import Client, LocalCluster

    from deeplimits.sweeps.executors.dask import Dask

    experiment, marks = Sleep(), []

    def observer(event):
        if event.kind == "progress" and event.data["computed"]:
            marks.append((time.perf_counter(), event.data["computed"]))

    with LocalCluster(n_workers=16, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        started = time.perf_counter()
        grid = experiment.grid("quick")
        run_sweep(experiment, grid, out=folder / "dask", executor=Dask(client), observer=observer)
        whole = time.perf_counter() - started
    (begin, first), (end, last) = marks[0], marks[-1]
    yield {
        "benchmark": "16 Dask workers, 480 cells that sleep 1 s",
        "seconds": round(whole, 2),
        "efficiency": round(last / 16 / whole, 3),
        "efficiency_once_started": round((last - first) / 16 / (end - begin), 3),
        "note": "from the command to the table; once started: from the first report to the last. Until the first, 16 "
        "processes are started and load the experiment, here on the few cores of one machine",
    }


if __name__ == "__main__":
    chosen = sys.argv[1:] or ["trivial", "resume", "workers", "dask"]
    for name in chosen:
        with tempfile.TemporaryDirectory() as temporary:
            for figure in globals()[name](Path(temporary)):
                print(
                    json.dumps({**figure, "cores": len(os.sched_getaffinity(0)), "load": os.getloadavg()[0]}),
                    flush=True,
                )
