"""Width and depth to infinity in any order: the covariances of stable residual networks follow a flow."""

from deeplimits.limits.depth_flow.limit import DepthFlow
from deeplimits.limits.depth_flow.path import FlowPath, flow_path
from deeplimits.limits.depth_flow.prediction import DepthFlowPrediction
from deeplimits.limits.depth_flow.rates import FlowRates

__all__ = ["DepthFlow", "DepthFlowPrediction", "FlowPath", "FlowRates", "flow_path"]
