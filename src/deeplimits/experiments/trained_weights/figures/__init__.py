"""The figures of the experiment, one function a panel."""

from __future__ import annotations

from collections.abc import Sequence

from deeplimits.experiments.trained_weights.figures.exponents import exponents
from deeplimits.experiments.trained_weights.figures.layers import along_layers, denoising
from deeplimits.experiments.trained_weights.figures.paths import losses, path_errors
from deeplimits.experiments.trained_weights.figures.sizes import changes, sizes
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

PANELS = (exponents, sizes, changes, path_errors, losses, along_layers, denoising)

__all__ = ["PANELS", "all_figures"]


def all_figures(table: DataFrame) -> Sequence[ExperimentFigure]:
    """Return every figure, not yet drawn."""
    return [panel(table) for panel in PANELS]
