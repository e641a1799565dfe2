"""How far a sweep is: a bar on a terminal, a line now and then elsewhere, JSON events, or nothing; always on stderr."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from deeplimits.sweeps.events import Event, Observer, nobody

SECONDS_BETWEEN_LINES = 15.0


@contextmanager
def show_sweep(*, quiet: bool = False, as_json: bool = False) -> Iterator[Observer]:
    """Yield an observer that shows a sweep on stderr.

    Args:
        quiet: show nothing.
        as_json: one JSON object a line, for programs.
    """
    if quiet:
        yield nobody
    elif as_json:
        yield _json
    elif sys.stderr.isatty():
        with _bar() as observer:
            yield observer
    else:
        yield _lines()


def in_words(event: Event) -> str:
    """Return an event in one line."""
    if event.kind != "progress":
        return event.text
    data = event.data
    words = f"{data['done']:,} of {data['cells']:,} cells, {data['running']} running"
    words += f", {data['failed']} failed" if data["failed"] else ""
    left = data["seconds_left"]
    return words if left is None else f"{words}, about {_duration(left)} left"


def _json(event: Event) -> None:
    content = {"event": event.kind, **({"text": event.text} if event.text else {}), **event.data}
    print(json.dumps(content, allow_nan=False), file=sys.stderr, flush=True)


def _lines() -> Observer:
    last = time.monotonic()

    def observer(event: Event) -> None:
        nonlocal last
        if event.kind == "progress":
            if time.monotonic() - last < SECONDS_BETWEEN_LINES or event.data["done"] == event.data["cells"]:
                return
            last = time.monotonic()
        print(in_words(event), file=sys.stderr, flush=True)

    return observer


@contextmanager
def _bar() -> Iterator[Observer]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)
        started = time.monotonic()

        def observer(event: Event) -> None:
            if event.kind == "progress":
                data = event.data
                rate = data["computed"] / max(time.monotonic() - started, 1e-9)
                text = f"{in_words(event)}, {rate:.3g} cells/s"
                bar.update(task, completed=data["done"], total=data["cells"], description=text)
            else:
                bar.console.print(event.text, markup=False, highlight=False)

        yield observer


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
