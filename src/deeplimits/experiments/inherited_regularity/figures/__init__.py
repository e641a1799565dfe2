"""The figures of the experiment, one function a panel."""

from __future__ import annotations

from collections.abc import Sequence

from deeplimits.experiments.inherited_regularity.figures.map import accuracy_map
from deeplimits.experiments.inherited_regularity.figures.paths import paths
from deeplimits.experiments.inherited_regularity.figures.regularity import regularities
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

PANELS = (paths, regularities, accuracy_map)

__all__ = ["PANELS", "all_figures"]


def all_figures(table: DataFrame) -> Sequence[ExperimentFigure]:
    """Return every figure, not yet drawn."""
    return [panel(table) for panel in PANELS]
