"""The figures, one file for each panel."""

from __future__ import annotations

from deeplimits.experiments.log_gaussian.figures.accuracy import accuracy
from deeplimits.experiments.log_gaussian.figures.activity import activity
from deeplimits.experiments.log_gaussian.figures.balanced import balanced
from deeplimits.experiments.log_gaussian.figures.distances import distances
from deeplimits.experiments.log_gaussian.figures.interlayer import interlayer
from deeplimits.experiments.log_gaussian.figures.laws import laws
from deeplimits.experiments.log_gaussian.figures.moments import moments
from deeplimits.experiments.log_gaussian.figures.sensitivity import sensitivity
from deeplimits.experiments.log_gaussian.figures.training import training
from deeplimits.experiments.log_gaussian.figures.two_inputs import two_inputs
from deeplimits.sweeps import ExperimentFigure
from deeplimits.sweeps.table import DataFrame

PANELS = (laws, moments, activity, interlayer, balanced, two_inputs, training, accuracy, sensitivity, distances)


def all_figures(table: DataFrame) -> list[ExperimentFigure]:
    """Return every panel, drawn from ``table`` when it is written."""
    return [panel(table) for panel in PANELS]
