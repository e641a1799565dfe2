"""Kernels: expectations over correlated Gaussians from which limits are built."""

from deeplimits.kernels.angle_recursion import correlation_flow, correlation_gaps
from deeplimits.kernels.gaussian_pair import (
    absolute_product,
    arc_cosine_squares,
    cubed_absolute_product,
    sign_of_square,
    signed_squares,
)
from deeplimits.kernels.geometric_correlation import GeometricCorrelation
from deeplimits.kernels.gram import KernelMatrix, nngp, nngp_and_ntk, nngp_diagonal, ntk, ntk_diagonal
from deeplimits.kernels.lag_sums import lag_sum, lag_sums, triangular_lag_sum, triangular_lag_sums
from deeplimits.kernels.planar_chaos import PlanarChaos, planar_chaos

__all__ = [
    "GeometricCorrelation",
    "KernelMatrix",
    "PlanarChaos",
    "absolute_product",
    "arc_cosine_squares",
    "correlation_flow",
    "correlation_gaps",
    "cubed_absolute_product",
    "lag_sum",
    "lag_sums",
    "nngp",
    "nngp_and_ntk",
    "nngp_diagonal",
    "ntk",
    "ntk_diagonal",
    "planar_chaos",
    "sign_of_square",
    "signed_squares",
    "triangular_lag_sum",
    "triangular_lag_sums",
]
