"""The page about a store: everything that is there, and what is missing said to be missing."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from deeplimits.experiments import load
from deeplimits.reports import write_report
from deeplimits.sweeps import Claim, Experiment, Grid, Inline, MomentDistance, Store, run_sweep

TOYS = Path(__file__).parents[2] / "toy_experiments.py"


class Rows(HTMLParser):
    """Collect the rows of every table, and whatever the page would load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.loads: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.rows and self.open and "tr" in self.open:
            self.rows[-1][-1] += data


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("TOY_MARKS", str(tmp_path / "marks"))
    experiment = load(f"{TOYS}:Faulty")
    type(experiment).title = "cells <b>that</b> fail"
    type(experiment).claims = (
        Claim(
            "c", "value < 1 & > 0", "hanin2019products, theorem 1", 0.1, lambda t: [MomentDistance("v", 0.3, 10, 0.001)]
        ),
        Claim(
            "d",
            "refuted",
            "hanin2019products, theorem 1",
            0.1,
            lambda t: [MomentDistance("v", 0.3, 10, 0.001)],
            "deviates",
        ),
    )
    run_sweep(
        experiment, Grid.product({"behave": ["well", "raise"], "i": [0]}), out=tmp_path / "run", executor=Inline()
    )
    return Store.open(tmp_path / "run")


def read(store: Store) -> tuple[str, Rows]:
    path = write_report(store)
    assert path == store.folder / "report.html"
    page = path.read_text(encoding="utf-8")
    return page, Rows(page)


def test_finished_failed_and_missing_cells_are_told_apart(store: Store) -> None:
    _, found = read(store)
    states = {row[0] for row in found.rows if row[2:3] in (["well"], ["raise"])}
    assert states == {"finished", "failed: ZeroDivisionError: a cell that fails"}
    for chunk in store.chunks_folder.iterdir():
        chunk.unlink()
    _, found = read(store)
    assert {row[0] for row in found.rows if row[2:3] == ["well"]} == {"missing"}


def test_claims_with_outcome_source_and_surprise(store: Store) -> None:
    page, found = read(store)
    (first, second) = [row for row in found.rows if row[-1:] == ["hanin2019products, theorem 1"]]
    assert first[0] == second[0] == "deviates"
    assert 'class="surprise">deviates' in page
    assert 'class="expected">deviates' in page
    assert first[3].startswith("0.3 (0.29")


def test_claims_not_judged_yet_are_shown_as_declared(store: Store) -> None:
    (store.folder / "claims.json").unlink()
    _, found = read(store)
    assert [row[0] for row in found.rows if "theorem 1" in row[-1]] == ["not judged yet"] * 2


def test_it_is_one_file_that_loads_nothing_and_quotes_what_it_shows(store: Store) -> None:
    page, found = read(store)
    assert found.loads == []
    assert found.open == []
    assert "cells &lt;b&gt;that&lt;/b&gt; fail" in page
    assert "value &lt; 1 &amp; &gt; 0" in page


def test_provenance_is_there(store: Store) -> None:
    page, _ = read(store)
    run = store.provenance()["runs"][0]
    assert run["started"] in page
    assert run["environment"] in page
    assert "numpy" in page


def test_it_needs_the_store_alone(store: Store) -> None:
    class Gone(Experiment):
        name = "gone"

    assert store.description()["experiment"] == "faulty"
    moved = store.folder.rename(store.folder.with_name("moved"))
    page, _ = read(Store.open(moved))
    assert "<h1>faulty</h1>" in page
