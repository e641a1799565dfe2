"""Weights of residual networks as functions of layer and depth: their laws, their scaling, the regime that follows."""

from deeplimits.weights.denoising import (
    DenoisedLoss,
    TrendAndNoise,
    denoising_test,
    rescaled_partial_sums,
    trend_and_noise,
)
from deeplimits.weights.depth_grid import depth_grid
from deeplimits.weights.file import read_weights, write_weights
from deeplimits.weights.layer_weights import LayerWeights
from deeplimits.weights.scaling.path_statistics import detrended, p_variation, path_statistics, scaled_increment
from deeplimits.weights.scaling.power_law import PowerLaw
from deeplimits.weights.scaling.regime import MEANINGS, REGIMES, Evidence, Regime
from deeplimits.weights.scaling.weight_scaling import WeightScaling, weight_scaling

__all__ = [
    "MEANINGS",
    "REGIMES",
    "DenoisedLoss",
    "Evidence",
    "LayerWeights",
    "PowerLaw",
    "Regime",
    "TrendAndNoise",
    "WeightScaling",
    "denoising_test",
    "depth_grid",
    "detrended",
    "p_variation",
    "path_statistics",
    "read_weights",
    "rescaled_partial_sums",
    "scaled_increment",
    "trend_and_noise",
    "weight_scaling",
    "write_weights",
]
