"""The figures of width-scalings, one for each panel of the paper and its supplement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from deeplimits.experiments.width_scalings.figures.losses import against_steps, against_width
from deeplimits.experiments.width_scalings.figures.plane import stability
from deeplimits.experiments.width_scalings.figures.terms import increments, terms
from deeplimits.sweeps import ExperimentFigure

if TYPE_CHECKING:
    from polars import DataFrame as DataFrame
else:
    DataFrame = object  # run-time type checkers cannot check for polars' class, whose repr is not its name

PANELS = (against_width, terms, increments, against_steps, stability)

__all__ = ["PANELS", "all_figures"]


def all_figures(table: DataFrame) -> Sequence[ExperimentFigure]:
    """Return every figure, not yet drawn."""
    return [panel(table) for panel in PANELS]
