"""Marion, Fermanian, Biau and Vert 2025: residual networks at initialisation explode, vanish or have a limit."""

from deeplimits.experiments.residual_regimes.experiment import ResidualRegimes

__all__ = ["ResidualRegimes"]
