"""The pages about stores: everything that is there, and what is missing said to be missing."""

import html
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from deeplimits.experiments import load
from deeplimits.reports import write_comparison, write_index, write_report
from deeplimits.reports.content import read_run
from deeplimits.reports.tables import constants, shown_columns
from deeplimits.sweeps import Claim, Experiment, Grid, Inline, MomentDistance, Store, run_sweep

TOYS = Path(__file__).parents[2] / "toy_experiments.py"


class Page(HTMLParser):
    """Collect the rows of every table, whatever the page would load, what it links to and what it names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.rows: list[list[str]] = []
        self.loads: list[str] = []
        self.links: list[str] = []
        self.names: list[str] = []
        self.headings: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [value or "" for name, value in attrs if name == "src" or (tag == "link" and name == "href")]
        self.links += [value or "" for name, value in attrs if tag == "a" and name == "href"]
        self.names += [value or "" for name, value in attrs if name == "id"]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "h1":
            self.headings.append("")
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.rows and "tr" in self.open:
            self.rows[-1][-1] += data
        if "h1" in self.open:
            self.headings[-1] += data


def read(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("TOY_MARKS", str(tmp_path / "marks"))
    experiment = load(f"{TOYS}:Faulty")
    type(experiment).title = "cells <b>that</b> fail"
    type(experiment).claims = tuple(
        Claim(
            name, words, "hanin2019products, theorem 1", 0.1, lambda t: [MomentDistance("v", 0.3, 10, 0.001)], expected
        )
        for name, words, expected in (("c", "value < 1 & > 0", "reproduced"), ("d", "refuted", "deviates"))
    )
    run_sweep(
        experiment, Grid.product({"behave": ["well", "raise"], "i": [0]}), out=tmp_path / "run", executor=Inline()
    )
    return Store.open(tmp_path / "run")


@pytest.fixture
def figured(tmp_path: Path) -> Iterator[tuple[Store, Experiment]]:
    experiment = load(f"{TOYS}:Figured")
    run_sweep(experiment, experiment.grid("quick"), out=tmp_path / "figured", executor=Inline())
    return Store.open(tmp_path / "figured"), experiment


def test_finished_failed_and_missing_cells_are_told_apart(store: Store) -> None:
    found = read(write_report(store))
    states = {row[0] for row in found.rows if row[1:2] in (["well"], ["raise"])}
    assert states == {"finished", "failed: ZeroDivisionError: a cell that fails"}
    assert "Traceback (most recent call last)" in found.text
    for chunk in store.chunks_folder.iterdir():
        chunk.unlink()
    found = read(write_report(store))
    assert {row[0] for row in found.rows if row[1:2] == ["well"]} == {"missing"}


def test_claims_with_outcome_source_and_surprise(store: Store) -> None:
    found = read(write_report(store))
    (first, second) = [row for row in found.rows if row[-1:] == ["hanin2019products, theorem 1"]]
    assert first[0] == second[0] == "deviates"
    assert 'class="chip surprise">deviates' in found.text
    assert 'class="chip expected">deviates' in found.text
    assert "1 deviates as declared" in found.text
    assert first[3].startswith("0.3 (0.29")


def test_claims_not_judged_yet_are_shown_as_declared(store: Store) -> None:
    (store.folder / "claims.json").unlink()
    found = read(write_report(store))
    assert [row[0] for row in found.rows if "theorem 1" in row[-1]] == ["not judged yet"] * 2


def test_it_is_one_file_that_loads_nothing_and_quotes_what_it_shows(figured: tuple[Store, Experiment]) -> None:
    found = read(write_report(*figured))
    assert found.loads == []
    assert found.open == []
    assert re.findall(r"url\((?!#)|@import", found.text) == []
    assert found.headings == ["A square is never below its root <for whole numbers>"]
    assert "i² against i, &amp; what a limit says." in found.text


def test_every_link_leads_somewhere(figured: tuple[Store, Experiment]) -> None:
    store, _ = figured
    found = read(write_report(*figured))
    files = [link for link in found.links if not link.startswith(("#", "https://"))]
    assert {link.rpartition(".")[2] for link in files} == {"pdf", "png", "parquet", "csv"}
    assert all((store.folder / link).stat().st_size > 0 for link in files)
    assert {link[1:] for link in found.links if link.startswith("#")} <= set(found.names)


def test_names_on_a_page_are_unique_even_in_drawings(figured: tuple[Store, Experiment], tmp_path: Path) -> None:
    store, experiment = figured
    single = read(write_report(store, experiment))
    double = read(write_comparison(store, store, tmp_path / "both.html", experiment))
    assert len(single.names) > 20
    for page in (single, double):
        assert len(page.names) == len(set(page.names))


def test_missing_cells_and_drawings_are_said_to_be_missing(figured: tuple[Store, Experiment]) -> None:
    found = read(write_report(*figured))
    assert "1 of its 6 cells is missing." in found.text
    assert "Not drawn: none of its cells is finished." in found.text
    assert "Not drawn: KeyError: &#39;no such column&#39;." in found.text
    assert found.text.count("<svg ") == 1


def test_a_figure_has_its_verdicts_reference_command_seed_and_versions(figured: tuple[Store, Experiment]) -> None:
    store, _ = figured
    found = read(write_report(*figured))
    section = found.text.partition('id="squares"')[2].partition("</section>")[0]
    for words in (
        "i² ≥ i",
        "@article{hanin2019products",
        "https://doi.org/10.1007",
        "numpy",
        "<dt>seed</dt><dd>0</dd>",
    ):
        assert words in section
    assert "i² ≤ 1" not in section
    assert html.escape(store.provenance()["runs"][-1]["command"]) in section.replace("&#39;", "&#x27;")


def test_tables_beside_the_page_hold_every_cell(figured: tuple[Store, Experiment]) -> None:
    store, _ = figured
    write_report(*figured)
    table = store.table(missing=True)
    assert pl.read_parquet(store.folder / "report" / "results.parquet").equals(table)
    assert pl.read_csv(store.folder / "report" / "squares.csv")["square"].to_list() == [0, 1, 4, 9, 16, None]


def test_numbers_are_shown_with_their_errors_and_sorted_by_their_value(figured: tuple[Store, Experiment]) -> None:
    found = read(write_report(*figured))
    header = next(row for row in found.rows if row[:1] == ["state"])
    assert "square_standard_error" not in header
    assert 'data-value="16.0">16.00(25)</td>' in found.text


def test_results_of_another_version_are_not_drawn(figured: tuple[Store, Experiment]) -> None:
    store, experiment = figured
    type(experiment).version = 2
    found = read(write_report(store, experiment))
    assert "<svg" not in found.text
    assert "the figures of version 2 would misread them" in found.text


def test_another_experiment_is_refused(figured: tuple[Store, Experiment]) -> None:
    with pytest.raises(ValueError, match="holds a sweep of figured, not of squares"):
        write_report(figured[0], load(f"{TOYS}:Squares"))


def test_provenance_is_there(store: Store) -> None:
    found = read(write_report(store))
    run = store.provenance()["runs"][0]
    assert run["started"] in found.text
    assert run["environment"] in found.text
    assert "numpy" in found.text


def test_it_needs_the_store_alone(store: Store) -> None:
    assert store.description()["experiment"] == "faulty"
    moved = store.folder.rename(store.folder.with_name("moved"))
    found = read(write_report(Store.open(moved)))
    assert found.headings == ["cells <b>that</b> fail"]
    assert "This sweep draws no figures." in found.text


@pytest.fixture
def own(tmp_path: Path) -> tuple[Store, Path]:
    """Return the store of a person's own experiment, and its file."""
    file = tmp_path / "own.py"
    file.write_text(TOYS.read_text(encoding="utf-8"), encoding="utf-8")
    experiment = load(f"{file}:Figured")
    run_sweep(experiment, experiment.grid("quick"), out=tmp_path / "own", executor=Inline())
    return Store.open(tmp_path / "own"), file


def test_the_figures_of_an_own_experiment_are_found_through_its_file(own: tuple[Store, Path]) -> None:
    store, _ = own
    assert store.description()["loaded_from"] == f"{own[1].resolve()}:Figured"
    assert read(write_report(store)).text.count("<svg ") == 1


def test_a_page_with_figures_is_not_replaced_by_one_without(own: tuple[Store, Path], tmp_path: Path) -> None:
    store, file = own
    page = write_report(store)
    before = page.read_bytes()
    experiment = load(f"{file}:Figured")
    file.write_text("1 / 0\n")
    with pytest.raises(ValueError, match=r"cannot be loaded: ZeroDivisionError.*name it: --experiment FILE.py:CLASS"):
        write_report(store)
    file.unlink()
    with pytest.raises(ValueError, match=r"own.py' does not exist.*name it: --experiment FILE.py:CLASS"):
        write_report(store)
    write_index(tmp_path, [store])
    assert page.read_bytes() == before
    assert write_report(store, experiment).read_text(encoding="utf-8").count("<svg ") == 1
    page.unlink()
    found = read(write_report(store))
    assert "own.py&#39; does not exist" in found.text
    assert found.text.count("<svg ") == 0


def test_figures_that_raise_leave_the_rest_of_the_page(own: tuple[Store, Path]) -> None:
    store, file = own
    code = file.read_text(encoding="utf-8")
    file.write_text(
        code.replace(
            "        return (\n            ExperimentFigure(", "        yield (\n            ExperimentFigure("
        )
    )
    notes: list[str] = []
    found = read(write_report(store, note=notes.append))
    assert notes == ["own.py: figures() raised TypeError: expected an ExperimentFigure, got tuple"]
    assert html.escape(notes[0]) in found.text
    assert "i² ≤ 1" in found.text


def test_a_figure_has_the_worst_verdict_of_its_claims_beside_its_heading(figured: tuple[Store, Experiment]) -> None:
    store, experiment = figured
    path = store.folder / "claims.json"
    for as_expected, style, outcome in ((None, "open", "undecided"), (True, "expected", "reproduced")):
        claims = [{**claim, "outcome": outcome, "as_expected": as_expected} for claim in store.claims()]
        path.write_text(json.dumps(claims))
        found = read(write_report(store, experiment))
        assert f'<h2>Squares grow <span class="chip {style}">{outcome}</span></h2>' in found.text
        assert "<h2>A drawing that breaks</h2>" in found.text  # it bears on no claim
    claims[1].update(as_expected=False)
    path.write_text(json.dumps(claims))
    run = read_run(store, experiment)
    both = run.badge(["squares-grow", "squares-shrink"])
    assert both is not None and both.style == "surprise"


def test_the_table_leaves_out_what_is_the_same_and_begins_with_what_varies() -> None:
    table = pl.DataFrame(
        {
            "cell": ["a", "b"],
            "kind": ["mlp", "mlp"],
            "depth": [2, 3],
            "width": [4, 8],
            "observable": ["x", "y"],
            "skewness": [1.0, 2.0],
            "mean": [0.5, 0.25],
            "mean_standard_error": [0.1, 0.2],
            "limit": [None, None],
            "verdict": ["within", "within"],
        }
    )
    fields = ["cell", "kind", "depth", "width"]
    assert shown_columns(table, fields) == ["width", "depth", "observable", "mean", "verdict", "skewness", "cell"]
    assert constants(table) == {"kind": "mlp"}
    assert constants(table.head(1)) == {}


def test_an_index_leads_to_every_run(store: Store, figured: tuple[Store, Experiment], tmp_path: Path) -> None:
    path = write_index(tmp_path, [store, figured[0]])
    found = read(path)
    assert found.links == ["run/report.html", "figured/report.html"]
    assert all((tmp_path / link).is_file() for link in found.links)


def test_two_runs_side_by_side_say_what_differs(figured: tuple[Store, Experiment], tmp_path: Path) -> None:
    first, experiment = figured
    write_report(first, experiment)

    class Shifted(type(experiment)):  # type: ignore[misc]
        def run(self, cell, seed):  # type: ignore[no-untyped-def]
            ((row),) = super().run(cell, seed)
            return [{**row, "square": row["square"] + (0.5 if cell["i"] == 2 else 0.0)}]

    run_sweep(Shifted(), Shifted().grid("quick"), out=tmp_path / "second", executor=Inline())
    second = Store.open(tmp_path / "second")
    found = read(write_comparison(first, second, tmp_path / "both.html", experiment))
    assert found.loads == []
    assert found.text.count("<svg ") == 2
    # 0.5 / hypot(0.25, 0.25)
    assert ["square", "5", "1", "0.5", "1.41"] in found.rows
    same = read(write_comparison(first, first, tmp_path / "same.html", experiment))
    assert ["square", "5", "0", "0", "0.00"] in same.rows


def test_runs_of_different_experiments_are_not_compared(
    store: Store, figured: tuple[Store, Experiment], tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="different experiments, faulty and figured"):
        write_comparison(store, figured[0], tmp_path / "both.html")
