"""The figures of the experiment, one function a panel."""

from __future__ import annotations

from collections.abc import Sequence

from deeplimits.experiments.mean_field_resnet.figures.bound import bounds
from deeplimits.experiments.mean_field_resnet.figures.forward import forward
from deeplimits.experiments.mean_field_resnet.figures.kernel import kernels
from deeplimits.experiments.mean_field_resnet.figures.training import training
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

PANELS = (forward, kernels, training, bounds)

__all__ = ["PANELS", "all_figures"]


def all_figures(table: DataFrame) -> Sequence[ExperimentFigure]:
    """Return every figure, not yet drawn."""
    return [panel(table) for panel in PANELS]
