"""Kill -9 of the runner at random moments: after resuming, the table of an uninterrupted run."""

import random
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from deeplimits.randomness import stable_hash
from deeplimits.sweeps import Store

SECONDS = 4.5  # about how long the whole sweep takes: starting, 200 cells of 20 ms on two workers


def kill_and_resume(
    runner: Any, kill: Callable[..., bool], whole: pl.DataFrame, folder: Path, kills: int, seed: int
) -> dict[str, int]:
    """Kill ``kills`` runs at random moments, each store resumed until it is whole, and compare with an unkilled run."""
    moments = random.Random(seed)
    assert len(whole) == 600
    counts = {"killed": 0, "killed with cells saved": 0, "resumed": 0}
    while counts["killed"] < kills:
        store = folder / "run"
        shutil.rmtree(store, ignore_errors=True)
        while True:
            process = runner.start("Squares", store, "--workers", "2", "--quiet")
            try:
                process.wait(timeout=moments.uniform(0, SECONDS))
                break
            except subprocess.TimeoutExpired:  # still running: the moment has come
                counts["killed"] += kill(process)
                counts["killed with cells saved"] += any((store / "chunks").glob("chunk-*"))
            if counts["killed"] >= kills:
                break
        code, _, err = runner.finish("Squares", store, "--workers", "2")
        assert code == 0, err
        computed, reused = map(int, re.search(r"computed (\d+), reused (\d+)", err).groups())  # type: ignore[union-attr]
        assert computed + reused == 200
        counts["resumed"] += reused > 0
        assert Store.open(store).table().equals(whole)
        left = sorted(path.name for path in store.rglob("*") if path.name.startswith(".") or path.name == "lock")
        assert left == []
    return counts


def test_a_few_kills(runner: Any, kill: Callable[..., bool], whole: pl.DataFrame, tmp_path: Path) -> None:
    counts = kill_and_resume(runner, kill, whole, tmp_path, kills=3, seed=stable_hash({"test": "a few kills"}))
    assert counts["killed"] == 3


@pytest.mark.slow
def test_fifty_kills(runner: Any, kill: Callable[..., bool], whole: pl.DataFrame, tmp_path: Path) -> None:
    counts = kill_and_resume(runner, kill, whole, tmp_path, kills=50, seed=stable_hash({"test": "fifty kills"}))
    print(counts)
    assert counts["killed"] == 50
    # Kills that find nothing saved would show nothing.
    assert counts["killed with cells saved"] >= 10
    assert counts["resumed"] >= 3


def test_a_store_can_be_read_while_it_is_written_and_after_a_kill(
    runner: Any, kill: Callable[..., bool], some_saved: Callable[[Path], None], tmp_path: Path
) -> None:
    out = tmp_path / "run"
    process = runner.start("Squares", out, "--workers", "2", "--quiet")
    some_saved(out)
    seen = 0
    while seen < 50:
        assert process.poll() is None
        seen = max(seen, Store.open(out).table()["i"].n_unique())
    assert Store.open(out).runner()["pid"] == process.pid
    assert kill(process)
    assert 50 <= Store.open(out).table()["i"].n_unique() < 200
    assert Store.open(out).runner() == {}
    assert Store.open(out).table(missing=True)["i"].n_unique() == 200


def test_two_runners_are_one_too_many(runner: Any, some_saved: Callable[[Path], None], tmp_path: Path) -> None:
    out = tmp_path / "run"
    first = runner.start("Squares", out, "--workers", "1", "--quiet")
    some_saved(out)
    code, stdout, err = runner.finish("Squares", out, "--workers", "1")
    assert first.poll() is None
    assert code == 2
    assert stdout == ""
    assert f"is being written by another run (process {first.pid} on " in err
    first.wait(timeout=60)
    assert first.returncode == 0
    assert len(Store.open(out).table()) == 600
