"""A figure that an experiment offers: what it says, what it is drawn from, and how, without drawing it yet."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from deeplimits.sweeps.table import DataFrame


@dataclass(frozen=True, eq=False)
class ExperimentFigure:
    """Hold one figure of an experiment.

    Args:
        name: lower-case words joined by hyphens; the figure's files are named after it.
        title: the claim that the figure shows, as one sentence.
        caption: how to read it, and its settings.
        data: the rows it is drawn from, with their column ``cell``, missing cells (rows of nulls) among them.
        draw: from the rows of ``data`` whose cells are finished to a ``matplotlib.figure.Figure``; called only when the
            figure is written, within ``figures.visual_language()``, and not at all while no cell is finished.
        claims: names of the experiment's claims that it bears on; their verdicts are shown below it.
        references: keys of ``references.bib``; those of the experiment if empty.
        alt: what it shows, for those who cannot see it; title and caption if empty.

    Raises:
        ValueError: the name cannot be that of a file, or ``data`` has no column ``cell``.
    """

    name: str
    title: str
    caption: str
    data: DataFrame = field(repr=False)
    draw: Callable[[DataFrame], Any] = field(repr=False)
    claims: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    alt: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.name):
            raise ValueError(f"a figure's name is lower-case words joined by hyphens, got {self.name!r}")
        if "cell" not in self.data.columns:
            raise ValueError(f"the data of figure {self.name!r} has no column 'cell', by which finished cells are told")
