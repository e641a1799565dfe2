"""Limits: theorems that predict the law of a random network, or refuse and say why."""

from deeplimits.limits.catalogue import CATALOGUE, for_architecture, predict
from deeplimits.limits.depth_flow import DepthFlow, DepthFlowPrediction, FlowPath, FlowRates
from deeplimits.limits.exact import Exact
from deeplimits.limits.infinite_width import InfiniteWidth
from deeplimits.limits.laws import (
    AnyLaw,
    Law,
    LawUnavailableError,
    LayeredLaw,
    LayerPairLaw,
    LogChiSquare,
    MomentsOnly,
    Normal,
    NumericalLaw,
    PointMass,
)
from deeplimits.limits.limit import Limit
from deeplimits.limits.log_gaussian import LogGaussian
from deeplimits.limits.prediction import Caution, LawList, Prediction, Refusal, RefusedError
from deeplimits.limits.width_scalings import TrainedExponents, WidthScaling, width_scaling, width_scaling_at

__all__ = [
    "CATALOGUE",
    "AnyLaw",
    "Caution",
    "DepthFlow",
    "DepthFlowPrediction",
    "Exact",
    "FlowPath",
    "FlowRates",
    "InfiniteWidth",
    "Law",
    "LawList",
    "LawUnavailableError",
    "LayerPairLaw",
    "LayeredLaw",
    "Limit",
    "LogChiSquare",
    "LogGaussian",
    "MomentsOnly",
    "Normal",
    "NumericalLaw",
    "PointMass",
    "Prediction",
    "Refusal",
    "RefusedError",
    "TrainedExponents",
    "WidthScaling",
    "for_architecture",
    "predict",
    "width_scaling",
    "width_scaling_at",
]
