"""The differential equation that the weights of one very deep residual network stand for, ordinary or stochastic."""

from deeplimits.limits.weight_flow.ode import LINEAR, TREND, implied_ode
from deeplimits.limits.weight_flow.paths import FlowPath, FlowPaths
from deeplimits.limits.weight_flow.sde import implied_sde

__all__ = ["LINEAR", "TREND", "FlowPath", "FlowPaths", "implied_ode", "implied_sde"]
