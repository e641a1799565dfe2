"""Exit codes, streams and time, where only a process of its own tells."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from deeplimits.cli.main import run
from deeplimits.sampling import SamplingError

Command = Callable[..., Any]
SMALL = ("compare", "resnet", "--width", "8", "--depth", "3", "--networks", "64")


def test_help_is_fast_and_imports_nothing_heavy() -> None:
    code = (
        "import sys; from deeplimits.cli.main import run; run(['--help']);"
        "print(sorted({'jax', 'scipy', 'matplotlib', 'numba'} & set(sys.modules)), file=sys.stderr)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stderr == "[]\n"
    # Processor time, which other processes on the machine do not lengthen.
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "deeplimits", "--help"], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1.5


def test_bad_input_in_a_process(process: Command) -> None:
    outcome = process("predict", "resnet", "--width", "0", "--depth", "1")
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err == "deeplimits: width must be an integer of at least 1, got 0\n"


def test_pipes_carry_no_colour(process: Command) -> None:
    for arguments in (("--help",), ("limits",), ("predict", "resnet", "--width", "8", "--depth", "3")):
        assert "\x1b" not in process(*arguments).out


def test_no_color_is_respected(process: Command) -> None:
    # FORCE_COLOR makes the help believe in a terminal; NO_COLOR has the last word on colours (SGR 3x, 4x, 9x).
    environment = {**os.environ, "FORCE_COLOR": "1", "NO_COLOR": "1"}
    shown = process("--help", env=environment).out
    assert not any(f"\x1b[{code}" in shown for code in ("3", "4", "9"))


def test_a_reader_that_goes_away_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stdout:
        done = subprocess.run(
            [sys.executable, "-m", "deeplimits", "limits"],
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 141
    assert done.stderr == ""


def test_interrupt_says_so_and_writes_nothing(tmp_path: Any) -> None:
    arguments = ("compare", "resnet", "--width", "500", "--depth", "500", "--networks", "10000000", "--figure", "f.svg")
    started = subprocess.Popen(
        [sys.executable, "-m", "deeplimits", *arguments], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(6)
    assert started.poll() is None
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=60)
    assert started.returncode == 130
    assert out == b""
    assert err.decode().splitlines()[-1] == "deeplimits: interrupted; nothing was written"
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "error", [SamplingError("the state\nleft float32"), MemoryError("no room"), OSError("disk full")]
)
def test_what_cannot_be_measured_is_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise error

    monkeypatch.setattr("deeplimits.sampling.sample", fail)
    assert run(list(SMALL)) == 3
    assert capsys.readouterr().err == f"deeplimits: could not be measured: {' '.join(str(error).split())}\n"


def test_networks_that_are_all_dead_are_3(command: Command) -> None:
    # A ReLU MLP of width 1 dies in each layer with probability 1/2: at depth 200 none is left.
    outcome = command("compare", "mlp", "--width", "1", "--depth", "200", "--networks", "64")
    assert outcome.code == 3
    assert outcome.out == ""
    assert "0 of 64" in outcome.err


def test_a_bug_shows_its_traceback_and_is_no_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("deeplimits.sampling.sample", lambda *arguments, **options: {}["lost"])
    assert run(list(SMALL)) == 3
    shown = capsys.readouterr().err
    assert "Traceback" in shown
    assert shown.splitlines()[-1].startswith("deeplimits: could not be measured: this is a bug")


def test_a_long_run_tells_a_log_how_far_it_is(monkeypatch: pytest.MonkeyPatch, command: Command) -> None:
    monkeypatch.setattr("deeplimits.cli.progress.SECONDS_BETWEEN_LINES", 0.0)
    arguments = ("compare", "resnet", "--width", "200", "--depth", "40", "--networks", "20000")
    outcome = command(*arguments)
    assert "of 20,000 networks, about " in outcome.err
    assert "sampled" not in outcome.out
    assert command(*arguments, "--quiet").err == ""


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch, command: Command) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    outcome = command(*SMALL)
    assert "64/64" in outcome.err
    assert "networks" in outcome.err
    assert "\x1b" not in outcome.out
