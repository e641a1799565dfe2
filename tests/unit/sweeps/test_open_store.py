"""Paths where there can be no store, and stores that are damaged."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from deeplimits.sweeps import Experiment, Store, SweepResult

Run = Callable[..., SweepResult]


@pytest.fixture
def quick(toy: Callable[[str], Experiment]) -> Experiment:
    return toy("Quick")


def test_a_file_is_no_folder(quick: Experiment, run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ValueError, match=r"file' is a file; give a folder"):
        run(quick, out=tmp_path / "file")
    with pytest.raises(ValueError, match="a part of the path is a file"):
        run(quick, out=tmp_path / "file" / "run")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that even root cannot write to")
def test_a_place_that_cannot_be_written(quick: Experiment, run: Run) -> None:
    with pytest.raises(ValueError, match="cannot be made: No such file or directory; give another folder"):
        run(quick, out="/proc/run")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(quick: Experiment, run: Run, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(ValueError, match=r"is not writable|Permission denied"):
        run(quick, out=tmp_path / "closed")


def test_somebody_elses_folder_is_left_alone(quick: Experiment, run: Run, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(ValueError, match=r"holds other files \(thesis.tex …\); give an empty or new folder"):
        run(quick, out=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_what_is_refused_leaves_nothing_behind(quick: Experiment, run: Run, tmp_path: Path) -> None:
    def fail(cell: object) -> float:
        raise ValueError("no cost")

    type(quick).content = lambda self, fields: fail(fields)  # type: ignore[method-assign,assignment,return-value]
    with pytest.raises(ValueError, match="no cost"):
        run(quick, out=tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


def test_an_error_before_the_first_cell_leaves_no_folders(
    quick: Experiment, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from deeplimits.sweeps import Inline
    from deeplimits.sweeps.executors import ExecutorError

    def fail(self: Inline, experiment: Experiment) -> None:
        raise ExecutorError("no cluster")

    monkeypatch.setattr(Inline, "start", fail)
    with pytest.raises(ExecutorError):
        run(quick, out=tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []


def test_a_later_schema_and_a_damaged_head_are_said(quick: Experiment, run: Run, tmp_path: Path) -> None:
    run(quick)
    path = tmp_path / "run" / "sweep.toml"
    text = path.read_text()
    path.write_text(text.replace("schema = 1", "schema = 99"))
    with pytest.raises(ValueError, match="has schema 99, and this version of deeplimits reads schema 1"):
        run(quick)
    path.write_text(text[:30])
    with pytest.raises(ValueError, match="is damaged"):
        run(quick)
    path.unlink()
    assert run(quick).reused == 40
    assert path.read_text() == text


def test_a_damaged_grid_is_said_and_mended(quick: Experiment, run: Run, tmp_path: Path) -> None:
    whole = run(quick)
    path = tmp_path / "run" / "grid.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ValueError, match="run the sweep again to mend it"):
        Store.open(tmp_path / "run").table()
    assert run(quick).table.equals(whole.table)
    assert Store.open(tmp_path / "run").table().equals(whole.table)


def test_damaged_provenance_and_claims_lose_no_cell(quick: Experiment, run: Run, tmp_path: Path) -> None:
    run(quick)
    for name in ("provenance.json", "claims.json"):
        (tmp_path / "run" / name).write_text("{")
    assert Store.open(tmp_path / "run").provenance() == {}
    assert run(quick).reused == 40
    assert len(Store.open(tmp_path / "run").provenance()["runs"]) == 1


def test_no_store_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nowhere' does not exist"):
        Store.open(tmp_path / "nowhere")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text("{}")
    with pytest.raises(ValueError, match=r"is a run of deeplimits sample: go on with sample --out"):
        Store.open(tmp_path / "run")
    with pytest.raises(ValueError, match=r"run.json' is a file"):
        Store.open(tmp_path / "run" / "run.json")
    with pytest.raises(ValueError, match=r"holds no sweep: it has no sweep.toml"):
        Store.open(tmp_path)
