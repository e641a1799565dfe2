"""The figures of a run, drawn from its table: for the page, and as files beside it."""

from __future__ import annotations

import textwrap
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from deeplimits.reports.tables import write_tables
from deeplimits.sweeps import Experiment, ExperimentFigure, Store

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Figure
else:
    Figure = object  # named, not imported, for runs without figures

PICTURES = (".pdf", ".png")


@dataclass(frozen=True)
class Drawn:
    """Hold one figure of a run.

    Args:
        figure: what the experiment says of it.
        svg: the drawing, for the page; empty if there is none.
        files: what lies beside the page, relative to it.
        cells: how many cells it is about.
        missing: how many of them are missing.
        problem: why there is no drawing; empty if there is one.
    """

    figure: ExperimentFigure
    svg: str
    files: tuple[Path, ...]
    cells: int
    missing: int
    problem: str = ""

    @property
    def alt(self) -> str:
        """What it shows, in words."""
        return self.figure.alt or f"{self.figure.title}. {self.figure.caption}"


def offered(experiment: Experiment, table: pl.DataFrame) -> tuple[list[ExperimentFigure], str]:
    """Return the figures that ``experiment`` offers of ``table``, and what it raised instead of the others."""
    found: list[ExperimentFigure] = []
    try:
        for figure in experiment.figures(table):
            if not isinstance(figure, ExperimentFigure):
                raise TypeError(f"expected an ExperimentFigure, got {type(figure).__name__}")
            found.append(figure)
    except Exception as error:  # a person's own code that fails must not take the page with it
        where = Path(experiment.loaded_from.rpartition(":")[0]).name or type(experiment).__name__
        return found, f"{where}: figures() raised {traceback.format_exception_only(error)[-1].strip()}"
    return found, ""


def draw_all(store: Store, figures: Sequence[ExperimentFigure], folder: Path, prefix: str = "") -> Iterator[Drawn]:
    """Draw ``figures`` from what ``store`` holds.

    Args:
        store: the run.
        figures: what an experiment offers.
        folder: where PDF, PNG, Parquet and CSV go, inside the store.
        prefix: tells the names inside the drawings from those of another run on the same page.
    """
    finished = store.finished()["cell"]
    for figure in figures:
        cells = figure.data["cell"].unique()
        there = figure.data.filter(pl.col("cell").is_in(finished.implode()))
        files = [path.relative_to(store.folder) for path in write_tables(figure.data, folder, figure.name)]
        missing = len(cells) - there["cell"].n_unique()
        svg, problem = "", "none of its cells is finished" if len(cells) else "no cell of this run belongs to it"
        if len(there):
            svg, problem = _draw(figure, there, folder, prefix)
            files = [*((folder / f"{figure.name}{kind}").relative_to(store.folder) for kind in PICTURES if svg), *files]
        yield Drawn(figure, svg, tuple(files), len(cells), missing, problem)


def _draw(figure: ExperimentFigure, rows: pl.DataFrame, folder: Path, prefix: str) -> tuple[str, str]:
    """Write the pictures; return the drawing for the page, or the last line of what went wrong."""
    from deeplimits.figures import write_figure
    from deeplimits.figures.style import visual_language
    from deeplimits.reports.svg import inline_svg

    try:
        with visual_language():
            drawing = figure.draw(rows)
            if not drawing.get_suptitle():
                _entitle(drawing, figure.title)
        for kind in PICTURES:
            write_figure(drawing, folder / f"{figure.name}{kind}")
        drawing.suptitle("")  # on the page it is a heading
        alt = figure.alt or f"{figure.title}. {figure.caption}"
        return inline_svg(drawing, prefix=prefix + figure.name, alt=alt), ""
    except Exception as error:  # one figure that fails must not take the page with it
        return "", traceback.format_exception_only(error)[-1].strip()


def _entitle(drawing: Figure, title: str) -> None:
    """Write the claim above the drawing, as a file may travel without its page."""
    lines = textwrap.wrap(title, int(11.5 * drawing.get_figwidth()))
    drawing.suptitle("\n".join(lines), x=0.01, ha="left", fontsize=12.5, weight="bold")
