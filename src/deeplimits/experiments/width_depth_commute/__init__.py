"""Hayou and Yang 2023: with branches of size 1/√depth, width and depth may go to infinity in any order."""

from deeplimits.experiments.width_depth_commute.experiment import WidthDepthCommute

__all__ = ["WidthDepthCommute"]
