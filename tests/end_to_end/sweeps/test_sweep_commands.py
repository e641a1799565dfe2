"""The commands: sweep, reproduce, status, report; their streams, exit codes and help."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deeplimits.cli.sweep import EXAMPLE
from deeplimits.sweeps import Claim, MomentDistance

Command = Callable[..., Any]
SWEEP = "\n".join(line.strip() for line in EXAMPLE.splitlines()[1:7])
TOYS = Path(__file__).parents[2] / "toy_experiments.py"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sweep.toml"
    path.write_text(SWEEP)
    return path


def test_the_example_in_the_help_runs_and_goes_on(command: Command, file: Path, tmp_path: Path) -> None:
    arguments = ("sweep", str(file), "--out", str(tmp_path / "run"), "--workers", "0")
    first = command(*arguments)
    assert first.code == 0
    assert "4 of 4 cells to compute on 1 worker" in first.err
    assert "computed 4, reused 0" in first.err
    header = first.out.splitlines()[0].split()
    assert header[:3] == ["width", "depth", "observable"]
    assert re.search(
        r"^20 +10 +log_norm_hidden .* log-gaussian .* (within|outside|undecided)$", first.out, re.MULTILINE
    )
    assert first.out.splitlines()[-2:] == [f"store: {tmp_path / 'run'}", f"report: {tmp_path / 'run' / 'report.html'}"]
    page = (tmp_path / "run" / "report.html").read_text()
    assert "This sweep draws no figures." in page
    assert "The same in every row: num_networks 1000, kind resnet" in page
    second = command(*arguments)
    assert "computed 0, reused 4" in second.err
    assert second.out == first.out


def test_a_cell_beside_the_grid_as_the_help_says(command: Command, file: Path, tmp_path: Path) -> None:
    cell = "\n".join(line.strip() for line in EXAMPLE.splitlines()[-3:])
    limits = SWEEP.replace("log-gaussian", "exact").replace("1000", "20")
    file.write_text(f'observables = ["log_norm_hidden", "active_fraction"]\n{limits}\n{cell}\n')
    outcome = command("sweep", str(file), "--out", str(tmp_path / "run"), "--workers", "0")
    assert "computed 5, reused 0" in outcome.err
    header, *lines = outcome.out.splitlines()
    assert header.split()[:4] == ["width", "depth", "observable", "layer"]
    assert [line.split()[3] for line in lines if line.startswith("100 ")] == ["–", "0", "1", "2"]
    # Why a limit says nothing stands below the table, once.
    assert sum(line.startswith("exact: with both a skip connection") for line in lines) == 1


def test_json_is_one_object_and_events_go_to_stderr(command: Command, file: Path, tmp_path: Path) -> None:
    outcome = command("sweep", str(file), "--out", str(tmp_path / "run"), "--workers", "0", "--json")
    content = json.loads(outcome.out)
    assert (content["schema"], content["computed"], content["reused"], content["failed"]) == (1, 4, 0, [])
    events = [json.loads(line) for line in outcome.err.splitlines()]
    assert events[0]["event"] == "begun"
    assert events[0]["seconds"]["low"] <= events[0]["seconds"]["high"]
    assert events[-1] == {"event": "ended", "text": "computed 4, reused 0", "computed": 4, "reused": 0, "failed": 0}
    quiet = command("sweep", str(file), "--out", str(tmp_path / "run"), "--workers", "0", "--json", "--quiet")
    assert quiet.err == ""


def test_status_and_report_of_it(command: Command, file: Path, tmp_path: Path) -> None:
    command("sweep", str(file), "--out", str(tmp_path / "all" / "a"), "--workers", "0", "--quiet")
    outcome = command("status", str(tmp_path / "all"))
    assert outcome.code == 0
    assert "4 of 4 finished, 0 failed, 0 missing" in outcome.out
    found = json.loads(command("status", str(tmp_path / "all" / "a"), "--json").out)
    assert (found["cells"], found["finished"], found["damaged"]) == (4, 4, [])
    assert len(json.loads(command("status", str(tmp_path / "all"), "--json").out)["stores"]) == 1
    outcome = command("report", str(tmp_path / "all" / "a"))
    path = tmp_path / "all" / "a" / "report.html"
    assert outcome.out == f"report: {path}\n"
    assert path.read_text().startswith("<!doctype html>")
    outcome = command("report", str(tmp_path / "all"))
    assert outcome.out == f"report: {tmp_path / 'all' / 'index.html'}\n"
    assert 'href="a/report.html"' in (tmp_path / "all" / "index.html").read_text()
    page = tmp_path / "both.html"
    outcome = command("report", "--compare", *[str(tmp_path / "all" / "a")] * 2, "--out", str(page))
    assert outcome.out == f"report: {page}\n"
    assert "two runs side by side" in page.read_text()


def test_the_list_names_every_experiment_with_claims_and_reference(command: Command) -> None:
    outcome = command("reproduce", "--list")
    assert outcome.code == 0
    assert outcome.out.startswith("mlp-log-norm\n")
    assert "Hanin and Nica 2019" in outcome.out
    assert "(declared to deviate)" in outcome.out
    for scale in ("demo", "quick", "paper"):
        assert re.search(rf"^  {scale} +\d+ cells, roughly \d+ (s|min|h) on one core$", outcome.out, re.MULTILINE)


def test_every_experiment_at_once(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("deeplimits.experiments.names", lambda: ("mlp-log-norm",))  # "every" is to cost little
    outcome = command("reproduce", "--all", "--scale", "demo", "--out", str(tmp_path), "--workers", "0")
    assert outcome.code == 0
    assert "deviates (as declared): limit-variance-when-narrow" in outcome.out
    assert "scale demo is a smoke run" in outcome.err
    assert (tmp_path / "mlp-log-norm" / "claims.json").is_file()
    assert outcome.out.splitlines()[-1] == f"report: {tmp_path / 'index.html'}"
    assert (tmp_path / "mlp-log-norm" / "report" / "moments-against-ratio.pdf").is_file()
    assert 'href="mlp-log-norm/report.html"' in (tmp_path / "index.html").read_text()
    document = json.loads(
        command("reproduce", "--all", "--scale", "demo", "--out", str(tmp_path), "--workers", "0", "--json").out
    )
    (experiment,) = document["experiments"]
    assert experiment["reused"] == 2
    assert {claim["name"]: claim["outcome"] for claim in experiment["claims"]}[
        "limit-variance-when-narrow"
    ] == "deviates"


@pytest.mark.parametrize(
    ("distance", "expected", "code"),
    [
        (0.3, "reproduced", 1),
        (0.3, "deviates", 0),
        (0.01, "reproduced", 0),
        (0.01, "deviates", 1),
        (0.1, "reproduced", 0),
    ],
)
def test_an_outcome_that_was_not_expected_is_1(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, distance: float, expected: Any, code: int
) -> None:
    from deeplimits.experiments import load

    experiment = load(f"{TOYS}:Quick")
    claim = Claim(
        "it", "says", "somebody, theorem 1", 0.1, lambda t: [MomentDistance("x", distance, 9, 0.01)], expected
    )
    type(experiment).claims = (claim,)
    monkeypatch.setattr("deeplimits.experiments.load", lambda name: experiment)
    monkeypatch.setenv("TOY_PAUSE", "0")
    outcome = command("reproduce", "it", "--out", str(tmp_path / "run"), "--workers", "0", "--quiet")
    assert outcome.code == code
    assert ("(expected: " in outcome.out) == (code == 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sweep", "nowhere.toml", "--out", "x"), "sweep file 'nowhere.toml' does not exist"),
        (("sweep",), "FILE is required"),
        (("reproduce",), "give the name of one experiment, or --all, or --list"),
        (("reproduce", "mlp-log-norm"), "give --out, the folder for the results"),
        (("reproduce", "mlp-log-norm", "--all", "--out", "x"), "give the name of one experiment, or --all"),
        (("reproduce", "mlp-lgo-norm", "--out", "x"), "did you mean 'mlp-log-norm'?"),
        (("reproduce", "mlp-log-norm", "--out", "x", "--scale", "papre"), "did you mean 'paper'?"),
        (("reproduce", "mlp-log-norm", "--out", "x", "--workers", "-1"), "workers must be at least 0"),
        (
            ("reproduce", "mlp-log-norm", "--out", "x", "--seed=-3"),
            "seed must be an integer from 0 to 2^63 - 1",
        ),
        (("reproduce", "mlp-log-norm", "--out", "x", "--timeout", "0"), "timeout must be above 0"),
        (("reproduce", "mlp-log-norm", "--out", "x", "--workers", "1", "--scheduler", "a:1"), "give one of them"),
        (("status", "nowhere"), "'nowhere' does not exist"),
        (("report", "nowhere"), "'nowhere' does not exist"),
        (("report",), "give one folder, or two with --compare; got 0"),
        (("report", "--compare", "nowhere"), "--compare takes two stores, got 1"),
        (("report", "--compare", "nowhere", "there"), "'nowhere' does not exist"),
        (("report", "nowhere", "--out", "x.html"), "--out is for --compare"),
    ],
)
def test_bad_input(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = command(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert len(outcome.err.splitlines()) == 1
    assert said in outcome.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["sweep", "reproduce", "status", "report", "plan", "cite"])
def test_help_has_an_example(command: Command, name: str) -> None:
    outcome = command(name, "--help")
    assert outcome.code == 0
    assert f"deeplimits {name} " in outcome.out.partition("Example")[2]
