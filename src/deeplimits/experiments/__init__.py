"""Experiments: papers, each in its file, and the generic one that a TOML file describes."""

from deeplimits.experiments.network_document import network_sweep
from deeplimits.experiments.network_sweep import NetworkSweep
from deeplimits.experiments.registry import load, names
from deeplimits.experiments.sweep import sweep
from deeplimits.experiments.toml_file import read_sweep

__all__ = ["NetworkSweep", "load", "names", "network_sweep", "read_sweep", "sweep"]
