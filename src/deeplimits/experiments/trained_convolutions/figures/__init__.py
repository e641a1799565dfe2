"""The figures of trained-convolutions: the paper's two, and how training ended."""

from __future__ import annotations

from collections.abc import Sequence

from deeplimits.experiments.trained_convolutions.figures.norms import norms, sums
from deeplimits.experiments.trained_convolutions.figures.training import training
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

PANELS = (norms, sums, training)

__all__ = ["PANELS", "all_figures"]


def all_figures(table: DataFrame) -> Sequence[ExperimentFigure]:
    """Return every figure, not yet drawn."""
    return [panel(table) for panel in PANELS]
