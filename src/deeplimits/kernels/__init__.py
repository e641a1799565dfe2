"""Kernels: expectations over correlated Gaussians from which limits are built."""

from deeplimits.kernels.gaussian_pair import absolute_product, arc_cosine_squares, sign_of_square, signed_squares
from deeplimits.kernels.geometric_correlation import GeometricCorrelation
from deeplimits.kernels.lag_sums import lag_sum, triangular_lag_sum

__all__ = [
    "GeometricCorrelation",
    "absolute_product",
    "arc_cosine_squares",
    "lag_sum",
    "sign_of_square",
    "signed_squares",
    "triangular_lag_sum",
]
