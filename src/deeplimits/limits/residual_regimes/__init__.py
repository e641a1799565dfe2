"""Residual networks at initialisation: when the branches explode, vanish or matter as the depth goes to infinity."""

from deeplimits.limits.residual_regimes.displacement import log_ratio_law, mean_square_displacement
from deeplimits.limits.residual_regimes.regime import ResidualRegime, critical_exponent, residual_regime

__all__ = [
    "ResidualRegime",
    "critical_exponent",
    "log_ratio_law",
    "mean_square_displacement",
    "residual_regime",
]
