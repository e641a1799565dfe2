"""Sweeps run by the command line in processes of their own, so that they can be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from deeplimits.experiments import load, sweep
from deeplimits.sweeps import Store

TOYS = Path(__file__).parents[2] / "toy_experiments.py"


# Not by a function between fork and exec: that is unsafe in a process with threads, as this one is with JAX loaded.
LIMITED = (
    "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}));"
    "runpy.run_module('deeplimits', run_name='__main__')"
)


class Runner:
    """Start ``deeplimits reproduce`` on a toy experiment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen[str]] = []

    def start(
        self, name: str, out: Path, *options: str, largest_file: int | None = None, **popen: object
    ) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "deeplimits", "reproduce", f"{TOYS}:{name}", "--out", str(out), *options]
        if largest_file is not None:
            command[1:3] = ["-c", LIMITED.format(largest_file)]
        environment = {**os.environ, "TOY_MARKS": str(self.folder / "marks")}
        process = subprocess.Popen(  # type: ignore[call-overload]
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, **popen
        )
        self.started.append(process)
        return process  # type: ignore[no-any-return]

    def finish(self, name: str, out: Path, *options: str) -> tuple[int, str, str]:
        process = self.start(name, out, *options)
        stdout, stderr = process.communicate(timeout=120)
        return process.returncode, stdout, stderr

    def close(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.communicate()


@pytest.fixture
def runner(tmp_path: Path):  # type: ignore[no-untyped-def]
    made = Runner(tmp_path)
    yield made
    made.close()


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> pl.DataFrame:
    """Return the table of ``Squares`` computed in this process, undisturbed."""
    monkeypatch.setenv("TOY_PAUSE", "0")
    table = sweep(load(f"{TOYS}:Squares"), executor="inline", quiet=True)
    monkeypatch.delenv("TOY_PAUSE")
    return table


@pytest.fixture
def table_of() -> Callable[[Path], pl.DataFrame]:
    return lambda folder: Store.open(folder).table()


@pytest.fixture
def wait_for() -> Callable[..., None]:
    def wait(condition: Callable[[], bool], seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.01)

    return wait


@pytest.fixture
def some_saved(wait_for: Callable[..., None]) -> Callable[[Path], None]:
    """Wait until a store holds a chunk."""
    return lambda folder: wait_for(lambda: any((folder / "chunks").glob("chunk-*")))


def kill(process: "subprocess.Popen[str]") -> bool:
    """Kill -9; return whether it was still running."""
    process.send_signal(signal.SIGKILL)
    process.wait()
    return process.returncode == -signal.SIGKILL


@pytest.fixture(name="kill")
def kill_fixture() -> Callable[..., bool]:
    return kill
