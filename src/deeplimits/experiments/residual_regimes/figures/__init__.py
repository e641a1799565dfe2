"""The figures of the experiment, one function a panel."""

from __future__ import annotations

from collections.abc import Sequence

from deeplimits.experiments.residual_regimes.figures.depth import against_depth, smooth
from deeplimits.experiments.residual_regimes.figures.histogram import histogram
from deeplimits.experiments.residual_regimes.figures.map import heat_map
from deeplimits.experiments.residual_regimes.figures.moments import moments
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

PANELS = (against_depth, moments, histogram, smooth, heat_map)

__all__ = ["PANELS", "all_figures"]


def all_figures(table: DataFrame) -> Sequence[ExperimentFigure]:
    """Return every figure, not yet drawn."""
    return [panel(table) for panel in PANELS]
