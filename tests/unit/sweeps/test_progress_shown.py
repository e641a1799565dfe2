import json

import pytest

from deeplimits.sweeps import Event
from deeplimits.sweeps.progress import in_words, show_sweep

PROGRESS = Event(
    "progress", "", {"cells": 1000, "done": 963, "computed": 9, "running": 2, "failed": 1, "seconds_left": 200.0}
)
ENDED = Event("ended", "computed 37, reused 963", {"computed": 37, "reused": 963, "failed": 0})


def test_words() -> None:
    assert in_words(PROGRESS) == "963 of 1,000 cells, 2 running, 1 failed, about 3 min left"
    assert in_words(ENDED) == "computed 37, reused 963"


def test_lines_now_and_then(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    clock = iter([0.0, 1.0, 20.0, 20.0, 21.0, 22.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    with show_sweep() as observer:
        for event in (PROGRESS, PROGRESS, PROGRESS, ENDED):
            observer(event)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [in_words(PROGRESS), in_words(ENDED)]


def test_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    with show_sweep(quiet=True) as observer:
        observer(ENDED)
    assert capsys.readouterr() == ("", "")


def test_json_events(capsys: pytest.CaptureFixture[str]) -> None:
    with show_sweep(as_json=True) as observer:
        observer(PROGRESS)
        observer(ENDED)
    out, err = capsys.readouterr()
    assert out == ""
    first, last = map(json.loads, err.splitlines())
    assert first == {"event": "progress", **PROGRESS.data}
    assert last == {"event": "ended", "text": ENDED.text, **ENDED.data}


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("COLUMNS", "160")
    with show_sweep() as observer:
        observer(PROGRESS)
        observer(Event("failed", "cell [red]x[/red] failed: why", {}))
    out, err = capsys.readouterr()
    assert out == ""
    assert "963 of 1,000 cells" in err
    assert "cells/s" in err
    assert "cell [red]x[/red] failed: why" in err
