"""The figures of width-scalings, one for each panel of the paper and its supplement."""

from __future__ import annotations

from collections.abc import Sequence

from deeplimits.experiments.width_scalings.figures.divergence import divergence
from deeplimits.experiments.width_scalings.figures.losses import against_steps, against_width
from deeplimits.experiments.width_scalings.figures.plane import stability
from deeplimits.experiments.width_scalings.figures.slopes import slopes
from deeplimits.experiments.width_scalings.figures.terms import increments, terms
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

PANELS = (against_width, terms, increments, slopes, against_steps, stability, divergence)

__all__ = ["PANELS", "all_figures"]


def all_figures(table: DataFrame) -> Sequence[ExperimentFigure]:
    """Return every figure, not yet drawn."""
    return [panel(table) for panel in PANELS]
