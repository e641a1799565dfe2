"""The pages: one about a run, one about all runs of a folder, one about two runs side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from deeplimits.files import write_atomically
from deeplimits.reports.content import Run, read_run
from deeplimits.reports.differences import differences
from deeplimits.reports.rendering import render
from deeplimits.sweeps import Experiment, Store

_FIGURE = '<section class="figure"'


def write_report(
    store: Store, experiment: Experiment | None = None, *, note: Callable[[str], None] | None = None
) -> Path:
    """Write ``report.html`` into the store, and the figures and tables as files into ``report/`` beside it.

    Args:
        store: the run; finished or not, nothing is computed.
        experiment: what offers the figures; by default the one that the store names, of this package or of the file
            that it was loaded from.
        note: called with a sentence if the experiment failed to offer its figures; the page holds the rest.

    Returns:
        The path of the page.

    Raises:
        ValueError: the store is damaged, belongs to another experiment, or has a page with figures while the experiment
            that draws them cannot be found.
    """
    path = store.folder / "report.html"
    run = read_run(store, experiment)
    if _would_lose_figures(path, run):
        raise ValueError(
            f"{path} has figures, and the experiment that draws them was not found ({run.unfound}); "
            "name it: --experiment FILE.py:CLASS"
        )
    write_atomically(path, render("run.html", run=run).encode())
    if note is not None and run.failed_figures:
        note(run.note)
    return path


def write_index(folder: Path, stores: Sequence[Store]) -> Path:
    """Write a report of every store and ``index.html``, which leads to them, into ``folder``.

    A report with figures whose experiment cannot be found stays as it is.

    Returns:
        The path of the index.

    Raises:
        ValueError: a store is damaged.
    """
    runs = []
    for i, store in enumerate(stores):
        run = read_run(store, prefix=f"run{i}-")
        page = store.folder / "report.html"
        if not _would_lose_figures(page, run):
            write_atomically(page, render("run.html", run=run).encode())
        runs.append((run, Path(os.path.relpath(page, folder)).as_posix()))
    path = folder / "index.html"
    write_atomically(path, render("index.html", runs=runs).encode())
    return path


def write_comparison(first: Store, second: Store, path: Path, experiment: Experiment | None = None) -> Path:
    """Write a page that shows two runs of one experiment side by side.

    Args:
        first: shown on the left.
        second: shown on the right.
        path: the page.
        experiment: what offers the figures; by default the one that the stores name.

    Raises:
        ValueError: a store is damaged, or they hold different experiments.
    """
    names = [store.description()["experiment"] for store in (first, second)]
    if names[0] != names[1]:
        raise ValueError(
            f"the two runs are of different experiments, {names[0]} and {names[1]}; compare like with like"
        )
    left, right = read_run(first, experiment, "first-"), read_run(second, experiment, "second-")
    page = render(
        "comparison.html", left=left, right=right, figures=_pairs(left, right), differ=differences(left, right)
    )
    write_atomically(path, page.encode())
    return path


def _would_lose_figures(path: Path, run: Run) -> bool:
    return bool(run.unfound) and path.is_file() and _FIGURE in path.read_text(encoding="utf-8")


def _pairs(left: Run, right: Run) -> list[tuple[str, str, str, str]]:
    """Return name, title and the two drawings of every figure of either run; an empty one where a run has none."""
    titles = {drawn.figure.name: drawn.figure.title for drawn in (*left.figures, *right.figures)}
    drawings = [{drawn.figure.name: drawn.svg for drawn in run.figures} for run in (left, right)]
    return [(name, title, drawings[0].get(name, ""), drawings[1].get(name, "")) for name, title in titles.items()]
