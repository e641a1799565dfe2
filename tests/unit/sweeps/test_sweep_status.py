"""What a store tells of itself, also with the run killed, cells failed and files damaged."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deeplimits.sweeps import Experiment, Grid, Store, SweepResult
from deeplimits.sweeps.status import in_words, status, stores_in

Run = Callable[..., SweepResult]
Toy = Callable[[str], Experiment]


def test_everything_is_there(toy: Toy, run: Run, tmp_path: Path) -> None:
    run(toy("Quick"), scale="quick")
    found = status(Store.open(tmp_path / "run"))
    assert (found["cells"], found["finished"], found["missing"], found["failed"]) == (40, 40, 0, [])
    assert found["running"] is None
    words = in_words(found)
    assert "quick-squares version 1, scale quick, seed 0" in words
    assert "40 of 40 finished, 0 failed, 0 missing" in words
    json.dumps(found, allow_nan=False)


def test_failed_missing_damaged_and_foreign_are_counted(toy: Toy, run: Run, tmp_path: Path) -> None:
    experiment = toy("Faulty")
    run(experiment, Grid.product({"behave": ["well", "raise"], "i": [0, 1]}))
    run(experiment, Grid.product({"behave": ["well"], "i": [0, 1, 2]}))
    (chunk, _) = sorted((tmp_path / "run" / "chunks").iterdir(), key=lambda path: path.stat().st_mtime)
    chunk.write_bytes(b"")
    found = status(Store.open(tmp_path / "run"))
    assert (found["cells"], found["finished"], found["missing"]) == (3, 1, 2)
    assert found["damaged"] == [str(chunk)]
    assert found["failed"] == []
    run(experiment, Grid.product({"behave": ["well", "raise"], "i": [0]}))
    found = status(Store.open(tmp_path / "run"))
    assert (found["cells"], found["finished"], found["missing"]) == (2, 1, 0)
    assert [failure["error"] for failure in found["failed"]] == ["ZeroDivisionError: a cell that fails"]
    assert (found["not_in_grid"], found["set_aside"], found["damaged"]) == (1, 1, [])
    assert "1 finished cells are not in this grid; they are kept" in in_words(found)


def test_a_killed_run_is_told_from_one_that_runs(toy: Toy, run: Run, tmp_path: Path) -> None:
    run(toy("Quick"))
    path = tmp_path / "run" / "provenance.json"
    content = json.loads(path.read_text())
    content["runs"][-1].update(ended=None, command="deeplimits reproduce it")
    path.write_text(json.dumps(content))
    words = in_words(status(Store.open(tmp_path / "run")))
    assert "the last of 1 was killed; run the same command again to go on: deeplimits reproduce it" in words


def test_a_folder_of_stores(toy: Toy, run: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(toy("Quick"), Grid.product({"i": [1]}), out=tmp_path / "all" / name)
    assert [store.folder.name for store in stores_in(tmp_path / "all")] == ["a", "b"]
    with pytest.raises(ValueError, match="holds no sweep"):
        stores_in(tmp_path / "all" / "a" / "chunks")


def test_it_needs_neither_jax_nor_the_experiment(toy: Toy, run: Run, tmp_path: Path) -> None:
    run(toy("Quick"))
    code = (
        "import sys; from deeplimits.cli.main import run; code = run(['status', sys.argv[1]]);"
        "print(code, sorted({'jax', 'scipy', 'matplotlib', 'cloudpickle', 'dask'} & set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "run")], capture_output=True, text=True, check=True
    )
    assert shown.stdout.splitlines()[-1] == "0 []"
