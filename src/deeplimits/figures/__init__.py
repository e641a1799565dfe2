"""Figures: one visual language for the whole project."""

from deeplimits.figures.destination import check_destination, write_figure
from deeplimits.figures.law_figure import draw_laws

__all__ = ["check_destination", "draw_laws", "write_figure"]
