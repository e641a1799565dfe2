"""NNGP and NTK of infinitely wide networks."""

from deeplimits.kernels.gram.gram_matrices import nngp, nngp_and_ntk, nngp_diagonal, ntk, ntk_diagonal
from deeplimits.kernels.gram.kernel_matrix import KernelMatrix

__all__ = ["KernelMatrix", "nngp", "nngp_and_ntk", "nngp_diagonal", "ntk", "ntk_diagonal"]
