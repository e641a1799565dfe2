"""Ctrl-C, a full disk, paths that cannot be, cells that fail, die and hang: nothing lost, and the way on is said."""

import json
import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from deeplimits.sweeps import Store

TableOf = Callable[[Path], pl.DataFrame]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_ctrl_c(
    runner: Any,
    some_saved: Callable[[Path], None],
    table_of: TableOf,
    whole: pl.DataFrame,
    tmp_path: Path,
    workers: str,
) -> None:
    out = tmp_path / "run"
    # As a terminal does it: to the whole group, the runner's workers included if they were in it.
    process = runner.start("Squares", out, "--workers", workers, start_new_session=True)
    some_saved(out)
    assert process.poll() is None
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    finished = table_of(out)["i"].n_unique()
    assert 0 < finished < 200
    assert f"interrupted: {finished} of 200 cells are saved in {out}; run the same command again to go on" in err
    assert "Traceback" not in err
    code, _, err = runner.finish("Squares", out, "--workers", workers)
    assert code == 0
    assert f"computed {200 - finished}, reused {finished}" in err
    assert table_of(out).equals(whole)


def test_a_full_disk(runner: Any, table_of: TableOf, whole: pl.DataFrame, tmp_path: Path) -> None:
    out = tmp_path / "run"
    process = runner.start("Squares", out, "--workers", "1", largest_file=1000)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert f"{out} cannot be written: File too large; what was saved before is safe; make room" in err
    assert "Traceback" not in err
    assert all(path.stat().st_size <= 1000 for path in out.rglob("*") if path.is_file())
    code, _, err = runner.finish("Squares", out, "--workers", "2")
    assert code == 0, err
    assert table_of(out).equals(whole)


def test_a_disk_that_fills_half_way(
    runner: Any, some_saved: Callable[[Path], None], table_of: TableOf, whole: pl.DataFrame, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    process = runner.start("Squares", out, "--workers", "2")
    some_saved(out)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (100, 100))
    _, err = process.communicate(timeout=60)
    assert process.returncode == 3
    saved = table_of(out)["i"].n_unique()
    assert 0 < saved < 200
    assert f"cannot be written: File too large; {saved} finished cells are saved there" in err
    assert "run the same command again to go on" in err
    assert [path.name for path in out.rglob(".*")] == []
    code, _, err = runner.finish("Squares", out, "--workers", "2")
    assert code == 0
    assert f"reused {saved}" in err
    assert table_of(out).equals(whole)


@pytest.mark.parametrize("out", ["file", "file/run", "/proc/run", "full"])
def test_paths_where_nothing_can_be(runner: Any, tmp_path: Path, out: str) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.tex").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    code, stdout, err = runner.finish("Quick", tmp_path / out)
    assert code == 2
    assert stdout == ""
    assert len(err.splitlines()) == 1
    assert "; give a" in err or "give another folder" in err
    assert sorted(tmp_path.rglob("*")) == before


def test_failing_dying_and_hanging_cells(runner: Any, table_of: TableOf, tmp_path: Path) -> None:
    out = tmp_path / "run"
    code, stdout, err = runner.finish("Faulty", out, "--workers", "2", "--timeout", "1", "--json")
    assert code == 4
    found = json.loads(stdout)
    # What failed was really tried, twice, and what is well was not disturbed.
    attempts = {path.name: len(path.read_bytes()) for path in (tmp_path / "marks").iterdir()}
    assert all(attempts[f"{name}-{i}"] == 2 for name in ("raise", "die", "hang", "exit") for i in (0, 1))
    assert sorted({failure["fields"]["behave"] for failure in found["failed"]}) == [
        "die",
        "exit",
        "hang",
        "mix",
        "raise",
    ]
    assert set(table_of(out)["behave"]) == {"well", "raise-once", "die-once"}
    events = [json.loads(line) for line in err.splitlines()]
    assert {event["event"] for event in events} >= {"begun", "progress", "retried", "failed", "ended"}
    records = Store.open(out).failures()
    assert len(records) == len(found["failed"]) == 10
    assert any("a cell that fails" in record["traceback"] for record in records)
