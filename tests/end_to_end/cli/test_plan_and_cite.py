"""The commands plan and cite: what they print, write and refuse."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import deeplimits as dl

Command = Callable[..., Any]


def test_plan_prints_the_answer_that_python_gives(command: Command) -> None:
    outcome = command("plan", "--depth", "100", "--tolerance", "0.02")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == f"{dl.plan(depth=100, tolerance=0.02)}\n"


def test_the_readme_shows_the_answer() -> None:
    readme = " ".join((Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8").split())
    first, second = dl.plan(depth=100, tolerance=0.02).answers
    assert f"from width {first.value:,.0f} on, infinite width from {second.value:,.0f}" in readme


def test_plan_as_json_with_a_figure(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "plan.svg"
    outcome = command(
        "plan", "mlp", "--neuron-layers", "1e4", "--limit", "infinite-width", "--json", "--figure", str(file)
    )
    content = json.loads(outcome.out)
    (answer,) = content["answers"]
    assert answer["architecture"]["width"] * answer["architecture"]["depth"] <= 10_000
    assert answer["distance"] <= 0.02
    assert outcome.err == f"figure: {file}\n"
    assert "<svg" in file.read_text()


def test_plan_checked_by_simulation(command: Command) -> None:
    arguments = (
        "plan",
        "--depth",
        "8",
        "--limit",
        "infinite-width",
        "--tolerance",
        "0.1",
        "--check",
        "--networks",
        "4000",
    )
    assert "simulation of 4,000 networks each, seed 0\n  infinite-width: planned 0.0" in command(*arguments).out
    (checked,) = json.loads(command(*arguments, "--json").out)["checked"]
    assert checked["measured"]["low"] < checked["planned"] < checked["measured"]["high"]


def test_cite_prints_bibtex_and_lists_what_there_is(command: Command) -> None:
    assert command("cite", "log-gaussian").out == f"{dl.cite('log-gaussian')}\n"
    listed = command("cite").out
    for words in ("mlp-log-norm", "li2021future", "Li, Nica and Roy 2021"):
        assert words in listed
    assert "Pébay 2008" in listed and "Dvoretzky–Kiefer–Wolfowitz" in listed and "\\" not in listed
    for line in listed.partition("\n\n")[0].splitlines()[1:]:
        shown = line.replace(",", "").split()[1:]
        assert len(set(shown)) == len(shown)
    assert r"P{\'e}bay" in command("cite", "pebay2008formulas").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("plan",), "give a depth (to find the width)"),
        (("plan", "resnt", "--depth", "3"), "did you mean 'resnet'?"),
        (("plan", "--depth", "1.5"), "--depth: expected a whole number"),
        (("plan", "--depth", "3", "--parameters", "9"), "give a depth"),
        (("plan", "--depth", "3", "--tolerance", "0"), "tolerance must be above 0"),
        (("plan", "--depth", "3", "--limit", "exact"), "exact cannot be planned for"),
        (("plan", "--depth", "3", "--measure", "kz"), 'Choose from: "ks", "spread"'),
        (("plan", "--depth", "3", "--figure", "plan.jpg"), "must end in .svg, .pdf, .png"),
        (("plan", "--depth", "3", "--check", "--networks", "3"), "at least 4 networks"),
        (("plan", "--depth", "3", "--check", "--seed", "-1"), "seed must be an integer from 0"),
        (("plan", "--depth", "3", "--activation", "tanh"), "nothing to plan by"),
        (("plan", "mlp", "--depth", "10", "--skip-scale", "3"), "an mlp has no skip_scale"),
        (("plan", "--depth", "3", "--networks", "5"), "add --check"),
        (("cite", "li2021futur"), "did you mean 'li2021future'?"),
    ],
)
def test_bad_input(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = command(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert len(outcome.err.splitlines()) == 1
    assert said in outcome.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["plan", "cite"])
def test_the_examples_of_the_help_run(command: Command, name: str) -> None:
    shown = command(name, "--help").out.partition("Example")[2]
    examples = [line.split() for line in shown.splitlines() if line.strip().startswith("deeplimits ")]
    assert examples
    for _, *words in examples:
        outcome = command(*words)
        assert (outcome.code, outcome.err) == (0, ""), words
        assert outcome.out
