"""What a run computes, reuses, refuses and records."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from deeplimits.sweeps import Event, Experiment, Grid, Inline, Store, SweepInterrupted, SweepResult
from deeplimits.sweeps.executors import ExecutorError
from deeplimits.sweeps.store_writer import SaveError

Run = Callable[..., SweepResult]
Toy = Callable[[str], Experiment]


@pytest.fixture
def quick(toy: Toy) -> Experiment:
    return toy("Quick")


def test_a_table_in_the_order_of_the_grid(quick: Experiment, run: Run) -> None:
    result = run(quick)
    assert result.table.columns == ["cell", "i", "seed", "draw", "j", "odd", "square"]
    assert result.table["i"].to_list() == [i for i in range(40) for _ in range(3)]
    assert result.table["square"].to_list() == [i * i for i in range(40) for _ in range(3)]
    assert (result.computed, result.reused) == (40, 0)


def test_nothing_is_computed_twice(quick: Experiment, run: Run, events: list[Event]) -> None:
    first = run(quick)
    second = run(quick)
    assert (second.computed, second.reused) == (0, 40)
    assert second.table.equals(first.table)
    assert [event.text for event in events if event.kind == "ended"] == [
        "computed 40, reused 0",
        "computed 0, reused 40",
    ]


def test_added_and_reordered_cells_leave_the_others_alone(quick: Experiment, run: Run) -> None:
    first = run(quick)
    wider = Grid.product({"i": [50, *reversed(range(40)), 60]})
    second = run(quick, wider)
    assert (second.computed, second.reused) == (2, 40)
    kept = second.table.filter(pl.col("i") < 40).sort("i", "j", maintain_order=True)
    assert kept.equals(first.table)


def test_a_smaller_grid_shows_its_own_cells_and_keeps_the_others(quick: Experiment, run: Run) -> None:
    first = run(quick)
    assert run(quick, Grid.product({"i": [3]})).table["i"].to_list() == [3, 3, 3]
    again = run(quick)
    assert (again.computed, again.reused) == (0, 40)
    assert again.table.equals(first.table)


def test_a_seed_gives_other_numbers(quick: Experiment, run: Run, tmp_path: Path) -> None:
    first, second = run(quick), run(quick, seed=1, out=tmp_path / "other")
    assert not set(first.table["draw"]) & set(second.table["draw"])


def test_two_experiments_are_not_mixed(toy: Toy, quick: Experiment, run: Run, tmp_path: Path) -> None:
    run(quick)
    before = {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}
    with pytest.raises(ValueError, match="holds a sweep of quick-squares, not of trivial"):
        run(toy("Trivial"))
    assert before == {path: path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file()}


def test_another_version_of_the_experiment_is_said_and_not_mixed(quick: Experiment, run: Run) -> None:
    run(quick)
    type(quick).version = 2
    with pytest.raises(ValueError, match=r"holds version 1 of quick-squares, and this is version 2: .* another folder"):
        run(quick)


def test_other_versions_of_libraries_are_said_and_mixed_only_when_allowed(
    quick: Experiment, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = run(quick, Grid.product({"i": range(5)}))
    found = {"python": "3.11", "deeplimits": "0.1.0", "numpy": "99.0"}
    for module in ("runner", "provenance", "executors.inline"):
        monkeypatch.setattr(f"deeplimits.sweeps.{module}.versions", lambda libraries: found)
    with pytest.raises(ValueError, match=r"5 finished cells in .* were computed with numpy .* \(now 99.0\)"):
        run(quick)
    mixed = run(quick, mix_versions=True)
    assert (mixed.computed, mixed.reused) == (35, 5)
    assert mixed.table.head(15).equals(first.table)
    provenance = json.loads((tmp_path / "run" / "provenance.json").read_text())
    assert {versions["numpy"] for versions in provenance["environments"].values()} == {
        "99.0",
        *(versions["numpy"] for versions in provenance["environments"].values() if versions is not found),
    }
    assert len(provenance["environments"]) == 2


def test_another_python_is_no_other_meaning(quick: Experiment, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from deeplimits.sweeps.environment import versions

    run(quick)
    for module in ("runner", "provenance", "executors.inline"):
        monkeypatch.setattr(
            f"deeplimits.sweeps.{module}.versions", lambda libraries: {**versions(libraries), "python": "9.9"}
        )
    assert run(quick).reused == 40


def test_a_worker_with_other_versions_is_not_listened_to(
    quick: Experiment, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deeplimits.sweeps.executors.inline.versions", lambda libraries: {"numpy": "0.1"})
    with pytest.raises(ExecutorError, match="a worker runs other versions of the libraries than this process"):
        run(quick)


def test_damaged_and_foreign_files_are_set_aside_and_their_cells_computed_again(
    quick: Experiment, run: Run, events: list[Event], tmp_path: Path
) -> None:
    first = run(quick, Grid.product({"i": range(20)}))
    (early,) = (tmp_path / "run" / "chunks").iterdir()
    whole = run(quick)
    early.write_bytes(early.read_bytes()[:-100])
    (early.parent / "notes.txt").write_text("mine")
    events.clear()
    again = run(quick)
    assert (again.computed, again.reused) == (20, 20)
    assert again.table.equals(whole.table)
    assert again.table.head(60).equals(first.table)
    notes = [event.text for event in events if event.kind == "note"]
    assert len(notes) == 2
    assert all("was set aside in" in note and "computed again" in note for note in notes)
    assert {path.name for path in (tmp_path / "run" / "set-aside").iterdir()} == {early.name, "notes.txt"}


def test_failed_cells_are_recorded_and_the_rest_goes_on(
    toy: Toy, run: Run, events: list[Event], tmp_path: Path
) -> None:
    experiment = toy("Faulty")
    behaviours = ["well", "raise", "raise-once", "exit", "mix"]
    result = run(experiment, Grid.product({"behave": behaviours, "i": [0, 1]}))
    assert set(result.table["behave"]) == {"well", "raise-once"}
    errors = {(failure["fields"]["behave"], failure["error"]) for failure in result.failures}
    assert errors == {
        ("raise", "ZeroDivisionError: a cell that fails"),
        ("exit", "SystemExit: 7"),
        ("mix", "column 'value' holds numbers in one place and text in another"),
    }
    assert 'raise ZeroDivisionError("a cell that fails")' in str([failure["traceback"] for failure in result.failures])
    attempts = {path.name: len(path.read_bytes()) for path in (tmp_path / "marks").iterdir()}
    assert attempts["raise-0"] == attempts["exit-1"] == attempts["raise-once-0"] == 2
    assert attempts["well-0"] == 1
    assert sum(event.kind == "retried" for event in events) == 8
    assert sum(event.kind == "failed" for event in events) == 6


def test_failed_cells_are_tried_again_by_the_next_run(toy: Toy, run: Run, tmp_path: Path) -> None:
    experiment = toy("Faulty")
    grid = Grid.product({"behave": ["raise-once"], "i": [0, 1]})
    (tmp_path / "marks").mkdir()
    type(experiment).run_as_written = type(experiment).run  # type: ignore[attr-defined]

    def broken(self: Any, cell: Any, seed: int) -> Any:
        raise OSError("not today")

    type(experiment).run = broken  # type: ignore[method-assign]
    assert [failure["error"] for failure in run(experiment, grid).failures] == ["OSError: not today"] * 2
    type(experiment).run = type(experiment).run_as_written  # type: ignore[attr-defined,method-assign]
    result = run(experiment, grid)
    assert (result.computed, result.reused, result.failures) == (2, 0, [])
    assert list((tmp_path / "run" / "failed").iterdir()) == []


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"i": 1}, "a result cannot be called 'i'"),
        ({"cell": 1}, "a result cannot be called 'cell'"),
        ({"_x": 1}, "a result cannot be called '_x'"),
        ({"x": [1]}, "result 'x' must be text, a number, true, false or None, got list"),
        ({"x": 2**63}, "result 'x' must fit in 64 bits"),
    ],
)
def test_rows_that_no_table_can_hold(quick: Experiment, run: Run, row: dict[str, Any], problem: str) -> None:
    type(quick).run = lambda self, cell, seed: [row]  # type: ignore[method-assign,assignment]
    (failure,) = run(quick, Grid.product({"i": [1]})).failures
    assert problem in failure["error"]


def test_numpy_results_are_numbers(quick: Experiment, run: Run) -> None:
    import numpy as np

    row = {"a": np.float32(0.5), "b": np.int64(3), "c": np.bool_(True), "d": float("nan"), "e": None}
    type(quick).run = lambda self, cell, seed: [row]  # type: ignore[method-assign,assignment]
    (found,) = run(quick, Grid.product({"i": [1]})).table.select("a", "b", "c", "d").to_dicts()
    assert (found["a"], found["b"], found["c"]) == (0.5, 3, True)
    assert found["d"] != found["d"]


def test_a_cell_without_rows_is_finished(quick: Experiment, run: Run) -> None:
    type(quick).run = lambda self, cell, seed: []  # type: ignore[method-assign,assignment]
    assert len(run(quick).table) == 0
    assert run(quick).reused == 40


class InterruptedAt(Inline):
    """Ctrl-C at the given wait."""

    def __init__(self, number: int, error: BaseException) -> None:
        super().__init__()
        self.left, self.error = number, error

    def wait(self, seconds: float) -> Any:
        self.left -= 1
        if self.left < 0:
            raise self.error
        return super().wait(seconds)


def test_ctrl_c_saves_what_is_finished_and_says_how_to_go_on(quick: Experiment, run: Run, tmp_path: Path) -> None:
    whole = run(quick, out=tmp_path / "whole")
    with pytest.raises(SweepInterrupted, match=r"interrupted: 7 of 40 cells are saved in .*run the same command again"):
        run(quick, executor=InterruptedAt(7, KeyboardInterrupt()))
    assert Store(tmp_path / "run").provenance()["runs"][-1]["outcome"] == "interrupted"
    result = run(quick)
    assert (result.computed, result.reused) == (33, 7)
    assert result.table.equals(whole.table)


def test_an_executor_that_breaks_loses_nothing_that_was_finished(quick: Experiment, run: Run) -> None:
    with pytest.raises(ExecutorError, match="gone"):
        run(quick, executor=InterruptedAt(7, ExecutorError("gone")))
    assert run(quick).reused == 7


def test_a_full_disk_is_said_with_what_is_saved(quick: Experiment, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import deeplimits.sweeps.loop as loop
    import deeplimits.sweeps.store_writer as store_writer

    monkeypatch.setattr(loop, "CELLS_PER_CHUNK", 10)
    write, chunks = store_writer.write_atomically, []

    def full(path: Path, data: bytes) -> None:
        chunks.append(path.name)
        if sum(name.startswith("chunk") for name in chunks) > 2:
            raise OSError(28, "No space left on device")
        write(path, data)

    monkeypatch.setattr(store_writer, "write_atomically", full)
    with pytest.raises(
        SaveError, match="No space left on device; 20 finished cells are saved there, 10 are not; make room"
    ):
        run(quick)
    monkeypatch.setattr(store_writer, "write_atomically", write)
    assert run(quick).reused == 20


def test_small_chunks_become_one(quick: Experiment, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import deeplimits.sweeps.loop as loop
    import deeplimits.sweeps.store_writer as store_writer

    whole = run(quick, out=tmp_path / "whole")
    monkeypatch.setattr(loop, "CELLS_PER_CHUNK", 1)
    monkeypatch.setattr(store_writer, "SMALL_CHUNKS_AT_MOST", 6)
    result = run(quick)
    assert len(list((tmp_path / "run" / "chunks").iterdir())) <= 7
    assert result.table.equals(whole.table)
    again = run(quick)
    assert (again.computed, again.reused) == (0, 40)


def test_a_kill_between_merging_and_deleting_shows_no_cell_twice(
    quick: Experiment, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import deeplimits.sweeps.loop as loop
    import deeplimits.sweeps.store_writer as store_writer

    monkeypatch.setattr(loop, "CELLS_PER_CHUNK", 1)
    first = run(quick, Grid.product({"i": range(4)}))
    monkeypatch.setattr(store_writer, "SMALL_CHUNKS_AT_MOST", 3)
    monkeypatch.setattr(Path, "unlink", lambda self, missing_ok=False: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        run(quick, Grid.product({"i": range(4)}))
    monkeypatch.undo()
    assert len(list((tmp_path / "run" / "chunks").iterdir())) == 5
    again = run(quick, Grid.product({"i": range(4)}))
    assert (again.computed, again.reused) == (0, 4)
    assert again.table.equals(first.table)


def test_provenance_tells_who_what_and_when(quick: Experiment, run: Run, tmp_path: Path) -> None:
    run(quick, seed=3)
    run(quick, seed=3)
    found = json.loads((tmp_path / "run" / "provenance.json").read_text())
    assert (found["schema"], found["experiment"], found["version"], found["seed"]) == (1, "quick-squares", 1, 3)
    first, second = found["runs"]
    assert (first["computed"], first["reused"], first["outcome"]) == (40, 0, "finished")
    assert (second["computed"], second["reused"], second["outcome"]) == (0, 40, "finished")
    assert first["started"] <= first["ended"]
    assert {"command", "host", "platform", "processor", "workers", "commit", "environment"} <= first.keys()
    assert set(found["environments"][first["environment"]]) == {"python", "deeplimits", "numpy"}


def test_the_store_is_read_with_polars_alone(quick: Experiment, run: Run, tmp_path: Path) -> None:
    result = run(quick)
    raw = pl.read_parquet(tmp_path / "run" / "chunks" / "*.parquet").sort("i", "j", maintain_order=True)
    assert raw["square"].to_list() == result.table["square"].to_list()
    assert (raw["_seconds"] >= 0).all()
    head = (tmp_path / "run" / "sweep.toml").read_text()
    assert 'experiment = "quick-squares"' in head
    assert "[product.axes]" in head


def test_the_longest_cells_go_first(toy: Toy, run: Run, tmp_path: Path) -> None:
    import deeplimits.sweeps.loop as loop

    order: list[str] = []

    class Watching(Inline):
        def submit(self, job: Any) -> None:
            order.append(job.fields["behave"])
            super().submit(job)

    assert loop.CELLS_PER_CHUNK > 1
    run(toy("Faulty"), Grid.product({"behave": ["raise-once", "well"], "i": [0]}), executor=Watching())
    assert order[0] == "well"
