"""What the documents say is true: the example prints what the README shows, links and commands lead somewhere."""

import dataclasses
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deeplimits.architectures import ResNet
from deeplimits.limits import CATALOGUE

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    """Return the README's fenced blocks of one language; those without one print text or hold commands."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    return [text for name, text in fenced if name == language]


def test_the_example_prints_what_the_readme_shows(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = blocks("python")
    assert len(example.splitlines()) < 15
    exec(compile(example, "README.md", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    shown = blocks("")[1].splitlines()
    assert printed[0] == shown[0]
    # The same networks elsewhere differ in their last bits only, less than the digits that are shown, but for rounding.
    assert _number(printed[1]) == pytest.approx(_number(shown[1]), abs=0.002)
    assert printed[2].startswith("resnet, width 100, depth 50")


def _number(line: str) -> float:
    found = re.fullmatch(r"measured\s+(-?\d+\.\d+)\(\d+\)", line)
    assert found is not None, line
    return float(found.group(1))


def test_the_sweep_runs(command: Callable[..., Any], tmp_path: Path) -> None:
    (text,) = blocks("toml")
    assert "num_networks = 100_000" in text
    small = re.sub(r"(num_networks = ).*", r"\g<1>200", re.sub(r"\[(\d+), (\d+), \d+\]", r"[\1]", text))
    file = tmp_path / "my_sweep.toml"
    file.write_text(small)
    done = command("sweep", str(file), "--out", str(tmp_path / "mine"), "--workers", "0", "--quiet")
    assert done.code == 0 and "log-gaussian" in done.out


def test_the_two_commands_come_first_and_exist() -> None:
    commands = [line.split("#")[0].split() for line in blocks("")[0].splitlines()]
    assert commands == [["make", "demo"], ["make", "test"]]
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert {"demo", "test"} <= set(targets)


@pytest.mark.parametrize("document", ["README.md", "docs/notation.md", "docs/samplers.md"])
def test_every_link_leads_to_a_file(document: str) -> None:
    file = ROOT / document
    for target in re.findall(r"\]\(([^)#]+)\)", file.read_text()):
        assert target.startswith("https://") or (file.parent / target).exists(), target


def test_every_limit_is_on_the_map_and_every_command_of_the_map_runs(command: Callable[..., Any]) -> None:
    commands = [
        shlex.split(line.replace("…", "")) for line in re.findall(r"^\|[^|]*\| `([^`]+)` \|", README, re.MULTILINE)
    ]
    named = {words[words.index("--limit") + 1] for words in commands if "--limit" in words}
    assert named == set(CATALOGUE)
    for words in commands:
        kind = [] if "resnet" in words or "mlp" in words else ["resnet"]
        small = ["--networks", "50"] if words[1] == "compare" else []
        assert command(*words[1:2], *kind, *words[2:], "--width", "30", "--depth", "5", *small).code == 0, words


def test_the_figure_is_the_one_of_make_demo() -> None:
    assert "<svg" in (ROOT / "docs/figures/resnet_width100_depth50.svg").read_text()[:500]
    assert "--width 100 --depth 50 --networks 100000 --seed 0" in (ROOT / "Makefile").read_text()


def test_the_notation_names_every_field_and_observable() -> None:
    from deeplimits.observables import CATALOGUE as OBSERVABLES

    notation = (ROOT / "docs/notation.md").read_text()
    for name in (*(field.name for field in dataclasses.fields(ResNet)), *OBSERVABLES):
        assert f"`{name}`" in notation, name


def test_citation_and_changelog_know_the_version() -> None:
    version = re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert f"version: {version.group(1)}\n" in (ROOT / "CITATION.cff").read_text()
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert "## Unreleased" in changelog or f"## {version.group(1)}" in changelog
