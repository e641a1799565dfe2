"""How far a run is: a bar with the remaining time on a terminal, a line now and then elsewhere, always on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SECONDS_BETWEEN_LINES = 15.0


@contextmanager
def show_progress(
    quiet: bool, what: str = "sampling", unit: str = "networks"
) -> Iterator[Callable[[int, int], None] | None]:
    """Yield a function to be called as ``progress(done, total)``, or None where nothing is to be shown."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bar(what, unit) as progress:
            yield progress
    else:
        yield _lines(what, unit)


@contextmanager
def _bar(what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn(unit), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield progress


def _lines(what: str, unit: str) -> Callable[[int, int], None]:
    started = last = time.monotonic()

    def progress(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < SECONDS_BETWEEN_LINES or done == total:
            return
        last = now
        left = (now - started) / done * (total - done)
        print(f"{what}: {done:,} of {total:,} {unit}, about {left:.0f} s left", file=sys.stderr, flush=True)

    return progress
