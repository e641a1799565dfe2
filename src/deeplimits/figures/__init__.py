"""Figures: one visual language for the whole project."""

from deeplimits.figures.destination import check_destination, write_figure
from deeplimits.figures.law_figure import draw_laws
from deeplimits.figures.norm_scaling_figure import draw_norm_scaling
from deeplimits.figures.plan_figure import draw_plan
from deeplimits.figures.weight_scaling_figure import draw_weight_scaling

__all__ = ["check_destination", "draw_laws", "draw_norm_scaling", "draw_plan", "draw_weight_scaling", "write_figure"]
