"""Laws by which the weights of a network's layers are drawn, as processes in the layer's index."""

from deeplimits.weights.laws.fractional import fractional_brownian_path, fractional_gaussian_noise
from deeplimits.weights.laws.layer_laws import draw_layers, fbm, iid, rbf
from deeplimits.weights.laws.planted import planted_rough, planted_smooth, planted_sparse

__all__ = [
    "draw_layers",
    "fbm",
    "fractional_brownian_path",
    "fractional_gaussian_noise",
    "iid",
    "planted_rough",
    "planted_smooth",
    "planted_sparse",
    "rbf",
]
