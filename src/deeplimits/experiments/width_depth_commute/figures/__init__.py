"""The figures of the experiment, one function a panel."""

from __future__ import annotations

from collections.abc import Sequence

from deeplimits.experiments.width_depth_commute.figures.constants import constants
from deeplimits.experiments.width_depth_commute.figures.error import control, error
from deeplimits.experiments.width_depth_commute.figures.gaussianity import gaussianity
from deeplimits.experiments.width_depth_commute.figures.paths import paths
from deeplimits.experiments.width_depth_commute.figures.regression import regression
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

PANELS = (error, control, constants, paths, gaussianity, regression)

__all__ = ["PANELS", "all_figures"]


def all_figures(table: DataFrame) -> Sequence[ExperimentFigure]:
    """Return every figure, not yet drawn."""
    return [panel(table) for panel in PANELS]
