"""The command line, run in this process or in one of its own."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from deeplimits.cli.main import run


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Run ``deeplimits ARGUMENTS`` in this process."""

    def run_here(*arguments: str) -> Outcome:
        code = run(list(arguments))
        return Outcome(code, *capsys.readouterr())

    return run_here


@pytest.fixture
def process() -> Callable[..., Outcome]:
    """Run ``python -m deeplimits ARGUMENTS`` in a process of its own."""

    def run_there(*arguments: str, **options: object) -> Outcome:
        done = subprocess.run(  # type: ignore[call-overload]
            [sys.executable, "-m", "deeplimits", *arguments], capture_output=True, text=True, check=False, **options
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run_there
