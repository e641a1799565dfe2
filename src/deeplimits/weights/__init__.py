"""Weights of residual networks as functions of layer and depth: their laws, their scaling, the regime that follows."""

from deeplimits.weights.convolution import convolution_norm, convolution_singular_values
from deeplimits.weights.denoising import (
    DenoisedLoss,
    TrendAndNoise,
    denoising_test,
    rescaled_partial_sums,
    trend_and_noise,
)
from deeplimits.weights.depth_grid import depth_grid
from deeplimits.weights.file import read_weights, write_weights
from deeplimits.weights.layer_norms import LayerNorms
from deeplimits.weights.layer_weights import LayerWeights
from deeplimits.weights.norm_file import holds_norms, read_norms, write_norms
from deeplimits.weights.regularity import holder_exponent, lag_autocorrelation, relative_movement
from deeplimits.weights.scaling.norm_scaling import norm_scaling, norm_statistics
from deeplimits.weights.scaling.path_statistics import detrended, p_variation, path_statistics, scaled_increment
from deeplimits.weights.scaling.power_law import PowerLaw
from deeplimits.weights.scaling.regime import MEANINGS, REGIMES, Evidence, Regime
from deeplimits.weights.scaling.weight_scaling import WeightScaling, weight_scaling

__all__ = [
    "MEANINGS",
    "REGIMES",
    "DenoisedLoss",
    "Evidence",
    "LayerNorms",
    "LayerWeights",
    "PowerLaw",
    "Regime",
    "TrendAndNoise",
    "WeightScaling",
    "convolution_norm",
    "convolution_singular_values",
    "denoising_test",
    "depth_grid",
    "detrended",
    "holder_exponent",
    "holds_norms",
    "lag_autocorrelation",
    "norm_scaling",
    "norm_statistics",
    "p_variation",
    "path_statistics",
    "read_norms",
    "read_weights",
    "relative_movement",
    "rescaled_partial_sums",
    "scaled_increment",
    "trend_and_noise",
    "weight_scaling",
    "write_norms",
    "write_weights",
]
