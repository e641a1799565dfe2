"""The Makefile's promises that can be checked without installing anything."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TOOLS = ("sh", "awk", "make", "mkdir", "touch", "rm", "find", "cat", "tail")


def make(folder: Path, *arguments: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Run make in ``folder`` with nothing in the environment but a PATH that holds the basic tools."""
    return subprocess.run(
        [shutil.which("make") or "make", *arguments],
        cwd=folder,
        env={"PATH": str(path), "HOME": str(folder), "LANG": "C"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    return tmp_path


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Return a folder with the basic tools and no Python."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (folder / tool).symlink_to(found)
    return folder


def script(file: Path, text: str) -> None:
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


def test_make_alone_lists_the_commands(checkout: Path, tools: Path) -> None:
    shown = make(checkout, path=tools).stdout
    for target in ("demo", "test", "test-all", "clean", "help"):
        assert f"make {target} " in shown


def test_no_usable_python_is_said_clearly(checkout: Path, tools: Path) -> None:
    script(tools / "python3.12", "echo 'no such version is installed' >&2; exit 127")
    done = make(checkout, "demo", path=tools)
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert "make PYTHON=" in done.stderr
    assert not (checkout / ".venv").exists()


def test_the_newest_python_that_runs_is_taken(checkout: Path, tools: Path) -> None:
    # 3.14 is a shim that does not run; 3.13 and 3.11 answer every question and note which of them was asked to act.
    script(tools / "python3.14", "exit 127")
    for version in ("3.13", "3.11"):
        script(tools / f"python{version}", f'[ "$1" = -m ] && echo {version} >> asked; exit 0')
    make(checkout, ".venv/bin/python", path=tools)
    assert (checkout / "asked").read_text() == "3.13\n"


def test_a_named_python_comes_first(checkout: Path, tools: Path) -> None:
    script(tools / "python3.13", "exit 0")
    script(tools / "mine", '[ "$1" = -m ] && echo mine >> asked; exit 0')
    make(checkout, ".venv/bin/python", "PYTHON=mine", path=tools)
    assert (checkout / "asked").read_text() == "mine\n"


def test_continuous_integration_runs_make_test_and_keeps_its_exit_code(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    (tmp_path / "Makefile").write_text("test:\n\t@echo tested; exit 1\n")
    # Run by `make test`, this is a make within a make, which would say so.
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(
        [tmp_path / ".ci" / "run"], capture_output=True, text=True, check=False, cwd=os.sep, env=alone
    )
    assert (done.stdout, done.returncode) == ("tested\n", 2)


def test_clean_keeps_the_environment(checkout: Path, tools: Path) -> None:
    for folder in (".venv/bin", "out", "dist", "src/deeplimits/__pycache__", "tests", "examples", "benchmarks"):
        (checkout / folder).mkdir(parents=True)
    assert make(checkout, "clean", path=tools).returncode == 0
    assert (checkout / ".venv" / "bin").is_dir()
    for folder in ("out", "dist", "src/deeplimits/__pycache__"):
        assert not (checkout / folder).exists()


@pytest.fixture
def installed(checkout: Path) -> Path:
    """Return the checkout as if installed, with a command that notes what it is asked and writes two lines."""
    command = checkout / ".venv" / "bin" / "deeplimits"
    command.parent.mkdir(parents=True)
    script(command, 'echo "$@" >> asked; echo "of $1"; echo "report: out/demo/index.html"; exit "${CODE:-0}"')
    script(command.with_name("python"), "exit 0")
    for stamp in (command.with_name("python"), checkout / "pyproject.toml"):
        os.utime(stamp, (1e9, 1e9))
    for file in (checkout / "requirements").iterdir():
        os.utime(file, (1e9, 1e9))
    (checkout / ".venv" / ".installed").touch()
    os.utime(checkout / ".venv" / ".installed", (1.1e9, 1.1e9))
    return checkout


def test_the_demonstration_compares_then_reports_and_ends_with_the_path(installed: Path, tools: Path) -> None:
    done = make(installed, "demo", path=tools)
    assert done.returncode == 0, done.stderr
    commands = (installed / "asked").read_text().splitlines()
    assert [command.split()[0] for command in commands] == ["compare", "reproduce"]
    assert "--all --scale demo" in commands[1]
    assert done.stdout.splitlines()[-1] == "report: out/demo/index.html"
    assert "of reproduce" not in done.stdout


def test_the_demonstration_reuses_its_results_until_something_is_installed(installed: Path, tools: Path) -> None:
    make(installed, "demo", path=tools)
    result = installed / "out" / "demo" / "a-result"
    result.touch()
    make(installed, "demo", path=tools)
    assert result.exists()
    os.utime(installed / ".venv" / ".installed", (4e9, 4e9))
    make(installed, "demo", path=tools)
    assert not result.exists()


def test_a_demonstration_that_fails_shows_what_it_found(installed: Path, tools: Path) -> None:
    command = installed / ".venv" / "bin" / "deeplimits"
    script(command, 'echo "deviates: something"; test "$1" = compare')
    done = make(installed, "demo", path=tools)
    assert done.returncode != 0
    assert done.stdout.count("deviates: something") == 2
