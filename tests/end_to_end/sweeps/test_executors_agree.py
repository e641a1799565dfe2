"""In this process (in one started with one thread), in worker processes and on Dask: the same table, bit for bit."""

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from deeplimits.experiments import sweep
from deeplimits.randomness import stable_hash
from deeplimits.sweeps import Store

GRID = {
    "num_networks": 300,
    "limits": ["log-gaussian"],
    "architecture": {"kind": "resnet", "width": [7, 33], "depth": 3},
}
TOYS = Path(__file__).parents[2] / "toy_experiments.py"

ONE_THREAD = {"OMP_NUM_THREADS": "1", "NPROC": "1", "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false"}

INLINE = """
import json, sys
from deeplimits.experiments import sweep
sweep(json.loads(sys.argv[1]), out=sys.argv[2], executor="inline", quiet=True)
"""

DASK = """
import json, sys
from distributed import Client, LocalCluster
from deeplimits.experiments import sweep
from deeplimits.sweeps.executors.dask import Dask
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        sweep(json.loads(sys.argv[1]), out=sys.argv[2], executor=Dask(client), quiet=True)
"""

DASK_KILLS = """
import os, random, signal, sys, threading, time
from distributed import Client, LocalCluster
from deeplimits.experiments import load
from deeplimits.sweeps import run_sweep
from deeplimits.sweeps.executors.dask import Dask
if __name__ == "__main__":
    moments, kills, done = random.Random(int(sys.argv[4])), 0, threading.Event()
    local = dict(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50)
    with LocalCluster(**local) as cluster, Client(cluster) as client:
        def killer():
            global kills
            while not done.is_set() and kills < int(sys.argv[3]):
                workers = list(client.run(os.getpid, on_error="ignore").values())
                if len(workers) == 2:
                    os.kill(moments.choice(workers), signal.SIGKILL)
                    kills += 1
                done.wait(moments.uniform(0.3, 1.5))
        experiment = load(sys.argv[1])
        executor = Dask(client)
        started = threading.Thread(target=killer)
        wait = executor.wait
        def first(seconds):
            if not started.is_alive() and not kills:
                started.start()
            return wait(seconds)
        executor.wait = first
        result = run_sweep(experiment, experiment.grid("quick"), out=sys.argv[2], executor=executor)
        done.set()
        started.join()
        print(kills, len(result.failures))
"""


def run_script(script: str, folder: Path, *arguments: str, pause: str = "0") -> str:
    (folder / "script.py").write_text(script)
    done = subprocess.run(
        [sys.executable, str(folder / "script.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, **ONE_THREAD, "TOY_PAUSE": pause},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def bits(table: pl.DataFrame) -> list[list[str]]:
    """Return every value so that two are equal only if their bits are."""
    return [[v.hex() if isinstance(v, float) else repr(v) for v in column.to_list()] for column in table.get_columns()]


def test_inline_is_processes_is_dask(tmp_path: Path) -> None:
    run_script(INLINE, tmp_path, json.dumps(GRID), str(tmp_path / "inline"))
    run_script(DASK, tmp_path, json.dumps(GRID), str(tmp_path / "dask"))
    processes = sweep(GRID, executor=2, quiet=True)
    inline, dask = (Store.open(tmp_path / name).table() for name in ("inline", "dask"))
    assert len(processes) >= 8
    assert inline.schema == dask.schema == processes.schema
    assert bits(inline) == bits(processes)
    assert bits(dask) == bits(processes)


def test_the_comparison_sees_a_single_bit() -> None:
    table = pl.DataFrame({"mean": [0.1, None, 3.0]})
    changed = table.with_columns(pl.col("mean") * (1 + 2**-52))
    assert bits(changed) != bits(table)


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.slow)])
def test_killed_dask_workers_lose_nothing(whole: pl.DataFrame, tmp_path: Path, kills: int) -> None:
    seed = str(stable_hash({"test": "killed dask workers", "kills": kills}))
    pause = "0.02" if kills < 10 else "0.15"
    killed, failed = map(
        int,
        run_script(
            DASK_KILLS, tmp_path, f"{TOYS}:Squares", str(tmp_path / "run"), str(kills), seed, pause=pause
        ).split(),
    )
    assert killed >= kills // 2
    assert failed == 0
    assert Store.open(tmp_path / "run").table().equals(whole)
