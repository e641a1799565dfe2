"""Worker processes: pinned, single-threaded, and alone in their death."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deeplimits.sweeps import Event, Experiment, Grid, Processes, SweepResult
from deeplimits.sweeps.executors import ExecutorError
from deeplimits.sweeps.executors.cores import usable_cores

TOYS = Path(__file__).parents[2] / "toy_experiments.py"
Run = Callable[..., SweepResult]
Toy = Callable[[str], Experiment]


class Environment(Experiment):
    """Cells that tell where they are computed. Travels by value, as from a script or a notebook."""

    name = "environment"
    libraries = ("numpy",)

    def grid(self, scale: str) -> Grid:
        return Grid.product({"i": range(4)})

    def run(self, cell, seed):  # type: ignore[no-untyped-def]
        import os
        import sys
        import time

        time.sleep(0.2)
        print("this goes to stderr, not into the pipe")
        affinity = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else []
        yield {
            "pid": os.getpid(),
            "cores": len(affinity),
            "core": min(affinity, default=-1),
            "threads": os.environ["OMP_NUM_THREADS"],
            "flags": os.environ["XLA_FLAGS"],
            "standard_input": sys.stdin.read(),
            "session": os.getsid(0),
        }


def by_value(experiment: Experiment) -> Experiment:
    import sys

    import cloudpickle

    cloudpickle.register_pickle_by_value(sys.modules[type(experiment).__module__])
    return experiment


def test_workers_are_pinned_with_one_thread_in_a_session_of_their_own(run: Run) -> None:
    table = run(by_value(Environment()), executor=Processes(2)).table
    assert table["pid"].n_unique() == 2
    assert os.getpid() not in set(table["pid"])
    assert set(table["threads"]) == {"1"}
    assert all("--xla_cpu_multi_thread_eigen=false" in flags for flags in table["flags"])
    assert set(table["standard_input"]) == {""}
    assert os.getsid(0) not in set(table["session"])
    if None not in usable_cores():
        assert set(table["cores"]) == {1}
        assert table["core"].n_unique() == min(2, len(usable_cores()))


def test_dead_and_hanging_workers_take_only_their_own_cell(
    toy: Toy, run: Run, tmp_path: Path, events: list[Event]
) -> None:
    result = run(toy("Faulty"), executor=Processes(2), time_limit=1.0)
    outcomes = {(failure["fields"]["behave"], failure["fields"]["i"]): failure["error"] for failure in result.failures}
    attempts = {path.name: len(path.read_bytes()) for path in (tmp_path / "marks").iterdir()}
    for i in (0, 1):
        assert attempts[f"die-{i}"] == attempts[f"hang-{i}"] == attempts[f"die-once-{i}"] == 2
        assert attempts[f"well-{i}"] == 1
        assert outcomes["die", i] == "its worker was killed by signal 9 (out of memory, or a crash in a library)"
        assert outcomes["hang", i] == "the cell took longer than its limit of 1 s, and its worker was stopped"
        assert outcomes["raise", i] == "ZeroDivisionError: a cell that fails"
        assert outcomes["exit", i] == "SystemExit: 7"
    assert {behaviour for behaviour, _ in outcomes} == {"die", "hang", "raise", "exit", "mix"}
    assert set(result.table["behave"]) == {"well", "raise-once", "die-once"}


def test_no_worker_outlives_the_sweep(toy: Toy, run: Run) -> None:
    executor = Processes(2)
    seen: set[int] = set()
    wait = executor.wait

    def watch(seconds: float):  # type: ignore[no-untyped-def]
        seen.update(executor.pids)
        return wait(seconds)

    executor.wait = watch  # type: ignore[method-assign]
    run(toy("Quick"), executor=executor)
    assert len(seen) == 2
    for pid in seen:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_worker_ends_with_its_runner_also_in_mid_cell(toy: Toy, tmp_path: Path) -> None:
    """The runner here is a process that is killed: its worker, asleep in a cell, must not live on."""
    import subprocess
    import sys

    code = (
        "import sys; from deeplimits.experiments import load; from deeplimits.sweeps import *;"
        "e = load(sys.argv[1]); g = Grid.product({'behave': ['hang'], 'i': [0]}); x = Processes(1);"
        "old = x.wait; x.wait = lambda s: (print(*x.pids, flush=True), old(s))[1];"
        "run_sweep(e, g, out=sys.argv[2], executor=x)"
    )
    runner = subprocess.Popen(
        [sys.executable, "-c", code, f"{TOYS}:Faulty", str(tmp_path / "run")], stdout=subprocess.PIPE, text=True
    )
    assert runner.stdout is not None
    pid = int(runner.stdout.readline())
    wait_for(lambda: (tmp_path / "marks" / "hang-0").exists())
    os.kill(pid, 0)
    runner.kill()
    runner.wait()
    runner.stdout.close()
    wait_for(lambda: not is_alive(pid))


def test_workers_that_do_not_start_are_said(toy: Toy, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deeplimits.sweeps.executors.processes.pickled", lambda experiment: b"no pickle")
    with pytest.raises(ExecutorError, match=r"the worker processes do not start: .*Unpickling"):
        run(toy("Quick"), executor=Processes(1))
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(ExecutorError, match="the worker processes do not start: each dies while it starts"):
        run(toy("Quick"), executor=Processes(1))


def test_random_kills_of_workers_change_nothing(
    toy: Toy, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    experiment = toy("Squares")
    monkeypatch.setenv("TOY_PAUSE", "0.02")
    grid = Grid.product({"i": range(60)})
    whole = run(experiment, grid, out=tmp_path / "whole")
    executor, kills, done = Processes(2), [], threading.Event()

    def killer() -> None:
        while not done.wait(0.1):
            busy = [worker.pid for worker in list(executor._workers.values()) if worker.job is not None]
            if busy:
                os.kill(busy[0], signal.SIGKILL)
                kills.append(busy[0])

    thread = threading.Thread(target=killer)
    thread.start()
    try:
        result = run(experiment, grid, executor=executor)
    finally:
        done.set()
        thread.join()
    assert kills
    # A cell whose worker was killed twice has failed, as it should; the next run computes it.
    assert len(result.table) == len(whole.table) - 3 * len(result.failures)
    assert run(experiment, grid).table.equals(whole.table)


@pytest.mark.parametrize("workers", [0, -1, 1.5, True])
def test_not_a_number_of_workers(workers: object) -> None:
    with pytest.raises(ValueError, match="workers must be an integer of at least 1"):
        Processes(workers)  # type: ignore[arg-type]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_no_scheduler_is_said_at_once() -> None:
    from deeplimits.sweeps.executors.dask import Dask

    with pytest.raises(ValueError, match=r"no Dask scheduler answers at 'tcp://127.0.0.1:9'"):
        Dask("tcp://127.0.0.1:9")


def test_dask_is_imported_by_its_executor_alone() -> None:
    import re

    import deeplimits.sweeps as sweeps

    package = Path(sweeps.__file__).parents[1]
    users = [
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(r"^\s*(import|from) (dask|distributed)\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert users == ["sweeps/executors/dask.py"]
